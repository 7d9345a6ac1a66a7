/** What must not be overlooked: changed keys, a split view, somebody who wants to compare. Each says what to do. */
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { attempt } from '../problems.ts'
import { keepsOtherwise } from '../words/keeping.ts'
import type { Namer } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { trustWords } from '../words/trust.ts'
import { Icon } from './icon.tsx'

interface Props {
  client: RoomClient
  snapshot: RoomSnapshot
  nameOf: Namer
  onVerify(device?: PersonView['device']): void
}

export function Alerts({ client, snapshot, nameOf, onVerify }: Props): JSX.Element | null {
  const { people, trust, timeline, agreement } = snapshot
  const [seenSplit, setSeenSplit] = useState<string>()
  const split = timeline.findLast(
    (item) => item.kind === 'system' && item.event.type === 'split-view' && item.key !== seenSplit,
  )
  const blocked = new Set(trust.blockedBy.map(({ device }) => device))
  const changed = people.filter(({ standing, device }) => standing.trust === 'changed' && !blocked.has(device))
  const { comparison } = trust
  const accept = (person: PersonView): void => attempt(client.acceptKeys(person.device), problemWords.noVerify)
  const [seenKeeping, setSeenKeeping] = useState<number>()
  const does = agreement?.keepsOtherwise
  const keeping = does === undefined || does === seenKeeping ? undefined : keepsOtherwise(agreement?.keepSealed, does)
  const any =
    keeping !== undefined ||
    split !== undefined ||
    changed.length + blocked.size > 0 ||
    comparison?.state.at === 'asked'
  if (!any) return null
  return (
    <section class="alerts" aria-label={trustWords.alerts}>
      {split?.kind === 'system' && split.event.type === 'split-view' && (
        <Alert title={trustWords.split(nameOf(split.event.with))} help={trustWords.splitHelp}>
          <button type="button" class="button small" onClick={() => onVerify()}>
            {trustWords.splitCompare}
          </button>
          <button type="button" class="button small" onClick={() => setSeenSplit(split.key)}>
            {trustWords.dismiss}
          </button>
        </Alert>
      )}
      {[...trust.blockedBy, ...changed].map((person) => {
        const blocks = blocked.has(person.device)
        const words = blocks ? trustWords.blocked : trustWords.changed
        return (
          <Alert
            key={person.device}
            title={words(nameOf(person))}
            help={blocks ? trustWords.blockedHelp : trustWords.changedHelp}
          >
            <button type="button" class="button small" onClick={() => onVerify(person.device)}>
              {trustWords.verify}
            </button>
            <button type="button" class="button small" onClick={() => accept(person)}>
              {trustWords.accept}
            </button>
          </Alert>
        )
      })}
      {keeping && (
        <Alert title={keeping.title} help={keeping.help} calm={agreement?.keepSealed !== undefined}>
          <button type="button" class="button small" onClick={() => setSeenKeeping(does)}>
            {trustWords.dismiss}
          </button>
        </Alert>
      )}
      {comparison?.state.at === 'asked' && (
        <Alert title={trustWords.asks(nameOf(comparison.with))} help={trustWords.asksHelp} calm>
          <button
            type="button"
            class="button small"
            onClick={() => {
              attempt(client.agreeToCompare(), problemWords.noVerify)
              onVerify(comparison.with.device)
            }}
          >
            {trustWords.agree}
          </button>
          <button
            type="button"
            class="button small"
            onClick={() => attempt(client.endComparison(), problemWords.noVerify)}
          >
            {trustWords.notNow}
          </button>
        </Alert>
      )}
    </section>
  )
}

interface AlertProps {
  title: string
  help: string
  calm?: boolean
  children: ComponentChildren
}

function Alert({ title, help, calm = false, children }: AlertProps): JSX.Element {
  return (
    <div class={calm ? 'alert calm' : 'alert'}>
      <Icon name={calm ? 'shield' : 'warning'} />
      <div class="alert-words" role="alert">
        <strong>{title}</strong> <span>{help}</span>
      </div>
      <div class="actions">{children}</div>
    </div>
  )
}
