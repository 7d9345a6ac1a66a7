/** Recognising people: comparing codes, remembering whom one verified, in this room and in others. */
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { events, hasText, openWorld, until, type World } from './world.ts'

let world: World
let envs: { ana: ClientEnv; ben: ClientEnv }
let ana: RoomClient
let ben: RoomClient

beforeEach(async () => {
  world = await openWorld()
  envs = { ana: world.env(), ben: world.env() }
  ana = await world.create('Ana', undefined, envs.ana)
  ben = await world.join('Ben', ana.snapshot.invitePath!, envs.ben)
  await Promise.all([until(ana, sees('Ben')), until(ben, sees('Ana'))])
})
afterEach(() => world.close())

const sees = (name: string) => (s: RoomSnapshot) => s.phase.at === 'member' && named(s, name) !== undefined
const named = (s: RoomSnapshot, name: string) => s.people.find((one) => one.name === name)
const trustOf = (room: RoomClient, name: string) => named(room.snapshot, name)?.standing.trust
const stands = (name: string, trust: string) => (s: RoomSnapshot) => named(s, name)?.standing.trust === trust
const device = (room: RoomClient, name: string) => named(room.snapshot, name)!.device
const comparing = (at: string) => (s: RoomSnapshot) => s.trust.comparison?.state.at === at
const pictures = ({ snapshot }: RoomClient) => {
  const state = snapshot.trust.comparison?.state
  return state?.at === 'showing' ? state.pictures.map(({ name }) => name) : undefined
}

async function compare(asker: RoomClient, asked: RoomClient, askedName: string): Promise<void> {
  await asker.compare(device(asker, askedName))
  await until(asked, comparing('asked'))
  await asked.agreeToCompare()
  await Promise.all([asker, asked].map((room) => until(room, comparing('showing'))))
}

/** Each verifies the other by the number. */
async function bothVerify(one: RoomClient, other: RoomClient): Promise<void> {
  await one.scan(device(one, other.snapshot.self.name), other.safetyNumber(device(other, one.snapshot.self.name))!.scan)
  await other.scan(
    device(other, one.snapshot.self.name),
    one.safetyNumber(device(one, other.snapshot.self.name))!.digits,
  )
}

describe('comparing', () => {
  it('[ID30] all screens of one epoch show one room code, and another one in the next', async () => {
    const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
    await Promise.all([ana, ben, cleo].map((room) => until(room, (s) => s.people.length === 3)))
    const epoch = Math.max(...[ana, ben, cleo].map(({ snapshot }) => snapshot.epoch))
    const shown = await Promise.all([ana, ben, cleo].map((room) => until(room, (s) => s.epoch >= epoch)))
    const codes = shown.filter((s) => s.epoch === epoch).map(({ trust }) => trust.roomCode)
    expect(codes.length).toBeGreaterThan(1)
    expect(new Set(codes.map((code) => code?.digits)).size).toBe(1)
    await cleo.leave()
    const later = await until(ana, (s) => s.epoch > epoch)
    expect(later.trust.roomCode?.digits).not.toBe(codes[0]?.digits)
    expect(later.trust.roomCode?.epoch).toBe(later.epoch)
  })

  it('[ID31] both see the same six pictures, and each is verified for who said that they match, alone', async () => {
    await compare(ana, ben, 'Ben')
    expect(pictures(ana)).toHaveLength(6)
    expect(pictures(ben)).toEqual(pictures(ana))
    expect(ana.snapshot.trust.comparison?.epoch).toBe(ben.snapshot.trust.comparison?.epoch)
    await ana.answerComparison(true)
    await until(ana, stands('Ben', 'verified'))
    await until(ben, (s) => s.trust.comparison?.theySay === true)
    expect(trustOf(ben, 'Ana')).toBe('new')
    await ben.answerComparison(true)
    await until(ben, stands('Ana', 'verified'))
    for (const room of [ana, ben]) {
      await room.endComparison()
      await until(room, (s) => s.trust.comparison === undefined && events(s).includes('compared'))
    }
    // It holds for these keys after a restart, and everybody else is known again by the same keys.
    await ana.close()
    ana = await world.comeBack(envs.ana, ben.snapshot.address)
    expect(trustOf(ana, 'Ben')).toBe('verified')
  })

  it('[ID31] who says that they do not match verifies nobody and loses what was verified before', async () => {
    await bothVerify(ana, ben)
    await until(ben, stands('Ana', 'verified'))
    await compare(ben, ana, 'Ana')
    await ben.answerComparison(false)
    await until(ben, stands('Ana', 'new'))
    await until(ana, (s) => s.trust.comparison?.theySay === false)
    expect(trustOf(ana, 'Ben')).toBe('verified')
    await ana.endComparison()
    await ana.send('we can still talk')
    await until(ben, hasText('we can still talk'))
  })

  it('[ID31] one who does not want to breaks it off, and two who ask each other at once share one run', async () => {
    await ana.compare(device(ana, 'Ben'))
    await until(ben, comparing('asked'))
    await ben.endComparison()
    await until(ana, comparing('over'))
    expect(ana.snapshot.trust.comparison?.state).toEqual({ at: 'over', reason: 'cancelled' })
    await Promise.all([ana.compare(device(ana, 'Ben')), ben.compare(device(ben, 'Ana'))])
    await Promise.all([ana, ben].map((room) => until(room, comparing('showing'))))
    expect(pictures(ben)).toEqual(pictures(ana))
  })

  it('[ID32] a scan of the other’s code, or its digits, verifies; another person’s does not', async () => {
    const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
    await Promise.all([ana, ben].map((room) => until(room, sees('Cleo'))))
    await until(cleo, (s) => sees('Ana')(s) && sees('Ben')(s))
    expect(ana.safetyNumber(device(ana, 'Ben'))).toEqual(ben.safetyNumber(device(ben, 'Ana')))
    expect(ana.safetyNumber(ana.snapshot.self.device)).toBeUndefined()
    expect(await ana.scan(device(ana, 'Ben'), 'https://example.org')).toBe('not-a-code')
    expect(trustOf(ana, 'Ben')).toBe('new')
    expect(events(ana.snapshot)).not.toContain('compared')
    const cleos = cleo.safetyNumber(device(cleo, 'Ben'))!
    expect(await ana.scan(device(ana, 'Ben'), cleos.scan)).toBe('mismatch')
    expect(trustOf(ana, 'Ben')).toBe('new')
    expect(await ana.scan(device(ana, 'Ben'), ben.safetyNumber(device(ben, 'Ana'))!.scan)).toBe('match')
    await until(ana, stands('Ben', 'verified'))
    expect(trustOf(ana, 'Cleo')).toBe('new')
    expect(trustOf(ben, 'Ana')).toBe('new')
  })
})

describe('changed keys', () => {
  it('[ID33] who comes under a verified name holds words back until the person decides; commits are taken all the same', async () => {
    await bothVerify(ana, ben)
    await until(ana, stands('Ben', 'verified'))
    const impostor = await world.join('Вen', ana.snapshot.invitePath!) // a Cyrillic letter first
    await until(ana, (s) => s.trust.blockedBy.length === 1)
    const { standing, name } = ana.snapshot.trust.blockedBy[0]!
    expect(name).toBe('Вen')
    expect(standing).toMatchObject({ trust: 'changed', wasVerified: true, lookalike: true })
    expect(named(ana.snapshot, 'Ben')!.standing).toMatchObject({ trust: 'verified', lookalike: true })
    expect(events(ana.snapshot)).toContain('keys-changed')
    await expect(ana.send('a secret')).rejects.toThrow(/verify or accept/)
    // Nobody else is held up, and what others say is read.
    await ben.send('from Ben')
    await until(ana, hasText('from Ben'))
    await ana.acceptKeys(device(ana, 'Вen'))
    await until(ana, (s) => s.trust.blockedBy.length === 0)
    await ana.send('for all')
    await until(impostor, hasText('for all'))
    expect(events(ana.snapshot).filter((type) => type === 'keys-changed')).toHaveLength(1)
  })

  it('[PP40] what was written before such keys came in, and was not sent, waits for the decision too', async () => {
    const away = await world.proxied()
    const cleo = await world.join('Cleo', ana.snapshot.invitePath!, away)
    await until(cleo, (s) => sees('Ana')(s) && sees('Ben')(s))
    await until(ben, sees('Cleo'))
    await bothVerify(cleo, ben)
    await until(cleo, stands('Ben', 'verified'))
    world.cut(away)
    await cleo.send('for those who were here')
    const impostor = await world.join('Вen', ana.snapshot.invitePath!)
    await until(ana, sees('Вen'))
    world.mend(away)
    await until(cleo, (s) => s.trust.blockedBy.length === 1, 30_000)
    await ana.send('one')
    await until(cleo, hasText('one'))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    for (const room of [ana, impostor]) expect(hasText('for those who were here')(room.snapshot)).toBe(false)
    await cleo.acceptKeys(device(cleo, 'Вen'))
    for (const room of [ana, impostor]) await until(room, hasText('for those who were here'), 30_000)
  })

  it('[ID33] one who comes back with new keys reads changed and, verified again, verified', async () => {
    const { invitePath } = ana.snapshot
    await ben.leave()
    await until(ana, (s) => s.invitePath !== undefined && s.invitePath !== invitePath)
    ben = await world.join('Ben', ana.snapshot.invitePath!, envs.ben)
    await until(ana, stands('Ben', 'changed'))
    expect(ana.snapshot.trust.blockedBy).toEqual([])
    await ana.send('welcome back')
    await until(ben, sees('Ana'))
    await bothVerify(ana, ben)
    await until(ana, stands('Ben', 'verified'))
    expect(trustOf(ben, 'Ana')).toBe('verified')
  })
})

describe('profiles', () => {
  it('[ID34] people verified in one room are known in the next one that both tell, also by who comes later', async () => {
    await bothVerify(ana, ben)
    await Promise.all([ana.tellProfile(true), ben.tellProfile(true)])
    const next = await world.create('Ana B.', undefined, envs.ana)
    await next.tellProfile(true)
    const ben2 = await world.join('Benny', next.snapshot.invitePath!, envs.ben)
    // Ben is a newcomer here: he learns by a hint whom he may ask.
    await until(ben2, stands('Ana B.', 'verified'), 20_000)
    await until(next, sees('Benny'))
    expect(trustOf(next, 'Benny')).toBe('new') // he has not told this room
    await ben2.tellProfile(true)
    await until(next, stands('Benny', 'verified'))
  })

  it('[ID34] by default no room is told', async () => {
    expect(ana.snapshot.trust.tellsProfile).toBe(false)
    expect((await envs.ana.storage.list('profile/')).length).toBe(0)
    await ana.tellProfile(true)
    await until(ana, (s) => s.trust.tellsProfile)
    await ana.tellProfile(false)
    await until(ana, (s) => !s.trust.tellsProfile)
  })

  it('[ID35] nothing that the relay sees repeats between two rooms of one profile', async () => {
    const relays = [new HostileRelay(world), new HostileRelay(world), new HostileRelay(world)]
    const cleo = world.env() // another profile: what it shares with Ana is the protocol's
    const through = (relay: HostileRelay, env: ClientEnv) => ({ ...env, connect: relay.env().connect })
    const profiles = [envs.ana, envs.ana, cleo]
    for (const [i, relay] of relays.entries()) {
      const room = await world.create('Same Name', undefined, through(relay, profiles[i]!))
      const guest = await world.join('Guest', room.snapshot.invitePath!)
      await until(room, sees('Guest'))
      await room.tellProfile(true)
      await room.send('said in both rooms')
      await until(guest, hasText('said in both rooms'))
      await room.close()
      await new Promise((resolve) => setTimeout(resolve, 1_100)) // key packages name the second in which they were made
    }
    const [first, second, third] = relays.map((relay) => windows(relay.asked))
    expect(first!.size).toBeGreaterThan(5_000)
    const repeats = [...first!].filter((bytes) => second!.has(bytes) && !third!.has(bytes))
    expect(repeats).toEqual([])
  })
})

const windowBytes = 12

/** Every run of 12 bytes in what a device told the relay about itself and the room; photons and key shares aside. */
function windows(asked: readonly { name: string; payload: unknown }[]): Set<string> {
  const seen = new Set<string>()
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= windowBytes) {
      const bytes = /^[A-Za-z0-9_-]+$/.test(value) ? Buffer.from(value, 'base64url') : Buffer.from(value)
      for (let i = 0; i + windowBytes <= bytes.length; i++) {
        const window = bytes.subarray(i, i + windowBytes)
        // Small whole numbers with their zeros, such as the epoch in a frame, are alike in rooms that went alike.
        if (window.filter((byte) => byte !== 0).length >= windowBytes / 2) seen.add(window.toString('hex'))
      }
    } else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) add(inner)
  }
  const names = ['join', 'announce_pubkey', 'commit', 'commit_ack', 'encrypted_message', 'leave', 'fetch_bundles']
  for (const { name, payload } of asked) if (names.includes(name)) add(payload)
  return seen
}
