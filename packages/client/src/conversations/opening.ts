/**
 * Beginning a conversation: with KeyPackages that the devices of both keep published, so that nobody else need be there.
 * The commit is stored before it is sent, and a retry repeats its bytes.
 */
import {
  type CommitEvent,
  fromBase64Url,
  limits,
  type MessageId,
  type Ordered,
  type PairId,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import * as v from 'valibot'
import {
  commit,
  createConversationGroup,
  type DeviceIdentity,
  decodeGroup,
  encodeGroup,
  type Group,
  type GroupMember,
} from '../crypto/index.ts'
import { parseStored } from '../room/device-store.ts'
import type { ConversationHost } from './host.ts'
import { takeKeyPackages } from './taking.ts'

const stored = v.object({
  pair: v.string(),
  group: v.string(),
  event: v.looseObject({}),
})

interface Prepared {
  id: PairId
  group: Group
  event: CommitEvent
}

export type Opened =
  | { type: 'opened'; id: PairId; group: Group; at: Ordered }
  /** The two have one already, begun by another device. */
  | { type: 'exists'; id: PairId }
  /** Not now: nobody to reach, no connection, or the relay had no word for it. */
  | { type: 'later' }

/** Begins a conversation with `person`. `replaces`: the one that the relay has and this device cannot follow. */
export async function openConversation(
  host: ConversationHost,
  person: string,
  replaces: PairId | undefined,
): Promise<Opened> {
  const prepared = (await storedOpening(host, person)) ?? (await prepare(host, person))
  if (!prepared) return { type: 'later' }
  const { id, group, event } = prepared
  // One that lost the race serves to replace the winner, where that has to be.
  const open = { ...event.open!, ...(replaces ? { replaces } : {}) }
  const answer = await host.transport.request('commit', { ...event, open })
  if (answer?.ok) return { type: 'opened', id, group, at: { inc: answer.inc, seq: answer.seq } }
  if (!answer || ['unavailable', 'internal', 'rate-limited', 'not-logged-in'].includes(answer.code)) {
    return { type: 'later' }
  }
  if (answer.code === 'exists' && answer.pair) return { type: 'exists', id: answer.pair }
  await host.run(() => host.store([{ type: 'delete', key: openingKey(host, person) }]))
  return { type: 'later' }
}

export function openingKey(host: ConversationHost, person: string): string {
  return host.key('conversation-opening', person)
}

async function storedOpening(host: ConversationHost, person: string): Promise<Prepared | undefined> {
  const read = parseStored(stored, await host.storage.get(openingKey(host, person)))
  const group = read && decodeGroup(fromBase64Url(read.group) ?? new Uint8Array())
  if (!read || !group) return undefined
  return { id: read.pair as PairId, group, event: read.event as unknown as CommitEvent }
}

/** Who comes in with the first commit: as many as a conversation holds, those of `person` first. */
export function firstDevices(
  members: readonly GroupMember[],
  self: Pick<DeviceIdentity, 'device' | 'person'>,
  person: string,
): GroupMember[] {
  const theirs = members.filter((member) => member.person === person)
  const own = members.filter((member) => member.person === self.person && member.device !== self.device)
  return [...theirs, ...own].slice(0, limits.devicesPerConversation - 1)
}

async function prepare(host: ConversationHost, person: string): Promise<Prepared | undefined> {
  const { identity, clock, random, bundles } = host
  const wanted = firstDevices(host.members() ?? [], identity, person)
  const taken = await takeKeyPackages(host, wanted)
  if (!wanted.some((member) => member.person === person && taken.has(member.device))) return undefined
  const nowMs = clock.nowMs()
  const empty = await createConversationGroup(identity, { with: person, nowMs, random })
  const made = await commit(empty, { add: [...taken.values()] }, { bundles: bundles.source, nowMs })
  if (!made.ok || !made.welcome) return undefined
  const devices = [...taken.keys()]
  const id = toBase64Url(empty.groupId) as string as PairId
  const event: CommitEvent = {
    room: identity.room,
    pair: id,
    open: { devices },
    id: toBase64Url(random(16)) as string as MessageId,
    epoch: 0,
    ct: toBase64Url(made.frame),
    welcomes: [{ to: devices, ct: toBase64Url(made.welcome) }],
    bundles: [],
    removed: [],
  }
  const group = toBase64Url(encodeGroup(made.next))
  const value = utf8(JSON.stringify({ pair: id, group, event }))
  await host.run(() => host.store([{ type: 'put', key: openingKey(host, person), value }]))
  return { id, group: made.next, event }
}
