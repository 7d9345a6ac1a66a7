/** Draws the snapshot from what the room knows. Pure: the same knowledge gives the same picture. */
import type { DeviceId } from '@qsec/protocol'
import type { SaidState } from '../conversations/conversations.ts'
import { type Group, type GroupMember, mayPutOut, roleOf } from '../crypto/index.ts'
import type { MessageRef } from '../messages/content.ts'
import type { labelOf } from '../quantum/label.ts'
import type { Quantum } from '../quantum/quantum.ts'
import {
  type LinkView,
  type MessageState,
  type PersonView,
  type QuantumView,
  type SystemEvent,
  silentAfterDays,
  type TimelineItem,
} from '../snapshot.ts'
import type { OutboxRow } from '../sync/outbox.ts'
import { hasReceived, type Known, personView } from './people.ts'
import { privateChange, privateView, saidView } from './said-view.ts'
import { changesOf, type Item, type MessageItem, refKey } from './timeline.ts'
import type { Trust } from './trust.ts'

export interface ViewInput {
  self: DeviceId
  /** Fingerprint of this person's keys; empty where it is not known. */
  selfPerson: string
  selfName: string
  group: Group | undefined
  people: ReadonlyMap<DeviceId, Known>
  present: ReadonlySet<DeviceId>
  connected: boolean
  /** The outbox, by id. */
  rows: ReadonlyMap<string, OutboxRow>
  /** Own messages that wait for quantum keys, and whether the room's rule holds back what is unsealed. */
  held: ReadonlySet<string>
  holding: boolean
  /** What this device's clock will say when a message goes, and which have gone. */
  wallOf(goesMs: number): number
  isGone(ref: MessageRef): boolean
  /** How far own words for one person have come; undefined: there is no trace of them any more. */
  saidTo(person: string, id: string): SaidState | undefined
  /** The room has ended: nothing of it leaves any more. */
  ended: boolean
  /** Views drawn before, which stay the same objects while nothing in them changes. */
  persons: Map<DeviceId, PersonView>
  nowMs: number
  trust: Pick<Trust, 'personOf' | 'standingOf'>
}

export function viewOf(input: ViewInput, device: DeviceId): PersonView {
  const self = device === input.self
  const name = self ? input.selfName : (input.people.get(device)?.claim?.name ?? '')
  const present = self ? input.connected : input.present.has(device)
  const state = {
    name,
    self,
    present,
    person: input.trust.personOf(device),
    standing: input.trust.standingOf(device),
    ...officeOf(input, device, present || self),
  }
  const before = input.persons.get(device)
  if (before && sameState(before, state)) return before
  const view = personView(device, state)
  input.persons.set(device, view)
  return view
}

function sameState(before: PersonView, state: Omit<PersonView, 'device' | 'shortId' | 'hue'>): boolean {
  return (['name', 'present', 'person', 'standing', 'role', 'silentDays', 'mayPutOut'] as const).every(
    (key) => before[key] === state[key],
  )
}

const dayMs = 86_400_000

/** What the room's agreement and its silence say about a member. */
function officeOf(
  { group, self, people, nowMs }: ViewInput,
  device: DeviceId,
  here: boolean,
): Pick<PersonView, 'role' | 'mayPutOut' | 'silentDays'> {
  const members = group && membersByDevice(group)
  const member = members?.get(device)
  const own = members?.get(self)
  if (!group?.settings || !member || !own) return { role: 'member', mayPutOut: false }
  const mine = member.person === own.person
  const heardMs = people.get(device)?.heardMs
  const days = here || heardMs === undefined ? 0 : Math.floor((nowMs - heardMs) / dayMs)
  return {
    role: roleOf(group, member.person),
    mayPutOut: !mine && mayPutOut(group, own.person, member.person),
    ...(days >= silentAfterDays ? { silentDays: days } : {}),
  }
}

// The list is one object for the whole of an epoch. Each picture asks for every member, and a room has hundreds.
const byDevice = new WeakMap<Group['members'], ReadonlyMap<DeviceId, GroupMember>>()

function membersByDevice({ members }: Group): ReadonlyMap<DeviceId, GroupMember> {
  const known = byDevice.get(members)
  if (known) return known
  const made = new Map(members.map((member) => [member.device, member]))
  byDevice.set(members, made)
  return made
}

/** Members of the tree, this device first, then by name. */
export function peopleOf(input: ViewInput, leaving: ReadonlySet<DeviceId>): PersonView[] {
  const devices = input.group?.members.map(({ device }) => device) ?? []
  const others = devices
    .filter((device) => device !== input.self && !leaving.has(device))
    .map((device) => viewOf(input, device))
    .sort((a, b) => a.name.localeCompare(b.name) || a.device.localeCompare(b.device))
  return [viewOf(input, input.self), ...others]
}

/** Puts people in the place of fingerprints. */
export function eventView(input: ViewInput, event: SystemEvent<DeviceId>): SystemEvent {
  const one = (device: DeviceId): PersonView => viewOf(input, device)
  switch (event.type) {
    case 'created':
    case 'keys-refreshed':
    case 'eavesdropper-switched':
    case 'room-locked':
    case 'admit-by-set':
    case 'capacity-set':
    case 'quantum-policy-set':
    case 'keep-sealed-set':
    case 'lifetime-set':
    case 'title-set':
    case 'log-deleted':
    case 'room-ended':
    case 'successor':
      return { ...event, by: one(event.by) }
    case 'earlier-given':
      return { ...event, by: one(event.by), to: one(event.to) }
    case 'admin-set':
    case 'owner-set':
    case 'device-added':
    case 'device-removed':
      return { ...event, person: one(event.person), by: one(event.by) }
    case 'joined':
    case 'let-in':
    case 'removed':
      return { ...event, people: event.people.map(one), by: one(event.by) }
    case 'left':
    case 'keys-changed':
    case 'compared':
      return { ...event, person: one(event.person) }
    case 'rejoined':
      return { ...event, people: event.people.map(one) }
    case 'caught-up':
      return { ...event, from: event.from.map(one) }
    case 'eavesdropper-detected':
      return { ...event, link: event.link.map(one) }
    case 'unreadable': {
      const { from, ...rest } = event
      return from ? { ...rest, from: one(from) } : rest
    }
    case 'gone-unseen':
      return { ...event, from: one(event.from) }
    case 'split-view':
      return { ...event, with: one(event.with) }
    case 'you-joined':
    case 'gap':
    case 'relay-restarted':
    case 'relay-restored':
    case 'relay-restarting':
      return event
  }
}

/** @param quoted - the message that it quotes, where this device has it */
export function itemView(input: ViewInput, item: Item, quoted: MessageItem | undefined): TimelineItem {
  if (item.type === 'system') {
    return { kind: 'system', key: `s${item.order}`, atMs: item.atMs, event: eventView(input, item.event) }
  }
  return {
    kind: 'message',
    key: refKey(item),
    author: viewOf(input, item.device),
    text: item.text,
    atMs: item.atMs,
    ...(item.doubtful ? { doubtfulTime: true as const } : {}),
    ...saidView(input, item, quoted),
    ...changeOf(input, item),
    ...(item.privately ? privateView(input, item, item.privately) : deliveryOf(input, item)),
  }
}

function deliveryOf(
  input: ViewInput,
  item: MessageItem,
): { state: MessageState; deliveredTo: number; meantFor: number; problem?: string } {
  if (item.device !== input.self) return { state: 'received', deliveredTo: 0, meantFor: 0 }
  const { seq } = item
  if (seq === undefined) {
    const row = input.rows.get(item.id)
    const waits = input.held.has(item.id) || (input.holding && row?.sealed === undefined && row !== undefined)
    if (waits && !row?.refused) return { state: 'held', deliveredTo: 0, meantFor: 0 }
    if (row && !row.refused) return { state: 'sending', deliveredTo: 0, meantFor: 0 }
    return { state: 'not-sent', deliveredTo: 0, meantFor: 0, problem: row?.refused ?? 'lost' }
  }
  let meantFor = 0
  let deliveredTo = 0
  for (const { device } of input.group?.members ?? []) {
    const known = input.people.get(device)
    if (device === input.self || !known || known.sinceSeq >= seq) continue
    if (viewOf(input, device).silentDays !== undefined && !hasReceived(known, seq)) continue
    meantFor++
    if (hasReceived(known, seq)) deliveredTo++
  }
  const state = meantFor > 0 && deliveredTo === meantFor ? 'delivered' : 'sent'
  return { state, deliveredTo, meantFor }
}

/** How far the newest change of a message is that this device has made: in the outbox, or refused. */
function changeOf(input: ViewInput, item: MessageItem): { change?: 'sending' | 'not-sent'; problem?: string } {
  if (item.privately) return privateChange(input, item, item.privately)
  const { rows } = input
  const own = changesOf(item).flatMap((id) => rows.get(id) ?? [])
  const refused = own.find((row) => row.refused)?.refused
  if (refused) return { change: 'not-sent', problem: refused }
  return own.some((row) => !row.ordered) ? { change: 'sending' } : {}
}

/** Error ratio above which no key is made, where no run has said another. */
const defaultThreshold = 0.11

export function quantumView(
  input: ViewInput,
  label: ReturnType<typeof labelOf>,
  quantum: Quantum,
  eavesdropper: { on: boolean; by?: DeviceId },
  outcome: QuantumView['outcome'],
): QuantumView {
  const links = quantum.links.map(({ ends, state, stage, progress, report, place }): LinkView => {
    const peer = ends.find((device) => device !== input.self)!
    const ours = ends.includes(input.self)
    return {
      ends: [viewOf(input, ends[0]), viewOf(input, ends[1])],
      state,
      ...(stage === undefined ? {} : { stage }),
      ...(progress === undefined ? {} : { progress }),
      ...(report?.qber === undefined ? {} : { qber: report.qber }),
      ...(report?.qberInterval === undefined ? {} : { qberInterval: report.qberInterval }),
      ...(report?.reason === undefined ? {} : { reason: report.reason }),
      stages: report?.stages ?? [],
      ...(place === undefined ? {} : { place }),
      keyBits: ours ? quantum.keyBits(peer) : (report?.keyBits ?? 0),
    }
  })
  return {
    label: label.label,
    linksCovered: label.covered,
    linksInAll: label.inAll,
    links,
    threshold: quantum.links.find(({ report }) => report)?.report?.threshold ?? defaultThreshold,
    eavesdropper: eavesdropper.by
      ? { on: eavesdropper.on, by: viewOf(input, eavesdropper.by) }
      : { on: eavesdropper.on },
    running: quantum.running,
    ...(outcome === undefined ? {} : { outcome }),
  }
}
