/** One person with several devices, over a real relay: by a link that serves once, and by nothing else. */
import { type ClientEnv, linkDevice, parseDeviceLinkFragment, type RoomClient, type RoomSnapshot } from '@qsec/client'
import { type MemoryStorage, nodeClock, nodeRandom } from '@qsec/client/node'
import { fromBase64Url, limits, parseRoomAddress, type RoomAddress, toBase64Url } from '@qsec/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDevice, personKeysOf, sealForDevice } from '../../packages/client/src/crypto/index.ts'
import { addOf, forge } from '../../packages/client/src/crypto/test-world.ts'
import { adoptDevice, claimDevice, deviceKey } from '../../packages/client/src/room/device-store.ts'
import { Room } from '../../packages/client/src/room/room.ts'
import { flip, HostileRelay } from '../hostile/hostile-relay.ts'
import { storedGroup } from './stored-group.ts'
import { events, hasText, openWorld, until, type World } from './world.ts'

let world: World
let ana: RoomClient
let anaEnv: ClientEnv
let ben: RoomClient
let benEnv: ClientEnv
let opened: RoomClient[]
const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const named = (s: RoomSnapshot) => s.people.map(({ name }) => name).sort()
const saw = (type: string) => (s: RoomSnapshot) => events(s).includes(type)

beforeEach(async () => {
  world = await openWorld()
  opened = []
  anaEnv = world.env()
  ana = await world.create('Ana', undefined, anaEnv)
  benEnv = world.env()
  ben = await world.join('Ben', ana.snapshot.invitePath!, benEnv)
  for (const room of [ana, ben])
    await until(room, (s) => isMember(s) && s.people.filter(({ name }) => name).length === 2)
})
afterEach(async () => {
  await Promise.all(opened.map((room) => room.close()))
  await world.close()
})

async function makeLink(room = ana): Promise<{ address: RoomAddress; key: Uint8Array<ArrayBuffer> }> {
  await room.linkDevice()
  const link = room.snapshot.deviceLink
  if (link?.state !== 'open') throw new Error('no link')
  const [path, fragment] = link.path.split('#') as [string, string]
  return { address: parseRoomAddress(path.slice('/room/'.length))!, key: parseDeviceLinkFragment(fragment)! }
}

async function take({ address, key }: Awaited<ReturnType<typeof makeLink>>, env = world.env()) {
  const linked = await linkDevice(env, address, { relayUrl: world.url, key })
  if (linked.ok) opened.push(linked.room)
  return linked
}

async function linked(room = ana, env = world.env()): Promise<RoomClient> {
  const taken = await take(await makeLink(room), env)
  if (!taken.ok) throw new Error(taken.reason)
  await until(taken.room, isMember)
  return taken.room
}

describe('a further device', () => {
  it('[DL40] it comes in by the link alone, under the same name, and both write and read', async () => {
    const before = ana.snapshot.epoch
    const phone = await linked()
    for (const room of [ana, ben, phone])
      await until(room, (s) => s.people.length === 3 && named(s).join() === 'Ana,Ana,Ben')
    for (const room of [ana, ben]) await until(room, saw('device-added'))
    expect(events(ben.snapshot)).not.toContain('joined')
    const [one, two] = ben.snapshot.people.filter(({ name }) => name === 'Ana')
    expect(one!.person).toBe(two!.person)
    expect(one!.hue).toBe(two!.hue)
    expect(ana.snapshot.epoch).toBeGreaterThan(before)
    await until(ana, (s) => s.deviceLink?.state === 'in')
    expect(ana.snapshot.devices.map(({ self }) => self)).toEqual([true, false])
    expect(phone.snapshot.devices.map(({ device }) => device).toReversed()).toEqual(
      ana.snapshot.devices.map(({ device }) => device),
    )
    await phone.send('from the phone')
    await ana.send('from the desk')
    await ben.send('to both')
    for (const room of [ana, ben, phone]) {
      for (const text of ['from the phone', 'from the desk', 'to both']) await until(room, hasText(text))
    }
    await until(ben, (s) =>
      s.timeline.some(
        (item) =>
          item.kind === 'message' && item.text === 'to both' && item.meantFor === 2 && item.state === 'delivered',
      ),
    )
  })

  it('[DL41] it is taken out again by the first, says so and has nothing left; the other goes on', async () => {
    const env = world.env()
    const phone = await linked(ana, env)
    await until(ben, (s) => s.people.length === 3)
    const { device } = phone.snapshot.self
    await expect(ben.removeDevice(device)).rejects.toMatchObject({ code: 'not-own-device' })
    await expect(ana.removeDevice(ana.snapshot.self.device)).rejects.toMatchObject({ code: 'not-own-device' })
    await ana.removeDevice(device)
    await until(phone, (s) => s.phase.at === 'removed')
    expect(phone.snapshot.phase).toEqual({ at: 'removed', byOwn: true })
    expect(await env.storage.list(deviceKey(device))).toEqual([])
    for (const room of [ana, ben]) await until(room, (s) => s.people.length === 2 && saw('device-removed')(s))
    expect(events(ben.snapshot)).not.toContain('removed')
    await ana.send('still here')
    await until(ben, hasText('still here'))
  })

  it('[DL42] the first leaves, and the second goes on as the same person and owner', async () => {
    const phone = await linked()
    await until(ben, (s) => s.people.length === 3)
    await ana.leave()
    for (const room of [ben, phone]) await until(room, (s) => s.people.length === 2 && saw('device-removed')(s))
    expect(events(ben.snapshot)).not.toContain('left')
    expect(phone.snapshot.agreement?.role).toBe('owner')
    await phone.send('on the phone now')
    await until(ben, hasText('on the phone now'))
  })

  it('[DL43] whoever is put out is out with all devices, and named once', async () => {
    const laptop = await linked(ben)
    await until(ana, (s) => s.people.length === 3)
    await ana.putOut(ben.snapshot.self.device)
    for (const room of [ben, laptop]) await until(room, (s) => s.phase.at === 'removed')
    expect(laptop.snapshot.phase).toEqual({ at: 'removed' })
    await until(ana, saw('removed'))
    const line = ana.snapshot.timeline.find((item) => item.kind === 'system' && item.event.type === 'removed')
    expect(line).toMatchObject({ event: { people: [{ name: 'Ben' }] } })
  })

  it('[DL44] it takes no place in a full room, and comes into a locked one', async () => {
    await ana.changeRoom({ capacity: 2, locked: true })
    await until(ben, (s) => s.agreement?.locked === true && s.agreement.capacity === 2)
    await linked(ben)
    await until(ana, (s) => s.people.length === 3)
  })

  it('[DL45] it knows whom its person has verified, and comes back by itself', async () => {
    await ana.confirm(ben.snapshot.self.device, 'number', true)
    const env = world.env()
    const phone = await linked(ana, env)
    await until(phone, (s) => s.people.some(({ name, standing }) => name === 'Ben' && standing.trust === 'verified'))
    const others = phone.snapshot.people.filter(({ self }) => !self)
    expect(others.find(({ name }) => name === 'Ana')?.standing.trust).toBe('self')
    expect(phone.safetyNumber(ana.snapshot.self.device)).toBeUndefined()
    await phone.close()
    const again = await world.comeBack(env, phone.snapshot.address)
    await until(again, isMember)
    await ana.send('after a reload')
    await until(again, hasText('after a reload'))
  })

  it('[DL46] in an open room it is let in by its own person alone', async () => {
    const dan = await world.join('Dan', '/room/lobby')
    await until(dan, isMember)
    const eva = await world.join('Eva', '/room/lobby')
    await until(eva, isMember)
    const phone = await linked(dan)
    await until(eva, (s) => s.people.length === 3)
    expect(phone.snapshot.people.filter(({ person }) => person === dan.snapshot.self.person)).toHaveLength(2)
  })
})

describe('a link', () => {
  it('[DL47] it serves once, tells its maker, and is over when it is ended or another is made', async () => {
    const link = await makeLink()
    expect((await take(link)).ok).toBe(true)
    await until(ana, (s) => s.deviceLink?.state === 'taken' || s.deviceLink?.state === 'in')
    expect(await take(link)).toEqual({ ok: false, reason: 'link-over' })
    const ended = await makeLink()
    await ana.endDeviceLink()
    expect(ana.snapshot.deviceLink).toBeUndefined()
    expect(await take(ended)).toEqual({ ok: false, reason: 'link-over' })
    const replaced = await makeLink()
    await makeLink()
    expect(await take(replaced)).toEqual({ ok: false, reason: 'link-over' })
    expect(await take({ ...replaced, key: nodeRandom(32) })).toEqual({ ok: false, reason: 'link-over' })
  })

  it('[DL48] after ten minutes its maker lets nobody in by it', async () => {
    let aheadMs = 0
    const clock = { nowMs: () => nodeClock.nowMs() + aheadMs, after: nodeClock.after }
    const cleo = await world.join('Cleo', ana.snapshot.invitePath!, { ...world.env(), clock })
    await until(cleo, isMember)
    const link = await makeLink(cleo)
    aheadMs = limits.deviceLinkLifetimeMs
    const taken = await take(link)
    if (!taken.ok) throw new Error(taken.reason)
    // It waits, and Cleo is asked, since it has Cleo's keys; nobody else is.
    await until(cleo, (s) => s.agreement?.knocks.length === 1)
    expect(cleo.snapshot.deviceLink?.state).toBe('over')
    expect(cleo.snapshot.agreement?.knocks[0]).toMatchObject({ own: true, device: taken.room.snapshot.self.device })
    await until(taken.room, (s) => s.phase.at === 'waiting' && s.phase.linked === true && s.phase.anyoneHere)
    expect(ana.snapshot.agreement?.knocks).toEqual([])
    await cleo.letIn(taken.room.snapshot.self.device)
    await until(taken.room, isMember)
  })

  it('[DL49] its maker need not stay: a reload in between loses nothing', async () => {
    const link = await makeLink()
    await ana.close()
    const taken = await take(link)
    if (!taken.ok) throw new Error(taken.reason)
    await until(taken.room, (s) => s.phase.at === 'waiting' && !s.phase.anyoneHere)
    await world.comeBack(anaEnv, link.address)
    await until(taken.room, isMember)
  })

  it('[DL50] keys without a link come in by nobody’s machine: they wait, and people are asked', async () => {
    const claimed = (await claimDevice(world.copy(anaEnv), ana.snapshot.address, undefined))!
    const env = world.env()
    const nowMs = nodeClock.nowMs()
    const personKeys = personKeysOf(claimed.identity)
    const identity = await createDevice({
      room: ana.snapshot.address,
      name: 'Ana',
      nowMs,
      random: nodeRandom,
      personKeys,
    })
    const thief = await Room.open(
      env,
      await adoptDevice(env, identity, { name: 'Ana', createdMs: nowMs }, undefined),
      world.url,
    )
    opened.push(thief)
    await until(ana, (s) => s.agreement?.knocks.some(({ own }) => own) === true)
    await linked()
    await until(ben, (s) => s.people.length === 3)
    expect(thief.snapshot.phase.at).toBe('waiting')
    expect(ana.snapshot.agreement?.knocks.map(({ device }) => device)).toEqual([identity.device])
  })
})

describe('a relay that lies', () => {
  it('[DL51] a changed, foreign or empty offer makes no device', async () => {
    for (const change of ['flip', 'swap'] as const) {
      const link = await makeLink()
      const hostile = new HostileRelay(world)
      const foreign = await sealForDevice(link.address, nodeRandom(32), new Uint8Array(2_048), nodeRandom)
      hostile.up = async (name, payload, real) => {
        const answer = await real(name, payload)
        if (name !== 'take_link' || !answer?.ok) return answer
        const { sealed } = answer as unknown as { sealed: Parameters<typeof flip>[0] }
        const other = change === 'flip' ? flip(sealed) : toBase64Url(foreign)
        return { ...answer, sealed: other } as typeof answer
      }
      const env = hostile.env()
      expect(await take(link, env)).toEqual({ ok: false, reason: 'link-damaged' })
      expect(await (env.storage as MemoryStorage).list('')).toEqual([])
    }
  })

  it('[DL52] a Welcome to a group that somebody else hands over is refused', async () => {
    const group = (await storedGroup(benEnv.storage, deviceKey(ben.snapshot.self.device, 'room')))!
    const hostile = new HostileRelay(world)
    let announced: string | undefined
    hostile.up = (name, payload, real) => {
      if (name === 'announce_pubkey') announced ??= (payload as { request?: string }).request
      return real(name, payload)
    }
    // What Ana hands over is kept back; in its place comes what Ben would hand over, against the rules.
    hostile.down = (event) => (event.name === 'welcome' ? [] : [event])
    const taken = await take(await makeLink(), hostile.env())
    if (!taken.ok) throw new Error(taken.reason)
    await until(ana, (s) => s.deviceLink?.state === 'in')
    const genuine = await waitFor(() => hostile.of('welcome')[0])
    const { welcome } = await forge({ identity: undefined as never, group }, [addOf(fromBase64Url(announced!)!)])
    hostile.tell('welcome', { ...genuine.payload, ct: toBase64Url(welcome!) })
    await until(taken.room, (s) => s.phase.at === 'refused')
    expect(taken.room.snapshot.phase).toMatchObject({
      code: 'bad-welcome',
      message: expect.stringContaining('not-own-device'),
    })
    expect(taken.room.snapshot.people.map(({ self }) => self)).toEqual([true])
  })
})

async function waitFor<T>(find: () => T | undefined): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const found = find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('waited in vain')
}
