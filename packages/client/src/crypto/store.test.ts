import { Writer } from '@qsec/protocol'
import { encodeGroupState } from 'ts-mls'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  decodeGroup,
  decodeGroupParts,
  encodeGroup,
  encodeGroupParts,
  type Group,
  type GroupPart,
  partsNameIn,
  partsNameOf,
  seal,
} from './index.ts'
import { newSecretTree, withRatchets } from './secret-tree.ts'
import { decodeSecretTree, encodeSecretTree } from './secret-tree-parts.ts'
import { asRemoved, stateOf } from './state.ts'
import { type Member, random, World } from './test-world.ts'

type SecretTree = ReturnType<typeof newSecretTree>

const text = (value: string) => new TextEncoder().encode(value)

describe('the secret tree', () => {
  /** One after the other, in an order that leaves no subtree for last. */
  const speak = (tree: SecretTree, leaves: number, count: number) => {
    let grown = tree
    for (let i = 0; i < count; i++) grown = withRatchets(grown, (i * 37) % leaves)
    return grown
  }
  const partsOf = (tree: SecretTree) => new Map(encodeSecretTree(tree).changed.map(({ part, value }) => [part, value]))

  it('[ST60] it comes back from its parts, at any width and whoever has spoken', () => {
    for (const leaves of [1, 2, 16, 32, 64, 512, 2_048]) {
      for (const speakers of [0, 1, 5, leaves]) {
        const tree = speak(newSecretTree(leaves, random(64)), leaves, speakers)
        const { head, changed } = encodeSecretTree(tree)
        const parts = new Map(changed.map(({ part, value }) => [part, value]))
        expect(decodeSecretTree(head, parts), `${speakers} of ${leaves}`).toEqual(tree)
      }
    }
  })

  it('[ST61] of a room of 1,000 where all have spoken, a message writes 6 kB', () => {
    const tree = speak(newSecretTree(1_024, random(64)), 1_024, 1_000)
    encodeSecretTree(tree)
    const node = tree[2 * 700]!
    const moved = tree.with(2 * 700, {
      ...node,
      application: { ...node.application, generation: 1, secret: random(64) },
    })
    const { head, changed } = encodeSecretTree(moved, tree)
    expect(changed.map(({ part }) => part)).toEqual([Math.floor(700 / 32)])
    expect(head.length + changed[0]!.value.length).toBeLessThan(6_000)
    const parts = partsOf(tree)
    expect(() => decodeSecretTree(head, parts)).toThrow('another time')
    expect(decodeSecretTree(head, parts.set(changed[0]!.part, changed[0]!.value))).toEqual(moved)
  })

  it('[ST62] a part that is missing, too many, changed or of another place is refused', () => {
    const tree = speak(newSecretTree(128, random(64)), 128, 40)
    const { head } = encodeSecretTree(tree)
    const parts = partsOf(tree)
    const refuses = (other: ReadonlyMap<number, Uint8Array>, otherHead: Uint8Array = head) =>
      expect(() => decodeSecretTree(otherHead, other)).toThrow()
    refuses(new Map([...parts].slice(1)))
    refuses(new Map(parts).set(9, parts.get(0)!))
    refuses(new Map(parts).set(0, parts.get(1)!).set(1, parts.get(0)!))
    refuses(
      new Map(parts).set(
        0,
        parts.get(0)!.map((byte, i) => byte ^ (i === 70 ? 1 : 0)),
      ),
    )
    refuses(parts, head.subarray(0, -1))
    refuses(parts, new Uint8Array([...head, 0]))
    refuses(parts, new Writer().u32(0xffffffff).done())
    // Nodes of one part, in a head that names them in another place.
    const swapped = new Writer().u32(127).bytes(new Uint8Array(0), 1).bytes(new Uint8Array(0), 1).done()
    refuses(new Map(), new Uint8Array([...swapped, ...parts.get(0)!]))
    expect(decodeSecretTree(head, parts)).toEqual(tree)
  })
})

describe('a group', () => {
  let world: World
  let ana: Member
  let ben: Member
  let all: Member[]

  beforeEach(async () => {
    world = new World()
    ana = await world.found()
    ;[ben] = (await world.admit(ana, [ana])) as [Member]
    all = [ana, ben]
  })

  /** What storage holds of a group, by key, as a stream keeps it. */
  class Shelf {
    head: Uint8Array<ArrayBuffer> = new Uint8Array()
    readonly parts = new Map<string, Uint8Array<ArrayBuffer>>()
    stored: Group | undefined

    put(group: Group): string[] {
      const same = this.stored && partsNameOf(this.stored) === partsNameOf(group)
      if (!same) this.parts.clear()
      const { head, parts } = encodeGroupParts(group, same ? this.stored : undefined)
      this.head = head
      for (const { key, value } of parts) this.parts.set(key, value)
      this.stored = group
      return parts.map(({ key }) => key)
    }
    read(head = this.head, parts: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = this.parts): Group | undefined {
      return decodeGroupParts(
        head,
        [...parts].map(([key, value]): GroupPart => ({ key, value })),
      )
    }
    holds(secret: Uint8Array): boolean {
      const bytes = Buffer.concat([this.head, ...this.parts.values()])
      return bytes.includes(Buffer.from(secret))
    }
  }

  async function saysToBoth(by: Member, word: string): Promise<void> {
    const { frame, group } = await seal(by.group, text(word))
    by.group = group
    for (const one of all) if (one !== by) expect((await world.receive(one, frame)).kind).toBe('application')
  }

  it('[ST63] it comes back from its parts after every message and every epoch, and the epoch is written once', async () => {
    const shelf = new Shelf()
    expect(shelf.put(ben.group)).toEqual(['epoch', 'ratchets/0'])
    for (let i = 0; i < 3; i++) {
      await saysToBoth(all[i % 2]!, `word ${i}`)
      expect(shelf.put(ben.group)).toEqual(['ratchets/0'])
      const back = shelf.read()
      expect(back).toEqual(ben.group)
      expect(stateOf(back!).secretTree).toEqual(stateOf(ben.group).secretTree)
      ben.group = back!
      shelf.stored = back
    }
    expect(shelf.put(ben.group)).toEqual([])
    await world.apply(ana, all, {})
    expect(shelf.put(ben.group)).toEqual(['epoch', 'ratchets/0'])
    ben.group = shelf.read()!
    await saysToBoth(ben, 'on')
    await world.apply(ben, all, {})
    await saysToBoth(ana, 'on and on')
  })

  it("[ST64] the epoch's part is the library's own form: its reader and writer know it", () => {
    const { parts } = encodeGroupParts(ben.group)
    const state = encodeGroupState({ ...stateOf(ben.group), secretTree: [] })
    expect(parts[0]!.value.slice(-state.length)).toEqual(state)
  })

  it('[ST65] head and parts of two epochs, two ways or two moments are never taken for one group', async () => {
    const [shelf, other] = [new Shelf(), new Shelf()]
    await saysToBoth(ana, 'one')
    shelf.put(ben.group)
    const [head, parts] = [shelf.head, new Map(shelf.parts)]
    await saysToBoth(ana, 'two')
    shelf.put(ben.group)
    expect(shelf.read(head, parts)).toBeDefined()
    expect(shelf.read(head)).toBeUndefined()
    expect(shelf.read(shelf.head, parts)).toBeUndefined()
    // Two commits of one epoch: the one that lost and the one that won.
    const lost = await world.commit(ben, {})
    await world.apply(ana, all, {})
    expect(lost.next.epoch).toBe(ben.group.epoch)
    other.put(lost.next)
    shelf.put(ben.group)
    expect(partsNameOf(lost.next)).not.toBe(partsNameOf(ben.group))
    for (const key of shelf.parts.keys()) {
      expect(shelf.read(shelf.head, new Map(shelf.parts).set(key, other.parts.get(key)!))).toBeUndefined()
    }
    expect(shelf.read(other.head)).toBeUndefined()
    expect(shelf.read()).toEqual(ben.group)
  })

  it('[ST66] after a message nothing of the key that it used is left in any part', async () => {
    for (const [holder, speaker] of [
      [ben, ana],
      [ana, ana],
    ] as const) {
      const shelf = new Shelf()
      const secretsOf = (group: Group) =>
        stateOf(group).secretTree.flatMap(({ handshake, application }) =>
          [handshake.secret, application.secret].filter(({ length }) => length > 0).map((secret) => secret.slice()),
        )
      for (const word of ['divides the tree', 'moves a ratchet', 'and once more']) {
        shelf.put(holder.group)
        const before = secretsOf(holder.group)
        expect(before.every((secret) => shelf.holds(secret))).toBe(true)
        await saysToBoth(speaker, word)
        shelf.put(holder.group)
        const now = secretsOf(holder.group)
        const used = before.filter((secret) => !now.some((one) => Buffer.from(one).equals(secret)))
        expect(used).toHaveLength(1)
        expect(shelf.holds(used[0]!)).toBe(false)
        expect(now.every((secret) => shelf.holds(secret))).toBe(true)
      }
    }
  })

  it('[ST67] another version and damaged bytes are refused; that a device was taken out is kept', () => {
    const { head, parts } = encodeGroupParts(ben.group)
    const first = (version: number) => new Uint8Array([version, ...head.subarray(1)])
    // Version 1, in which a group was one piece, began with its number as well.
    const old = new Uint8Array([1, 0, 0, 0, 0, ...encodeGroupState(stateOf(ben.group))])
    for (const bytes of [first(1), first(3), old, new Uint8Array(), head.subarray(0, 10)]) {
      expect(partsNameIn(bytes)).toBeUndefined()
      expect(decodeGroupParts(bytes, parts)).toBeUndefined()
    }
    expect(decodeGroup(old)).toBeUndefined()
    expect(partsNameIn(head)).toBe(partsNameOf(ben.group))
    expect(decodeGroupParts(head, [])).toBeUndefined()
    expect(decodeGroupParts(head, [...parts, { key: 'ratchets/x', value: new Uint8Array() }])).toBeUndefined()
    const cut = parts.map(({ key, value }) => ({ key, value: key === 'epoch' ? value.slice(0, -1) : value }))
    expect(decodeGroupParts(head, cut)).toBeUndefined()
    const removed = asRemoved(ben.group)
    const { head: last, parts: none } = encodeGroupParts(removed, ben.group)
    expect(none).toEqual([])
    expect(decodeGroupParts(last, parts)).toEqual(removed)
    expect(decodeGroup(encodeGroup(removed))).toEqual(removed)
  })
})
