/**
 * Groups without keys, for simulations: an epoch with a "secret" that members share, members, and per sender a
 * generation that refuses replays and skipping back, as MLS does. A frame is JSON.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@qsec/protocol'
import type { GroupDecoder, Received, SessionOps, StreamFrame } from '../session.ts'
import type { SimApplication, SimChange, SimGroups, Told } from './sim-groups.ts'

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

export type FakeApplication = SimApplication
export type FakeChange = SimChange

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
  removed: readonly string[]
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

/** Undefined: it is not as it was sealed. */
export function parseFrame(ct: Uint8Array): FakeFrame | undefined {
  const text = fromUtf8(ct) ?? ''
  const body = text.slice(tagChars)
  return text.slice(0, tagChars) === tagOf(body) ? (JSON.parse(body) as FakeFrame) : undefined
}

function sealFrame(frame: FakeFrame): Bytes {
  const body = JSON.stringify(frame)
  return utf8(tagOf(body) + body)
}

const tagChars = 8

/** Stands for authentication: FNV-1a, which chance does not hit and anybody could. */
function tagOf(text: string): string {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return (sum >>> 0).toString(16).padStart(tagChars, '0')
}

/** A commit of `group`, and the group that it leads to. */
export function commitOf(
  group: FakeGroup,
  parts: { nonce: string; rejoined?: string[]; removed?: readonly string[]; refusedBy?: string[]; needs?: string },
): { frame: Bytes; next: FakeGroup } {
  alive(group)
  const { rejoined = [], removed = [], refusedBy = [], ...rest } = parts
  const { secret, self } = group
  const commit: FakeCommitFrame = { type: 'commit', secret, by: self, rejoined, removed, refusedBy, ...rest }
  return { frame: sealFrame(commit), next: after(group, commit) }
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
      return { frame: sealFrame(frame), group: { ...group, generation: generation + 1 } }
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
      return { kind: 'missing', what: { type: 'psk', id: frame.needs, from: frame.by } }
    }
    const change = { sender: frame.by, rejoined: frame.rejoined, removed: frame.removed }
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
  const { self } = group
  if (commit.removed.includes(self)) return { ...group, over: true } // what follows it never learns
  const members = group.members.filter((member) => !commit.removed.includes(member))
  const over = commit.rejoined.includes(self) ? ({ over: true } as const) : {}
  return { secret, epoch: group.epoch + 1, self, members, generation: 0, opens: {}, ...over }
}

function alive(group: FakeGroup): void {
  if (group.erased) throw new Error('fake group: used after it was erased')
}

/** Groups without keys, for a simulation: fast, and the same bytes for the same seed. */
export function fakeGroups(): SimGroups<FakeGroup> {
  const known = new Map<string, Told | undefined>()
  return {
    ops: (_name, has) => ({ ...fakeOps(has), hash: quickHash }),
    found: async (names) => new Map(names.map((name) => [name, foundGroup('first', name, names)])),
    decode: decodeFakeGroup,
    sealsAt: ({ secret, generation }) => ({ secret, generation }),
    secretOf: ({ secret }) => secret,
    secretsOf: ({ secret }) => [utf8(secret)],
    async opens(group, ct) {
      const told = toldOf(ct)
      return told !== undefined && told.secret === group.secret && !group.over
    },
    told(ct) {
      if (!known.has(ct)) known.set(ct, toldOf(ct))
      return known.get(ct)
    },
    spell: (frame) => fromUtf8(frame)!,
    read: utf8,
    async commit(group, { nonce, rejoins = [], removes = [], refusedBy = [], needs }) {
      const rejoined = rejoins.map(({ device }) => device)
      const { frame, next } = commitOf(group, {
        nonce,
        rejoined,
        removed: removes,
        refusedBy: [...refusedBy],
        ...(needs === undefined ? {} : { needs }),
      })
      const welcomes = rejoins.map(({ device, request }) => ({
        to: device,
        ct: JSON.stringify({ request, group: welcomed(next, device) }),
      }))
      return { frame, next, welcomes }
    },
    ask: async (_name, id) => ({ request: id, kept: utf8(id) }),
    async enter(_name, kept, welcome) {
      const { request, group } = JSON.parse(welcome) as { request: string; group: FakeGroup }
      return fromUtf8(kept) === request ? group : undefined
    },
  }
}

/** Stands for SHA-256 where a simulation hashes everything: 16 bytes that differ where the input does, short of malice. */
function quickHash(bytes: Uint8Array): Bytes {
  const lanes = new Uint32Array([0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b])
  let [a, b] = [lanes[0]!, lanes[1]!]
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x5bd1e995) ^ (a >>> 15)
  }
  lanes.set([a, b, Math.imul(a ^ (b >>> 13), lanes[2]!), Math.imul(b ^ (a >>> 16), lanes[3]!)])
  return new Uint8Array(lanes.buffer)
}

function toldOf(ct: string): Told | undefined {
  const frame = parseFrame(utf8(ct))
  if (frame?.type !== 'application') return frame && { ...frame, generation: 0 }
  const { type, secret, by, generation } = frame
  return { type, secret, by, generation, content: fromBase64Url(frame.content)! }
}
