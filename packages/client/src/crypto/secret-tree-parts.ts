/**
 * The secret tree in parts, for storage: the subtree of every 32 leaves is one, and what stands above them the head. A
 * message moves one leaf's ratchet on, so of a thousand leaves one part is written, 4.5 kB where all of them have spoken.
 *
 * Only nodes that hold something are written. The head names each part by its SHA-256, so a part of another time is found
 * out, and with it a ratchet that was put back.
 */
import { CodecError, equalBytes, Reader, Writer } from '@qsec/protocol'
import type { ClientState } from 'ts-mls'
import { GroupError } from './errors.ts'
import { sha256 } from './hashes.ts'
import { dividedNode, emptyRatchet } from './secret-tree.ts'
import { kdfBytes } from './suite.ts'

type Bytes = Uint8Array<ArrayBuffer>
type SecretTree = ClientState['secretTree']
type Node = SecretTree[number]
type Ratchet = Node['application']

/** Part i has the nodes from 64 i to 64 i + 62; node 64 i + 63 is above some of them (RFC 9420 appendix C). */
const nodesPerPart = 64
const hashBytes = 32
const kinds = { undivided: 0, ratchets: 1 } as const

export interface SecretTreeParts {
  head: Bytes
  /** By the part's number; those alone that differ from `stored`. */
  changed: { part: number; value: Bytes }[]
}

// A tree is never changed in place, so what was hashed once stays true of it.
const hashes = new WeakMap<SecretTree, readonly (Bytes | undefined)[]>()

/** @param stored - how the tree stands in storage, where it does; without it every part is given */
export function encodeSecretTree(tree: SecretTree, stored?: SecretTree): SecretTreeParts {
  const before = stored?.length === tree.length ? hashes.get(stored) : undefined
  const changed: SecretTreeParts['changed'] = []
  const parts = Array.from({ length: partsIn(tree.length) }, (_, part) => {
    if (before && samePart(tree, stored!, part)) return before[part]
    const value = encodeNodes(tree, nodesOf(part, tree.length))
    if (value.length === 0) return undefined
    changed.push({ part, value })
    return sha256(value)
  })
  hashes.set(tree, parts)
  const writer = new Writer().u32(tree.length)
  for (const hash of parts) writer.bytes(hash ?? new Uint8Array(0), 1)
  return { head: writer.raw(encodeNodes(tree, nodesAbove(tree.length))).done(), changed }
}

/** Throws `CodecError` where head and parts are damaged, or not of one moment. */
export function decodeSecretTree(head: Uint8Array, parts: ReadonlyMap<number, Uint8Array>): SecretTree {
  const reader = new Reader(head)
  const length = reader.u32()
  // A tree of 2^k leaves has 2^(k+1) - 1 nodes; the group's own tree then has to be as wide.
  if (length > 1 << 17 || (length & (length + 1)) !== 0 || length === 0)
    throw new CodecError('secret tree: no such width')
  const tree: SecretTree = new Array<Node>(length).fill(dividedNode)
  const named = Array.from({ length: partsIn(length) }, (_, part) => {
    const hash = reader.bytes(1)
    const value = parts.get(part)
    if (hash.length === 0 && !value) return undefined
    if (!value || hash.length !== hashBytes || !equalBytes(sha256(value), hash)) {
      throw new CodecError('secret tree: a part of another time')
    }
    decodeNodes(value, tree, nodesOf(part, length))
    return hash
  })
  if (parts.size !== named.filter((hash) => hash !== undefined).length)
    throw new CodecError('secret tree: a part too many')
  decodeNodes(reader.rest(), tree, nodesAbove(length))
  hashes.set(tree, named)
  return tree
}

function partsIn(length: number): number {
  return Math.ceil(length / nodesPerPart)
}

function nodesOf(part: number, length: number): number[] {
  const first = part * nodesPerPart
  return Array.from({ length: Math.min(nodesPerPart - 1, length - first) }, (_, i) => first + i)
}

function nodesAbove(length: number): number[] {
  return Array.from({ length: Math.floor(length / nodesPerPart) }, (_, i) => (i + 1) * nodesPerPart - 1)
}

function samePart(tree: SecretTree, other: SecretTree, part: number): boolean {
  const end = Math.min((part + 1) * nodesPerPart - 1, tree.length)
  for (let node = part * nodesPerPart; node < end; node++) if (tree[node] !== other[node]) return false
  return true
}

function encodeNodes(tree: SecretTree, nodes: readonly number[]): Bytes {
  const writer = new Writer()
  for (const node of nodes) {
    const { handshake, application } = tree[node]!
    if (handshake.secret.length === 0) continue
    writer.u32(node)
    if (application.secret.length === 0) writer.u8(kinds.undivided).raw(secretOf(handshake))
    else {
      writer.u8(kinds.ratchets)
      for (const ratchet of [handshake, application]) writer.u32(ratchet.generation).raw(secretOf(ratchet))
    }
  }
  return writer.done()
}

/** What a skipped message would need is never kept (`clientConfig`), so it has no place here. */
function secretOf({ secret, unusedGenerations }: Ratchet): Uint8Array {
  if (secret.length === kdfBytes && Object.keys(unusedGenerations).length === 0) return secret
  throw new GroupError('bad-argument', 'group: a ratchet that is none of ours')
}

function decodeNodes(bytes: Uint8Array, tree: SecretTree, nodes: readonly number[]): void {
  const reader = new Reader(bytes)
  for (let last = -1; !reader.atEnd; ) {
    const node = reader.u32()
    const kind = reader.u8()
    if (node <= last || !nodes.includes(node) || kind > kinds.ratchets)
      throw new CodecError('secret tree: no such node')
    last = node
    const ratchet = (): Ratchet => ({ generation: reader.u32(), secret: reader.raw(kdfBytes), unusedGenerations: {} })
    tree[node] =
      kind === kinds.undivided
        ? { handshake: { ...emptyRatchet, secret: reader.raw(kdfBytes) }, application: emptyRatchet }
        : { handshake: ratchet(), application: ratchet() }
  }
}
