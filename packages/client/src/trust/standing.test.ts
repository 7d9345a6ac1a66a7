import { encodePersonKeys, parseRoomAddress, toBase64Url } from '@qsec/protocol'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDevice, createPersonKeys, personKeysOf, personOf } from '../crypto/index.ts'
import type { Storage, StorageChange } from '../ports.ts'
import { createMemoryLocks } from '../storage/locks-memory.ts'
import { openMemoryStorage } from '../storage/memory.ts'
import { systemClock } from '../transport/clock.ts'
import { Book } from './book.ts'
import { loadLooksFor } from './looks.ts'
import { hearProfile, openProfile, profileOf, tellProfile } from './profile.ts'
import { standings } from './standing.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const room = parseRoomAddress('lobby')!
const other = parseRoomAddress('cellar')!
const keys = (await createPersonKeys(random)).keys
const own = { person: 'me' }
const at = (person: string, name: string, here = true) => ({ person, name, here })

let storage: Storage
let book: Book
const store = (changes: StorageChange[]) => storage.apply(changes)
const reopened = async (address = room) => {
  const again = new Book(address)
  await again.load(storage)
  return again
}
const trust = (people: ReturnType<typeof at>[], from = book) =>
  Object.fromEntries([...standings(people, from, own)].map(([person, { trust: state }]) => [person, state]))

beforeAll(() => loadLooksFor(['Ä']))
beforeEach(() => {
  storage = openMemoryStorage()
  book = new Book(room)
})

describe('how people stand', () => {
  it('[ID20] somebody is new in the first visit and seen before in every later one', async () => {
    const people = [at('me', 'Ana'), at('ben', 'Ben')]
    await store(book.meet('ben', { firstMs: 5, name: 'Ben' }))
    expect(trust(people)).toEqual({ me: 'self', ben: 'new' })
    const again = await reopened()
    expect(trust(people, again)).toEqual({ me: 'self', ben: 'seen' })
    expect(standings(people, again, own).get('ben')?.sinceMs).toBe(5)
    expect(trust(people, await reopened(other))).toEqual({ me: 'self', ben: 'new' })
  })

  it('[ID20] verified is who was verified under these very keys, until a comparison fails', async () => {
    const people = [at('ben', 'Ben'), at('cleo', 'Cleo')]
    await store([...book.meet('ben', { firstMs: 5, name: 'Ben' }), ...book.verify('ben', keys, 'pictures', 'Ben', 6)])
    const again = await reopened()
    expect(trust(people, again)).toEqual({ ben: 'verified', cleo: 'new' })
    expect(again.verification('ben')).toEqual({
      atMs: 6,
      how: 'pictures',
      keys: toBase64Url(encodePersonKeys(keys)),
      name: 'Ben',
    })
    await store(again.doubt('ben'))
    expect(trust(people, again)).toEqual({ ben: 'seen', cleo: 'new' })
    expect(trust(people, await reopened())).toEqual({ ben: 'seen', cleo: 'new' })
  })

  it('[ID21] who comes with a look-alike of the name of somebody verified reads changed, and holds words back', () => {
    book.meet('ben', { firstMs: 5, name: 'Ben' })
    book.verify('ben', keys, 'scan', 'Ben', 6)
    for (const name of ['Ben', 'Веn', 'BEN', 'Ben (c0de12)']) {
      const people = [at('ben', 'Ben', name !== 'BEN'), at('x', name)]
      expect(standings(people, book, own).get('x')).toEqual({ trust: 'changed', wasVerified: true, lookalike: true })
    }
    expect(trust([at('ben', 'Ben'), at('x', 'Bea')])).toEqual({ ben: 'verified', x: 'new' })
    book.accept('x', 9)
    expect(trust([at('ben', 'Ben'), at('x', 'Ben')])).toEqual({ ben: 'verified', x: 'new' })
  })

  it('[ID21] who comes under the name of somebody that is gone reads changed and holds nothing back', () => {
    book.meet('ben', { firstMs: 5, name: 'Ben' })
    book.meet('x', { firstMs: 9, name: 'Ben' })
    // Two of one name at the same time are no change.
    expect(trust([at('ben', 'Ben'), at('x', 'Ben')])).toEqual({ ben: 'new', x: 'new' })
    const gone = standings([at('ben', 'Ben', false), at('x', 'Ben')], book, own)
    expect(gone.get('x')).toEqual({ trust: 'changed', wasVerified: false, lookalike: true })
    expect(gone.get('ben')?.trust).toBe('new') // the earlier one is not the changed one
  })

  it('[ID22] look-alikes are marked on all sides, oneself included', () => {
    const marks = standings([at('me', 'Ana'), at('x', 'Аnа'), at('ben', 'Ben'), at('y', ''), at('z', '')], book, own)
    expect([...marks].map(([person, { lookalike }]) => [person, lookalike])).toEqual([
      ['me', true],
      ['x', true],
      ['ben', false],
      ['y', false],
      ['z', false],
    ])
  })

  it('[ID23] damaged entries count as unknown', async () => {
    await store([...book.meet('ben', { firstMs: 5, name: 'Ben' }), ...book.verify('ben', keys, 'scan', 'Ben', 6)])
    for (const { key } of await storage.list('trust/')) {
      await store([{ type: 'put', key, value: Uint8Array.of(1, 2, 3) }])
    }
    expect(trust([at('ben', 'Ben')], await reopened())).toEqual({ ben: 'new' })
  })
})

describe('profiles', () => {
  const env = () => ({ storage, locks: createMemoryLocks(systemClock), random })
  const device = (address = room) => createDevice({ room: address, nowMs: 1, random, name: 'Ben' })

  it('[ID24] a storage has one profile, whoever asks first', async () => {
    expect(await profileOf(storage)).toBeUndefined()
    const shared = env()
    const [one, two] = await Promise.all([openProfile(shared), openProfile(shared)])
    expect(personOf(two.keys)).toBe(personOf(one.keys))
    expect(await profileOf(storage)).toBe(personOf(one.keys))
    storage = openMemoryStorage()
    expect(personOf((await openProfile(env())).keys)).not.toBe(personOf(one.keys))
  })

  it('[ID25] profile and person sign each other, for one room; anything else is no profile', async () => {
    const profile = await openProfile(env())
    const [ben, mallory] = [await device(), await device()]
    const told = await tellProfile(profile, ben, random)
    const benKeys = personKeysOf(ben).keys
    expect(await hearProfile(told, room, benKeys)).toEqual({ profile: personOf(profile.keys), keys: profile.keys })
    expect(await hearProfile(told, other, benKeys)).toBeUndefined()
    expect(await hearProfile(told, room, personKeysOf(mallory).keys)).toBeUndefined()
    // Somebody's own profile over another's person, or another's profile over the own person.
    const mallorys = await tellProfile(await createPersonKeys(random), mallory, random)
    const wrong = [
      { ...told, keys: mallorys.keys },
      { ...told, byProfile: mallorys.byProfile },
      { ...told, byPerson: mallorys.byPerson },
      { ...mallorys, byPerson: told.byPerson },
      { ...told, byProfile: told.byPerson },
      { ...told, byPerson: told.byPerson.slice(0, -4) },
      { ...told, byProfile: `${told.byProfile}AAAA` },
      { ...told, keys: 'AAAA' },
      { type: 'profile' as const, keys: '', byProfile: '', byPerson: '' },
    ]
    for (const [i, content] of wrong.entries()) {
      expect(await hearProfile(content, room, benKeys), `case ${i}`).toBeUndefined()
    }
  })

  it('[ID26] who is verified in one room is verified in every room that is told the profile, and nowhere else', async () => {
    const profile = (await createPersonKeys(random)).keys
    const told = { profile: personOf(profile), keys: profile }
    await store(book.meet('ben-here', { firstMs: 5, name: 'Ben' }))
    await store(book.verify('ben-here', keys, 'scan', 'Ben', 6))
    await store(book.tell('ben-here', told))
    const there = await reopened(other)
    expect(trust([at('ben-there', 'Benjamin')], there)).toEqual({ 'ben-there': 'new' })
    await store(there.tell('ben-there', told))
    expect(trust([at('ben-there', 'Benjamin')], there)).toEqual({ 'ben-there': 'verified' })
    expect(there.verification('ben-there')?.keys).toBe(toBase64Url(encodePersonKeys(profile)))
    // The order does not matter, and a doubt reaches the profile too.
    await store(there.doubt('ben-there'))
    expect(trust([at('ben-there', 'Benjamin')], await reopened(other))).toEqual({ 'ben-there': 'seen' })
  })
})
