/** Of a message as screens draw it: what it quotes, whom it mentions, how people react, and what its author may do. */
import type { DeviceId } from '@qsec/protocol'
import { fileView } from '../files/view.ts'
import type { Reaction } from '../messages/amend.ts'
import type { MessageRef } from '../messages/content.ts'
import type { LifetimeView, MessageView, PersonView, QuoteView, ReactionView } from '../snapshot.ts'
import { changesOf, type MessageItem, type Privately, refKey } from './timeline.ts'
import type { Lifetime } from './vanishing.ts'
import { type ViewInput, viewOf } from './view.ts'

/** Of a quoted text, so much is drawn. */
const quotedCharacters = 300

export function saidView(
  input: ViewInput,
  item: MessageItem,
  quoted: MessageItem | undefined,
): Pick<
  MessageView,
  'reply' | 'lifetime' | 'files' | 'mentions' | 'mentionsYou' | 'editedMs' | 'deleted' | 'reactions' | 'own'
> {
  const { device, person, replyTo, lifetime, mentions = [], files = [], edited, deleted, reactions = [] } = item
  const own = device === input.self || (person !== '' && person === input.selfPerson)
  const signs = reactionViews(input, reactions)
  const people = mentions.flatMap((one) => deviceOf(input, one) ?? []).map((one) => viewOf(input, one))
  return {
    own,
    ...(replyTo ? { reply: quoteView(input, replyTo, quoted) } : {}),
    ...(lifetime ? { lifetime: lifetimeView(input, lifetime) } : {}),
    ...(files.length > 0 ? { files: files.map(fileView) } : {}),
    ...(people.length > 0 ? { mentions: people } : {}),
    ...(input.selfPerson !== '' && mentions.includes(input.selfPerson) ? { mentionsYou: true as const } : {}),
    ...(edited ? { editedMs: edited.atMs } : {}),
    ...(deleted ? { deleted: true as const } : {}),
    ...(signs.length > 0 ? { reactions: signs } : {}),
  }
}

/** Words for one person: `delivered` once a device of that person has them. */
export function privateView(
  input: ViewInput,
  { device, id }: MessageItem,
  { person, device: other, outcome }: Privately,
): Pick<MessageView, 'privately' | 'state' | 'deliveredTo' | 'meantFor' | 'problem'> {
  const view = { privately: viewOf(input, other), deliveredTo: 0, meantFor: 0 }
  if (device !== input.self) return { ...view, state: 'received' }
  const come = outcome ?? (input.ended ? 'not-delivered' : (input.saidTo(person, id) ?? 'sent'))
  if (come !== 'not-delivered') return { ...view, state: come }
  return { ...view, state: 'not-sent', problem: isHere(input, person) ? 'not-delivered' : 'person-gone' }
}

/** How far the newest change of it has come that this device has made. */
export function privateChange(
  input: ViewInput,
  item: MessageItem,
  { person, stale }: Privately,
): { change?: 'sending' | 'not-sent'; problem?: string } {
  const states = changesOf(item).map((id) => input.saidTo(person, id))
  const waits = states.includes('sending')
  if (!stale && !states.includes('not-delivered') && !(waits && input.ended)) return waits ? { change: 'sending' } : {}
  return { change: 'not-sent', problem: isHere(input, person) ? 'not-delivered' : 'person-gone' }
}

function isHere({ group }: ViewInput, person: string): boolean {
  return group?.members.some((member) => member.person === person) ?? false
}

function lifetimeView(input: ViewInput, { seconds, goesMs }: Lifetime): LifetimeView {
  return { seconds, ...(goesMs === undefined ? {} : { goesMs: input.wallOf(goesMs) }) }
}

function quoteView(input: ViewInput, ref: MessageRef, quoted: MessageItem | undefined): QuoteView {
  const key = refKey(ref)
  if (!quoted) return { key, ...(input.isGone(ref) ? { gone: true as const } : {}) }
  const { device, text, files = [], deleted } = quoted
  return {
    key,
    message: {
      author: viewOf(input, device),
      text: text.slice(0, quotedCharacters),
      ...(files.length > 0 ? { files: files.map(fileView) } : {}),
      ...(deleted ? { deleted: true as const } : {}),
    },
  }
}

function reactionViews(input: ViewInput, reactions: readonly Reaction[]): ReactionView[] {
  const bySign = new Map<string, { people: PersonView[]; own: boolean }>()
  for (const { person, device, signs } of reactions) {
    const own = person === input.selfPerson
    for (const sign of signs) {
      const one = bySign.get(sign) ?? { people: [], own: false }
      one.people.push(viewOf(input, own ? input.self : device))
      one.own ||= own
      bySign.set(sign, one)
    }
  }
  return [...bySign].map(([sign, one]) => ({ sign, ...one }))
}

/** A device of that person: one that is in the room, or one that was. */
function deviceOf({ self, selfPerson, group, people, trust }: ViewInput, person: string): DeviceId | undefined {
  if (person === selfPerson) return self
  const member = group?.members.find((one) => one.person === person)
  if (member) return member.device
  return [...people.keys()].find((device) => trust.personOf(device) === person)
}
