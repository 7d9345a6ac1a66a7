/** Six pictures that both sides see: started by one, agreed to by the other, answered by each for itself. */
import type { JSX } from 'preact'
import type { ComparisonView, PersonView, RoomClient } from '../client-gate.ts'
import { attempt } from '../problems.ts'
import { pictureName } from '../words/faults.ts'
import { problemWords } from '../words/problems.ts'
import { trustWords } from '../words/trust.ts'
import { comparisonWords, verifyWords } from '../words/verify.ts'

interface Props {
  client: RoomClient
  device: PersonView['device']
  comparison: ComparisonView | undefined
}

export function ComparePictures({ client, device, comparison }: Props): JSX.Element {
  const at = comparison?.state.at
  const doIt = (work: Promise<void>): void => attempt(work, problemWords.noVerify)
  const idle = at === undefined || at === 'over'
  return (
    <section class="verify-part" aria-labelledby="compare-pictures">
      <h3 id="compare-pictures">{verifyWords.pictures}</h3>
      {idle && <p class="panel-help">{verifyWords.picturesHelp}</p>}
      <p class="comparison-state" role="status">
        {comparison && comparisonWords(comparison)}
      </p>
      {comparison?.state.at === 'showing' && (
        <>
          {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets */}
          <ol role="list" class="pictures" aria-label={verifyWords.six}>
            {comparison.state.pictures.map(({ sign, name }, i) => (
              <li key={i}>
                <span class="picture" aria-hidden="true">
                  {sign}
                </span>
                <span>{pictureName(sign, name)}</span>
              </li>
            ))}
          </ol>
          {comparison.theySay === false && (
            <p role="alert" class="field-error">
              {verifyWords.theySayOther(comparison.with.name)}
            </p>
          )}
        </>
      )}
      <div class="actions">
        {idle && (
          <button type="button" class="button primary" onClick={() => doIt(client.compare(device))}>
            {verifyWords.picturesStart}
          </button>
        )}
        {at === 'asked' && (
          <button type="button" class="button primary" onClick={() => doIt(client.agreeToCompare())}>
            {trustWords.agree}
          </button>
        )}
        {at === 'showing' && (
          <>
            <button type="button" class="button primary" onClick={() => doIt(client.answerComparison(true))}>
              {verifyWords.match}
            </button>
            <button type="button" class="button danger" onClick={() => doIt(client.answerComparison(false))}>
              {verifyWords.noMatch}
            </button>
          </>
        )}
        {!idle && at !== 'showing' && (
          <button type="button" class="button" onClick={() => doIt(client.endComparison())}>
            {verifyWords.stop}
          </button>
        )}
      </div>
    </section>
  )
}
