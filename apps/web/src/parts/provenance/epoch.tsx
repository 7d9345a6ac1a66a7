/** One epoch of the key history. */
import type { ComponentChildren, JSX } from 'preact'
import type { EpochView } from '../../client-gate.ts'
import type { Namer } from '../../words/people.ts'
import {
  epochLinkWords,
  provenanceWords,
  reachWords,
  renewedWords,
  sourceWords,
  whyWords,
} from '../../words/provenance.ts'
import { labelNames } from '../../words/quantum.ts'
import { dayName, fullTime, isoTime, preciseTime } from '../../words/time.ts'

export function Epoch({ epoch, nameOf }: { epoch: EpochView; nameOf: Namer }): JSX.Element {
  const { quantum } = epoch
  const renewed = renewedWords(epoch, nameOf)
  const reach = reachWords(epoch)
  return (
    <li>
      <h3>
        {provenanceWords.epoch(epoch.epoch)} <span class="chip">{labelNames[epoch.label]}</span>
        {epoch.present && <span class="tag">{provenanceWords.present}</span>}
      </h3>
      <p class="panel-help">
        <time dateTime={isoTime(epoch.atMs)} title={fullTime(epoch.atMs)}>
          {dayName(epoch.atMs, Date.now())}, {preciseTime(epoch.atMs)}
        </time>
      </p>
      <p>{whyWords(epoch, nameOf)}</p>
      {epoch.eavesdropper && <p class="epoch-warning">{provenanceWords.eavesdropper}</p>}
      <dl>
        <Fact name={provenanceWords.x25519}>{renewed}</Fact>
        <Fact name={provenanceWords.mlKem}>{renewed}</Fact>
        <Fact name={provenanceWords.quantum}>
          {sourceWords(epoch, nameOf)}
          {quantum && <code>{provenanceWords.keyId(quantum.keyId)}</code>}
        </Fact>
        {reach !== undefined && (
          <Fact name={provenanceWords.reach}>
            {reach}
            {quantum && (
              <ul>
                {quantum.links.map((link) => (
                  <li key={link.with.device}>{epochLinkWords(link, nameOf)}</li>
                ))}
              </ul>
            )}
          </Fact>
        )}
        {epoch.linkKey && <Fact name={provenanceWords.link}>{provenanceWords.linkMixed}</Fact>}
      </dl>
    </li>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
