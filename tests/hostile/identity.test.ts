/** Class A: a relay, or a member with its help, against identity and membership. Nobody comes in who should not. */
import type { RoomClient } from '@qsec/client'
import {
  type Base64Url,
  type Bundle,
  type DeviceId,
  encodeBundle,
  encodePersonKeys,
  fromBase64Url,
  parseRoomAddress,
  type RoomAddress,
  toBase64Url,
} from '@qsec/protocol'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { refusalWords } from '../../apps/web/src/words/door.ts'
import {
  createDevice,
  type DeviceIdentity,
  deriveInvite,
  makeKeyPackage,
  parseLinkFragment,
  receive,
  sha256,
} from '../../packages/client/src/crypto/index.ts'
import {
  addOf,
  World as CryptoWorld,
  externalCommit,
  forge,
  groupClaiming,
  pskOf,
  random,
  withProofOf,
} from '../../packages/client/src/crypto/test-world.ts'
import { events, hasText, until } from '../system/world.ts'
import { HostileRelay } from './hostile-relay.ts'
import {
  asCommit,
  bothTalk,
  changed,
  inPlaceOfAnas,
  isChat,
  isCommit,
  isRoomFrame,
  knows,
  openStage,
  patienceMs,
  quiet,
  type Stage,
  standing,
  staysClosed,
  toldInWords,
} from './stage.ts'

const dayMs = 86_400_000
let stage: Stage
let room: RoomAddress
beforeAll(async () => {
  stage = await openStage()
  room = parseRoomAddress(stage.ana.room.snapshot.address)!
})
afterAll(() => stage?.close())

/** The secret of the link that the room shows: what somebody has who was given the link. */
function linkSecret(): Uint8Array<ArrayBuffer> {
  return parseLinkFragment(stage.ana.room.snapshot.invitePath!.replace(/^[^#]*/, ''))!
}
const byLink = (over: object = {}) => ({ rid: room, secret: linkSecret(), expiresMs: Date.now() + dayMs, ...over })

/** What a relay hands to members about a device that asks to be let in. */
interface Request {
  device: DeviceId
  bundle: Base64Url
  request: Base64Url
}
async function requestOf(identity: DeviceIdentity, invite?: ReturnType<typeof byLink>): Promise<Request> {
  const { keyPackage } = await makeKeyPackage(identity, { nowMs: Date.now(), ...(invite ? { invite } : {}) })
  return { device: identity.device, bundle: toBase64Url(identity.bundleBytes), request: toBase64Url(keyPackage) }
}
const newDevice = (over: { room?: RoomAddress; nowMs?: number } = {}) =>
  createDevice({ room, nowMs: Date.now(), random, ...over })
/** A device whose bundle says something else, as its credential then does too. */
function withBundle(identity: DeviceIdentity, change: Partial<Bundle>): DeviceIdentity {
  const bundle = { ...identity.bundle, ...change }
  const bundleBytes = encodeBundle(bundle)
  return { ...identity, bundle, bundleBytes, credential: sha256(bundleBytes) }
}

/**
 * Both relays bring these requests, and somebody honest asks after them. The commit that lets that one in was made with
 * the others at hand: had one of them been good enough, it would have come along, or in a commit of its own.
 */
async function stayOut(ghosts: readonly Request[], honest: string): Promise<void> {
  const { ana, ben } = stage
  await quiet([ana, ben])
  const { epoch, people } = ben.room.snapshot
  const waiting = ghosts.map(({ device }) => device)
  const members = people.map(({ device }) => ({ device, present: true }))
  for (const { relay } of [ana, ben]) {
    relay.down = (event) =>
      event.name === 'user_list' ? changed(event, { waiting: [...event.payload.waiting, ...waiting] }) : [event]
    relay.tell('pubkey_list', { room, devices: [...ghosts] })
    relay.tell('user_list', { room, members, waiting })
  }
  for (const one of [ana, ben]) await until(one.room, (s) => s.waiting === ghosts.length)
  await stage.admit(honest)
  for (const { snapshot } of [ana.room, ben.room]) {
    expect(snapshot.people.filter(({ device }) => waiting.includes(device))).toEqual([])
    expect(snapshot.people).toHaveLength(people.length + 1)
    expect(snapshot.epoch).toBe(epoch + 1)
  }
  stage.honest()
  await bothTalk(stage)
}

it('[A1] a bundle that is not the leaf’s is not taken for it: the commit waits for the right one', async () => {
  const { ben } = stage
  const wrong = toBase64Url((await newDevice()).bundleBytes)
  let asked = 0
  ben.relay.down = (event) => {
    if (event.name === 'pubkey_list') return []
    return isCommit(event) ? changed(event, { bundles: [wrong] }) : [event]
  }
  ben.relay.up = async (name, payload, real) => {
    if (name !== 'fetch_bundles') return real(name, payload)
    asked++
    return { ok: true, bundles: [wrong] } as never
  }
  await quiet([stage.ana, ben])
  const before = await standing(ben)
  const coming = stage.admit('Ada')
  // It has asked again, after the first answer: so that one was judged.
  await vi.waitFor(() => expect(asked).toBeGreaterThan(1), patienceMs)
  expect(await standing(ben)).toEqual(before)
  stage.honest()
  await coming
  await bothTalk(stage)
})

it('[A2] a relay that puts its own keys in the place of a joiner’s lets nobody in', async () => {
  const [ghost, stranger] = [await newDevice(), await newDevice()]
  const real = await requestOf(stranger, byLink())
  const forged = await requestOf(ghost, byLink({ secret: random(32) }))
  const [thief, borrowed] = [await newDevice(), fromBase64Url(real.request)!]
  const taken = { ...(await requestOf(thief)), request: toBase64Url(await withProofOf(borrowed, thief)) }
  await stayOut([forged, taken, { ...real, bundle: forged.bundle }], 'Bea')
})

it('[A3] a bundle with one half of its keys replaced belongs to nobody who is let in', async () => {
  const halves = (one: Bundle, other: Bundle): Partial<Bundle>[] => [
    { personKeys: [other.personKeys[0]!, one.personKeys[1]!] },
    { personKeys: [one.personKeys[0]!, other.personKeys[1]!] },
    {
      personKeys: [one.personKeys[0]!, other.personKeys[1]!],
      signatures: [one.signatures[0]!, other.signatures[1]!],
    },
    { signatures: [other.signatures[0]!, one.signatures[1]!] },
    { signatures: [one.signatures[0]!, other.signatures[1]!] },
  ]
  const ghosts = [0, 1, 2, 3, 4].map(async (i) => {
    const [one, other] = [await newDevice(), await newDevice()]
    return requestOf(withBundle(one, halves(one.bundle, other.bundle)[i]!), byLink())
  })
  await stayOut(await Promise.all(ghosts), 'Cid')
})

it('[A4] a bundle of another room or another person, or one that has ended, lets nobody in', async () => {
  const foreign = await newDevice({ room: new CryptoWorld().address })
  const ended = await newDevice({ nowMs: Date.now() - 400 * dayMs })
  const [one, other] = [await newDevice(), await newDevice()]
  const another = withBundle(one, { personKeys: other.bundle.personKeys })
  await stayOut(await Promise.all([foreign, ended, another].map((device) => requestOf(device, byLink()))), 'Dee')
})

it('[A6] without a proof of the link nobody comes in by itself; a knock waits for a person’s yes', async () => {
  const knock = await requestOf(await newDevice())
  const guessed = await requestOf(await newDevice(), byLink({ secret: random(32) }))
  const { ana } = stage
  let shown = false
  const stop = ana.room.subscribe(() => {
    shown ||= ana.room.snapshot.agreement?.knocks.some(({ device }) => device === knock.device) === true
  })
  await stayOut([knock, guessed], 'Eli')
  stop()
  expect(shown, 'somebody is asked').toBe(true)
})

it('[A7] an external commit is refused by everybody', async () => {
  const insider = await stage.insider()
  const intrusion = toBase64Url(await externalCommit(insider.group, await newDevice()))
  await staysClosed(
    stage,
    stage.ben,
    () => inPlaceOfAnas(stage, (event) => asCommit(event, intrusion, insider.device)),
    'wrong-frame-type',
  )
  await staysClosed(
    stage,
    stage.ben,
    () => inPlaceOfAnas(stage, (event) => changed(event, { ct: intrusion })),
    'wrong-frame-type',
  )
  insider.close()
})

it('[A8] where admins let people in, a member’s commit that adds somebody is refused by all and withdrawn', async () => {
  const { ana, ben } = stage
  await ana.room.changeRoom({ admitBy: 'admins' })
  const insider = await stage.insider()
  const stranger = await newDevice()
  const knock = await requestOf(stranger)
  const frame = await insider.forge([addOf(fromBase64Url(knock.request)!)])
  await staysClosed(stage, ben, () => insider.commit(frame, undefined, [knock.bundle]), 'not-invited')
  for (const { snapshot } of [ana.room, ben.room]) {
    expect(snapshot.people.map(({ device }) => device)).not.toContain(stranger.device)
  }
  insider.close()
  await ana.room.changeRoom({ admitBy: 'everyone' })
})

it('[A9] a second leaf for a device that is in already is refused', async () => {
  const insider = await stage.insider()
  const again = await requestOf(insider.identity, byLink())
  const { pskId, psk } = deriveInvite(room, linkSecret())
  const frame = await insider.forge([addOf(fromBase64Url(again.request)!), pskOf(pskId)], new Map([[pskId, psk]]))
  const ct = toBase64Url(frame)
  const attack = () => inPlaceOfAnas(stage, (event) => asCommit(event, ct, insider.device, [again.bundle]))
  await staysClosed(stage, stage.ben, attack, 'duplicate-device')
  insider.close()
})

it('[A10] the people shown are those of the group, whoever the relay says is here', async () => {
  const { ana, ben } = stage
  const ghost = (await newDevice()).device
  const members = [{ device: ghost, present: true }]
  await staysClosed(
    stage,
    ben,
    async () => {
      ben.relay.tell('user_list', { room, members, waiting: [] })
      const alone = await until(ben.room, (s) => s.people.every(({ self, present }) => self || !present))
      expect(alone.people.map(({ device }) => device)).not.toContain(ghost)
      expect(alone.people.map(({ device }) => device)).toContain(ana.room.snapshot.self.device)
      const back = alone.people.map(({ device }) => ({ device, present: true }))
      ben.relay.tell('user_list', { room, members: back, waiting: [] })
    },
    undefined,
  )
})

/** Somebody with the link meets a relay that answers the request with a Welcome of its own making. */
async function welcomed(
  name: string,
  make: (request: Uint8Array<ArrayBuffer>) => Promise<{ welcome: Uint8Array; bundles: Base64Url[] }>,
) {
  const { world, ana } = stage
  const relay = new HostileRelay(world)
  const env = relay.env()
  const where = ana.room.snapshot.invitePath!
  let made: Awaited<ReturnType<typeof make>> | undefined
  relay.up = async (event, payload, real) => {
    if (event === 'fetch_bundles') return { ok: true, bundles: made!.bundles } as never
    if (event !== 'announce_pubkey' || !('request' in payload)) return real(event, payload)
    made = await make(fromBase64Url(payload.request!)!)
    const [from, inc] = [ana.room.snapshot.self.device, toBase64Url(random(16)) as never]
    relay.tell('welcome', { room, from, inc, seq: 5, epoch: 1, ct: toBase64Url(made.welcome) })
    return { ok: true } as never
  }
  const guest = await world.join(name, where, env)
  await until(guest, ({ phase }) => phase.at === 'refused' || phase.at === 'member', patienceMs)
  return { guest, env }
}

/** What the page says to who was refused. */
function saidAtTheDoor({ snapshot: { phase } }: RoomClient): string | undefined {
  return phase.at === 'refused' ? refusalWords(phase.code, 'closed').help : undefined
}

it('[A12] the Welcome of another room, made for this joiner, is refused, and nothing of it is kept', async () => {
  const { pskId, psk } = deriveInvite(room, linkSecret())
  const { guest, env } = await welcomed('Fay', async (request) => {
    const elsewhere = new CryptoWorld()
    const boss = await elsewhere.found()
    const { welcome } = await forge(boss, [addOf(request), pskOf(pskId)], new Map([[pskId, psk]]))
    return { welcome: welcome!, bundles: [toBase64Url(boss.identity.bundleBytes)] }
  })
  const { phase, people } = guest.snapshot
  expect(phase).toMatchObject({ at: 'refused', code: 'bad-welcome' })
  expect(saidAtTheDoor(guest)).toContain('Nothing was shown and nothing sent.')
  expect(people.filter(({ self }) => !self)).toEqual([])
  expect(await env.storage.get(`device/${guest.snapshot.self.device}/room/group`)).toBeUndefined()
  await bothTalk(stage)
})

it('[A16] a group that only claims the address is refused: its creator’s keys do not make it', async () => {
  const { pskId, psk } = deriveInvite(room, linkSecret())
  const { guest, env } = await welcomed('Gus', async (request) => {
    const identity = await newDevice()
    const creatorPersonKeys = encodePersonKeys(identity.bundle.personKeys)
    const purpose = { kind: 'room', address: room, roomKind: 'closed', creatorPersonKeys, nonce: random(16) } as const
    const group = await groupClaiming(identity, purpose, fromBase64Url(room)!)
    const { welcome } = await forge({ identity, group }, [addOf(request), pskOf(pskId)], new Map([[pskId, psk]]))
    return { welcome: welcome!, bundles: [toBase64Url(identity.bundleBytes)] }
  })
  expect(guest.snapshot.phase).toMatchObject({ at: 'refused', code: 'bad-welcome' })
  expect(saidAtTheDoor(guest)).toContain('Nothing was shown and nothing sent.')
  expect(await env.storage.get(`device/${guest.snapshot.self.device}/room/group`)).toBeUndefined()
  await bothTalk(stage)
})

it('[A13] a removed member that keeps its connection reads nothing more, and nothing of it is read', async () => {
  const { ana, ben } = stage
  const insider = await stage.insider()
  const late = await insider.seal(new TextEncoder().encode('late'))
  await ana.room.putOut(insider.device)
  await until(ben.room, (s) => s.people.every(({ device }) => device !== insider.device))
  await bothTalk(stage)
  await expect(insider.send(late)).rejects.toThrow('refused')
  const ct = toBase64Url(late)
  const bring = () => inPlaceOfAnas(stage, (event) => changed(event, { ct, device: insider.device }))
  await staysClosed(stage, ben, bring, 'stale-epoch')
  // The relay gives it a frame of the new epoch all the same.
  const next = ben.relay.of('encrypted_message').findLast(isChat)!.payload.ct as string
  const read = await receive(insider.group, fromBase64Url(next)!, { bundles: () => undefined })
  expect(read).toEqual({ kind: 'refused', reason: 'future-epoch' })
  insider.close()
})

it('[A14] a device from which a removal is hidden learns it from its peers, and comes back', async () => {
  const { ana, ben } = stage
  const hal = await stage.admit('Hal')
  await stage.admit('Ida') // so that somebody else confirms the removal
  await quiet([ana, ben])
  let hidden: number | undefined
  ben.relay.down = (event) => {
    const { name, payload } = event
    if (name === 'welcome' && !payload.pair) ben.relay.honest()
    if (!isRoomFrame(event)) return [event]
    if (name === 'commit') hidden ??= payload.seq as number
    if (payload.seq === hidden) return []
    return hidden !== undefined && payload.seq > hidden ? changed(event, { seq: payload.seq - 1 }) : [event]
  }
  await ana.room.putOut(hal.room.snapshot.self.device)
  await ana.room.send('Hal is out')
  await until(ben.room, (s) => events(s).includes('rejoined') && !knows('Hal')(s), patienceMs)
  await until(ana.room, (s) => events(s).includes('rejoined'))
  expect(toldInWords(ben.room.snapshot, 'rejoined')).toBe(true)
  await ana.room.send('for all who are left')
  await until(ben.room, hasText('for all who are left'), patienceMs)
  stage.honest()
  await bothTalk(stage)
})

it('[A15] a proof serves one room, one leaf and its own time, and ends with its link', async () => {
  const elsewhere = await requestOf(await newDevice(), byLink({ rid: new CryptoWorld().address }))
  const over = await requestOf(await newDevice(), byLink({ expiresMs: Date.now() - 1_000 }))
  const guessed = await requestOf(await newDevice(), byLink({ secret: random(32) }))
  const old = byLink()
  const [id] = stage.ana.room.snapshot.agreement!.invites.map((invite) => invite.id)
  await stage.ana.room.revokeInvite(id!)
  await until(stage.ana.room, (s) => s.invitePath !== undefined && !s.agreement!.invites.some((one) => one.id === id))
  const ended = await requestOf(await newDevice(), old)
  const thief = await newDevice()
  const shown = fromBase64Url((await requestOf(await newDevice(), byLink())).request)!
  const moved = { ...(await requestOf(thief)), request: toBase64Url(await withProofOf(shown, thief)) }
  await stayOut([elsewhere, over, guessed, ended, moved], 'Jon')
})
