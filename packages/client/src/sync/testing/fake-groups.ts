/**
 * Groups without keys, for simulations: an epoch with a "secret" that members share, members, and per sender a
 * generation that refuses replays and skipping back, as MLS does. A frame is JSON.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@qsec/protocol'
import type { GroupDecoder, Received, SessionOps, StreamFrame } from '../session.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface FakeGroup {
  /** Differs for each epoch and each way that led to it. */
  secret: string
  epoch: number
  self: string
  members: readonly string[]
  /** The next generation of this device. */
  generation: number
  /** By sender: the lowest generation that still opens. */
  opens: Readonly<Record<string, number>>
  /** A commit has taken this device out. */
  over?: true
  erased?: true
}

export interface FakeApplication {
  sender: string
  content: Bytes
}

export interface FakeChange {
  sender: string
  rejoined: readonly string[]
}

export interface FakeAppFrame {
  type: 'application'
  secret: string
  by: string
  generation: number
  content: string
}
export interface FakeCommitFrame {
  type: 'commit'
  secret: string
  by: string
  /** What the next epoch's secret is made from. */
  nonce: string
  rejoined: string[]
  /** Members that find it invalid. */
  refusedBy: string[]
  /** Something that has to be fetched before the commit can be judged. */
  needs?: string
}
export type FakeFrame = FakeAppFrame | FakeCommitFrame

export const hash = (bytes: Uint8Array): Bytes => sha256(bytes) as Bytes

export function foundGroup(secret: string, self: string, members: readonly string[], epoch = 1): FakeGroup {
  return { secret, epoch, self, members, generation: 0, opens: {} }
}

export function parseFrame(ct: Uint8Array): FakeFrame | undefined {
  try {
    return JSON.parse(fromUtf8(ct) ?? '') as FakeFrame
  } catch {
    return undefined // not a frame of ours
  }
}

/** A commit of `group`, and the group that it leads to. */
export function commitOf(
  group: FakeGroup,
  parts: { nonce: string; rejoined?: string[]; refusedBy?: string[]; needs?: string },
): { frame: Bytes; next: FakeGroup } {
  alive(group)
  const { rejoined = [], refusedBy = [], ...rest } = parts
  const commit: FakeCommitFrame = { type: 'commit', secret: group.secret, by: group.self, rejoined, refusedBy, ...rest }
  return { frame: utf8(JSON.stringify(commit)), next: after(group, commit) }
}

/** The group in which a device that is added again by `next` begins. */
export function welcomed(next: FakeGroup, self: string): FakeGroup {
  return foundGroup(next.secret, self, next.members, next.epoch)
}

/** What is written of a group with each change; `hears` is the hash of what it has opened, which is a part. */
export interface FakeHead extends Omit<FakeGroup, 'members' | 'opens'> {
  hears: string
}

export function decodeFakeHead(bytes: Uint8Array): FakeHead | undefined {
  const text = fromUtf8(bytes)
  return text ? (JSON.parse(text) as FakeHead) : undefined
}

export const decodeFakeGroup: GroupDecoder<FakeGroup> = async (bytes, partsOf) => {
  const head = decodeFakeHead(bytes)
  if (!head) return undefined
  const { hears, ...rest } = head
  const parts = await partsOf(head.secret)
  const textOf = (key: string) => fromUtf8(parts.find((part) => part.key === key)?.value ?? new Uint8Array()) ?? ''
  const [epoch, opens] = [textOf('epoch'), textOf('opens')]
  if (parts.length !== 2 || epoch === '' || toBase64Url(hash(utf8(opens))) !== hears) return undefined
  const { secret, members } = JSON.parse(epoch) as Pick<FakeGroup, 'secret' | 'members'>
  return secret === head.secret ? { ...rest, members, opens: JSON.parse(opens) as FakeGroup['opens'] } : undefined
}

/** `has`: whether this device has what a commit needs by now. */
export function fakeOps(has: (what: string) => boolean): SessionOps<FakeGroup, FakeApplication, FakeChange> {
  return {
    epoch: (group) => group.epoch,
    alone: (group) => group.members.length === 1,
    isOver: (group) => group.over === true,
    async seal(group, content) {
      alive(group)
      const { secret, self, generation } = group
      const frame: FakeAppFrame = {
        type: 'application',
        secret,
        by: self,
        generation,
        content: toBase64Url(content),
      }
      return { frame: utf8(JSON.stringify(frame)), group: { ...group, generation: generation + 1 } }
    },
    async receive(group, frame) {
      alive(group)
      return open(group, frame, has)
    },
    encode(group, stored) {
      alive(group)
      const { members, opens, ...rest } = group
      const heard = utf8(JSON.stringify(opens))
      const epoch = { key: 'epoch', value: utf8(JSON.stringify({ secret: group.secret, members })) }
      const parts = stored ? [] : [epoch]
      if (stored?.opens !== opens) parts.push({ key: 'opens', value: heard })
      return { head: utf8(JSON.stringify({ ...rest, hears: toBase64Url(hash(heard)) })), parts }
    },
    partsName: (group) => group.secret,
    erase(group, survivor) {
      if (group !== survivor) group.erased = true
    },
    transcriptStart: (group) => utf8(`start ${group.secret}`),
    hash,
  }
}

function open(
  group: FakeGroup,
  { ct }: StreamFrame,
  has: (what: string) => boolean,
): Received<FakeGroup, FakeApplication, FakeChange> {
  const frame = parseFrame(ct)
  if (!frame) return { kind: 'refused', reason: 'bad-frame' }
  if (frame.secret !== group.secret) return { kind: 'refused', reason: 'undecryptable' }
  if (frame.by === group.self) return { kind: 'refused', reason: 'own-frame' }
  if (!group.members.includes(frame.by)) return { kind: 'refused', reason: 'unknown-sender' }
  if (frame.type === 'commit') {
    if (frame.refusedBy.includes(group.self)) return { kind: 'refused', reason: 'bad-path' }
    if (frame.needs !== undefined && !has(frame.needs)) {
      return { kind: 'missing', what: { type: 'psk', id: frame.needs } }
    }
    const change = { sender: frame.by, rejoined: frame.rejoined }
    return { kind: 'commit', group: after(group, frame), change }
  }
  const due = group.opens[frame.by] ?? 0
  if (frame.generation < due) return { kind: 'refused', reason: 'replayed' }
  if (frame.generation > due + 200) return { kind: 'refused', reason: 'generation-too-far' }
  const opens = { ...group.opens, [frame.by]: frame.generation + 1 }
  const content = fromBase64Url(frame.content)!
  return { kind: 'application', group: { ...group, opens }, application: { sender: frame.by, content } }
}

function after(group: FakeGroup, commit: FakeCommitFrame): FakeGroup {
  const secret = toBase64Url(hash(utf8(`${group.secret} ${commit.by} ${commit.nonce}`))).slice(0, 12)
  const { self, members } = group
  const over = commit.rejoined.includes(self) ? ({ over: true } as const) : {}
  return { secret, epoch: group.epoch + 1, self, members, generation: 0, opens: {}, ...over }
}

function alive(group: FakeGroup): void {
  if (group.erased) throw new Error('fake group: used after it was erased')
}
