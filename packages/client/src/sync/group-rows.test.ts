import { utf8 } from '@qsec/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStorage } from '../storage/memory.ts'
import { Solo } from './testing/solo.ts'

type Rows = Map<string, Uint8Array<ArrayBuffer>>

let solo: Solo
beforeEach(async () => {
  solo = await Solo.begin()
  await solo.resumes()
})

async function rowsOf({ storage }: Solo = solo): Promise<Rows> {
  return new Map((await storage.list('room/')).map(({ key, value }) => [key, value]))
}

/** The names of all groups of which parts are stored. */
async function namesOf(one: Solo = solo): Promise<string[]> {
  const keys = [...(await rowsOf(one)).keys()].filter((key) => key.startsWith('room/parts/'))
  return [...new Set(keys.map((key) => key.split('/')[2]!))].sort()
}

/** A storage with exactly these rows, from which a stream is loaded. */
async function loadFrom(rows: Rows): Promise<Solo> {
  const storage = openMemoryStorage()
  await storage.apply([...rows].map(([key, value]) => ({ type: 'put', key, value })))
  return Solo.load(storage)
}

const changed = (before: Rows, after: Rows) =>
  [...after]
    .filter(([key, value]) => before.get(key) !== value && String(before.get(key)) !== String(value))
    .map(([key]) => key)

describe('what is written', () => {
  it('[ST50] a message writes the head and what it changed, and nothing that belongs to the epoch', async () => {
    const peer = solo.peer()
    await solo.hears(await peer.says('the first write after the beginning is whole', { seq: 1 }))
    const written: string[] = []
    const { apply } = solo.storage
    solo.storage.apply = (changes) => {
      for (const change of changes)
        if (change.type !== 'delete') written.push('key' in change ? change.key : change.prefix)
      return apply.call(solo.storage, changes)
    }
    await solo.hears(await peer.says('hello', { seq: 2 }))
    expect(written.sort()).toEqual(['room/group', 'room/parts/first/opens', 'room/place'])
    written.length = 0
    await solo.says('m1')
    expect(written.filter((key) => !key.startsWith('room/out/'))).toEqual(['room/group'])
  })

  it('[ST51] an own commit writes the parts of its group once, and each group that is in use keeps its own', async () => {
    const before = solo.stream.group.secret
    const commit = await solo.commits()
    const next = solo.stream.pending!.next.secret
    expect(await namesOf()).toEqual([before, next].sort())
    const held = await rowsOf()
    await solo.hears(commit.at(1))
    expect(solo.stream.group.secret).toBe(next)
    expect(await namesOf()).toEqual([before, next].sort())
    expect(changed(held, await rowsOf()).filter((key) => key.startsWith('room/parts/'))).toEqual([])
    await solo.do((stream) => stream.stands(1))
    expect(await namesOf()).toEqual([next])
  })

  it('[ST52] the parts of a group go with the write that ends its use', async () => {
    const before = solo.stream.group.secret
    const lost = await solo.commits()
    await solo.do((stream) => stream.dropPending(lost.id))
    expect(await namesOf()).toEqual([before])
    const mine = await solo.commits()
    await solo.hears(mine.at(1))
    const withdrawn = solo.stream.group.secret
    await solo.do((stream) => stream.withdrawn(1))
    expect(solo.stream.group.secret).toBe(before)
    expect(await namesOf()).toEqual([before])
    const peer = solo.peer()
    await solo.hears(peer.commits({ seq: 2 }))
    expect(await namesOf()).toEqual([peer.group.secret])
    expect([before, withdrawn]).not.toContain(peer.group.secret)
    const back = { ...peer.group, self: 'ana', secret: 'entered' }
    await solo.do((stream) => stream.replaceGroup({ group: back, inc: stream.cursor.inc, seq: 3 }, []))
    expect(await namesOf()).toEqual(['entered'])
  })

  it('[ST53] of what stood there before a stream began nothing is left', async () => {
    await solo.storage.apply([{ type: 'put', key: 'room/parts/old/epoch', value: utf8('of before') }])
    const again = await Solo.begin(['ana', 'ben'], {}, { storage: solo.storage })
    expect(await namesOf(again)).toEqual(['first'])
  })
})

describe('what is read', () => {
  it('[ST54] a stream comes back with all its groups from any moment, and goes on', async () => {
    const peer = solo.peer()
    await solo.hears(await peer.says('one', { seq: 1 }))
    const commit = await solo.commits()
    const held = await Solo.load(solo.storage)
    expect(held.stream.pending?.next).toEqual(solo.stream.pending!.next)
    await solo.hears(commit.at(2))
    const adopted = await Solo.load(solo.storage)
    expect(adopted.stream.group).toEqual(solo.stream.group)
    await adopted.resumes()
    await adopted.do((stream) => stream.withdrawn(2))
    await adopted.hears(await peer.says('two', { seq: 3 }))
    expect(adopted.calls).toContain('ben: two (3)')
  })

  it('[ST55] parts and heads of two moments are refused, whichever of them is the older', async () => {
    const peer = solo.peer()
    await solo.hears(await peer.says('one', { seq: 1 }))
    const early = await rowsOf()
    await solo.hears(await peer.says('two', { seq: 2 }))
    const late = await rowsOf()
    const parts = [...late.keys()].filter((key) => key.startsWith('room/parts/') && early.get(key) !== late.get(key))
    for (const key of ['room/group', ...parts.filter((one) => one.endsWith('/opens'))]) {
      await expect(loadFrom(new Map(late).set(key, early.get(key)!))).rejects.toThrow('put together')
      await expect(loadFrom(new Map(early).set(key, late.get(key)!))).rejects.toThrow('put together')
    }
    for (const key of parts) {
      const without = new Map(late)
      without.delete(key)
      await expect(loadFrom(without)).rejects.toThrow('put together')
    }
    expect((await loadFrom(late)).stream.cursor.seq).toBe(2)
    expect((await loadFrom(early)).stream.cursor.seq).toBe(1)
  })

  it('[ST56] a group that cannot be read is an error with a reason, and not written over', async () => {
    const rows = await rowsOf()
    const broken = new Map(rows).set('room/group', utf8(''))
    await expect(loadFrom(broken)).rejects.toMatchObject({ name: 'StorageError', code: 'damaged' })
    const none = new Map(rows)
    none.delete('room/group')
    await expect(loadFrom(none)).rejects.toThrow('nothing is stored') // this test's own word: there is no stream
  })

  it('[ST57] after a write that failed nothing is taken for stored', async () => {
    const begun = await Solo.begin(['ana', 'ben'], {}, { unstored: true })
    await begun.resumes()
    const peer = begun.peer()
    // The rows of the beginning never reached the storage: the next write brings all of the group.
    await begun.hears(await peer.says('one', { seq: 1 }))
    expect((await Solo.load(begun.storage)).stream.group).toEqual(begun.stream.group)
  })
})
