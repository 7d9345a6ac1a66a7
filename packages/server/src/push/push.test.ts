import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isPushEndpoint, type JoinAnswer } from '@qsec/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type Member,
  ok,
  quiet,
  relay,
  room,
  type TestRoom,
  temporaryFolder,
  until,
} from '../../test/harness.ts'
import { openPushService, type PushService } from '../../test/push-service.ts'
import { readConfig } from '../config.ts'
import { defaultLimits, type RelayLimits } from '../limits.ts'
import { ConfigError } from '../settings/read.ts'
import { Tally } from '../tally.ts'
import { isPublicAddress, lookupPublic, mayAsk } from './reachable.ts'
import { type PushOptions, PushSender } from './sender.ts'
import { readVapidKey, Vapid } from './vapid.ts'

const contact = 'mailto:admin@example.org'
const newVapid = () => new Vapid(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, contact)
const soon = { pushEveryMs: 60_000, pushPauseMs: 0, pushRetryMs: 20, pushTimeoutMs: 2_000, logPushMs: 20 }

async function service(): Promise<{ service: PushService; push: PushOptions }> {
  const opened = await openPushService()
  onTestFinished(() => opened.close())
  return { service: opened, push: { vapid: newVapid(), services: [opened.origin], ca: opened.ca } }
}

/** A room of `size` whose members have addresses there, by number. */
async function roomWithPush(size: number, limits: Partial<RelayLimits> = {}) {
  const { service: opened, push } = await service()
  const made = await room(size, { push, limits: { ...soon, ...limits } })
  for (const [i, member] of made.members.entries()) ok(await subscribe(member, opened.endpoint(String(i))))
  return { ...made, service: opened, push }
}

const subscribe = (member: Member, endpoint?: string) =>
  member.client.request('set_push', { room: member.room, ...(endpoint === undefined ? {} : { endpoint }) })

async function goAway({ members, ...made }: Pick<TestRoom, 'members' | 'relay'>, i: number): Promise<void> {
  const connections = made.relay.stats().connections
  members[i]!.client.socket.disconnect()
  await until(() => made.relay.stats().connections < connections)
  await members[i === 0 ? 1 : 0]!.client.next('user_list', (list) =>
    list.members.some(({ device, present }) => device === members[i]!.id && !present),
  )
}

function rowsIn(databasePath: string): { device: string; endpoint: string }[] {
  const db = new DatabaseSync(databasePath, { readOnly: true })
  try {
    return db.prepare('select device, endpoint from push_subscriptions').all() as { device: string; endpoint: string }[]
  } finally {
    db.close()
  }
}

describe('calling who is away', () => {
  it('[WP1] is an empty POST with TTL, Topic and a word of the relay that holds, and only to who is away', async () => {
    const made = await roomWithPush(3)
    await goAway(made, 1)
    ok(await made.members[0]!.say({ wakes: true }))
    await until(() => made.service.received.length > 0)
    await quiet()
    expect(made.service.received).toHaveLength(1)
    const [one] = made.service.received
    expect(one).toMatchObject({ path: '/1', method: 'POST', bodyBytes: 0, key: made.push.vapid.publicKey })
    expect(one!.headers).toMatchObject({ ttl: '86400', urgency: 'normal', topic: 'qsec', 'content-length': '0' })
    expect(one!.headers).not.toHaveProperty('content-encoding')
    expect(one!.claims).toMatchObject({ aud: made.service.origin, sub: contact })
    const leftS = one!.claims.exp - Date.now() / 1_000
    expect(leftS).toBeGreaterThan(3_600)
    expect(leftS).toBeLessThanOrEqual(86_400)
    // Nothing in it differs by who says what where.
    expect(JSON.stringify(one)).not.toContain(made.address)
  })

  it('[WP2] once until the device comes, and again after that', async () => {
    const made = await roomWithPush(2)
    await goAway(made, 1)
    for (let i = 0; i < 5; i++) ok(await made.members[0]!.say({ wakes: true }))
    await until(() => made.service.received.length === 1)
    await quiet()
    expect(made.service.received).toHaveLength(1)
    const joined = ok(await comeBack(made.relay.url, made.members[1]!))
    expect(joined).toMatchObject({ push: { key: made.push.vapid.publicKey, on: true } })
    await goAway(made, 1)
    ok(await made.members[0]!.say({ wakes: true }))
    await until(() => made.service.received.length === 2)
  })

  it('[WP3] not by receipts and commits, not by its own person’s other frames, and not who did not ask', async () => {
    const made = await roomWithPush(3)
    ok(await subscribe(made.members[2]!))
    await goAway(made, 1)
    await goAway(made, 2)
    ok(await made.members[0]!.say())
    ok(await made.members[0]!.commit())
    await quiet()
    expect(made.service.received).toEqual([])
    made.members[0]!.epoch += 1
    ok(await made.members[0]!.say({ wakes: true }))
    await until(() => made.service.received.length > 0)
    await quiet()
    expect(made.service.received.map((one) => one.path)).toEqual(['/1'])
  })

  it('[WP4] who fell silent is called for what was said meanwhile; who went by itself is not', async () => {
    const made = await roomWithPush(3, { pingIntervalMs: 700, pingTimeoutMs: 700 })
    const silent = made.members[1]!.client.socket
    // Its machine sleeps: it answers no ping any more.
    Object.assign(silent.io.engine, { _sendPacket: () => undefined })
    ok(await made.members[0]!.say({ wakes: true }))
    await until(() => made.service.received.length === 1)
    expect(made.service.received[0]!.path).toBe('/1')
    ok(await made.members[0]!.say({ wakes: true }))
    await goAway(made, 2)
    await quiet()
    expect(made.service.received.map((one) => one.path)).not.toContain('/2')
  })

  it('[WP5] members hear whether frames are to be marked, and only while somebody wants it', async () => {
    const { push } = await service()
    const { members } = await room(2, { push, limits: soon })
    const [ana, ben] = members as [Member, Member]
    const last = () => ana.client.events('user_list').at(-1)
    await until(() => last() !== undefined)
    expect(last()).not.toHaveProperty('wakes')
    ok(await subscribe(ben, 'https://push.example/b'))
    await until(() => last()?.wakes === true)
    ok(await subscribe(ben))
    await until(() => last()?.wakes === undefined)
  })
})

describe('what a push service answers', () => {
  it.each([404, 410])('[WP6] %s deletes the address, on disk as well', async (status) => {
    const made = await roomWithPush(2)
    made.service.answer('1', { status })
    await goAway(made, 1)
    ok(await made.members[0]!.say({ wakes: true }))
    await until(() => rowsIn(made.databasePath).length === 1)
    expect(rowsIn(made.databasePath)[0]!.device).toBe(made.members[0]!.id)
    expect(ok(await comeBack(made.relay.url, made.members[1]!))).toMatchObject({ push: { on: false } })
  })

  it('[WP7] 429 and 503 are tried again after the time they ask for, and given up in the end', async () => {
    const { service: opened, push } = await service()
    const tally = new Tally()
    const reports: string[] = []
    const limits = { ...defaultLimits, ...soon }
    const report = ({ event, code: why }: { event: string; [field: string]: unknown }) =>
      void reports.push(`${event} ${why}`)
    const sender = new PushSender(push, { limits, tally, now: Date.now, report })
    onTestFinished(() => sender.close())
    opened.answer('a', { status: 429, headers: { 'retry-after': '1' } }, { status: 503 }, { status: 201 })
    const startedMs = performance.now()
    expect(await sender.call(opened.endpoint('a'), () => true)).toBe('taken')
    expect(performance.now() - startedMs).toBeGreaterThan(950)
    opened.answer('b', { status: 503 })
    expect(await sender.call(opened.endpoint('b'), () => true)).toBe('given-up')
    expect(opened.received.filter((one) => one.path === '/b')).toHaveLength(limits.pushTries)
    // Who has come meanwhile is not called again.
    let wanted = true
    opened.answer('c', { status: 503 })
    const call = sender.call(opened.endpoint('c'), () => wanted)
    await until(() => opened.received.some((one) => one.path === '/c'))
    wanted = false
    expect(await call).toBe('given-up')
    expect(opened.received.filter((one) => one.path === '/c')).toHaveLength(1)
    expect(reports).toEqual(
      expect.arrayContaining(['push-delayed http-429', 'push-delayed http-503', 'push-failed http-503']),
    )
    expect(tally.pushes.get('taken')).toBe(1)
  })

  it('[WP8] silence, redirects and refusals hold nothing up: a limit of time, no second address, one line in the log', async () => {
    const { service: opened, push } = await service()
    const reports: string[] = []
    const limits = { ...defaultLimits, ...soon, pushTimeoutMs: 150, pushTries: 2, pushesAtOnce: 1, pushesWaiting: 2 }
    const report = ({ level, event, code: why }: { level: string; event: string; [field: string]: unknown }) =>
      void reports.push(`${level} ${event} ${why}`)
    const tally = new Tally()
    const sender = new PushSender(push, { limits, tally, now: Date.now, report })
    onTestFinished(() => sender.close())
    opened.answer('silent', 'silence')
    opened.answer('moved', { status: 307, headers: { location: opened.endpoint('elsewhere') } })
    opened.answer('no', { status: 403 })
    expect(await sender.call(opened.endpoint('silent'), () => true)).toBe('given-up')
    expect(await sender.call(opened.endpoint('moved'), () => true)).toBe('given-up')
    expect(await sender.call(opened.endpoint('no'), () => true)).toBe('given-up')
    expect(await sender.call(opened.endpoint('no'), () => true)).toBe('given-up')
    expect(opened.received.map((one) => one.path)).not.toContain('/elsewhere')
    expect(reports).toEqual([
      'debug push-delayed timeout',
      'debug push-failed timeout',
      'debug push-failed http-307',
      'warn push-refused http-403',
      'debug push-failed http-403',
    ])
    opened.answer('late', 'silence')
    await quiet() // the place of the last one is free again
    const calls = Array.from({ length: 4 }, () => sender.call(opened.endpoint('late'), () => true))
    expect(await calls.at(-1)).toBe('given-up')
    expect(tally.pushes.get('given-up')).toBe(1)
    sender.close()
    expect(await Promise.all(calls)).toEqual(Array(4).fill('given-up'))
  })
})

describe('where a push may go', () => {
  it('[WP9] public addresses alone, however a private one is spelled', () => {
    for (const address of ['8.8.8.8', '142.250.1.1', '2606:4700::1111', '2a00:1450::1']) {
      expect(isPublicAddress(address), address).toBe(true)
    }
    const inside = [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
    ]
    const special = [
      '224.0.0.1',
      '255.255.255.255',
      '192.0.2.1',
      '198.18.0.1',
      '::',
      '::1',
      'fe80::1',
      'fd00::1',
      'ff02::1',
    ]
    const hidden = [
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:0:7f00:1::',
      '2001:db8::1',
      '',
      'host',
    ]
    for (const address of [...inside, ...special, ...hidden]) expect(isPublicAddress(address), address).toBe(false)
    for (const bad of [
      'https://127.1/',
      'https://0x7f000001/',
      'https://[::1]/',
      'https://push.example:8443/',
      'http://a.example/',
    ]) {
      expect(mayAsk(new URL(bad)), bad).toBe(false)
    }
    expect(mayAsk(new URL('https://updates.push.services.mozilla.com/wpush/v2/a'))).toBe(true)
  })

  it('[WP10] a name that leads to a private address is refused on the connection itself, unless the operator listed it', async () => {
    const found = await new Promise((resolve) => lookupPublic('localhost', { all: true }, (error) => resolve(error)))
    expect(found).toMatchObject({ code: 'not-public' })
    const { service: opened, push } = await service()
    const reports: unknown[] = []
    const report = (record: unknown) => void reports.push(record)
    const tally = new Tally()
    const ports = { limits: { ...defaultLimits, ...soon }, tally, now: Date.now, report }
    const sender = new PushSender({ ...push, services: [] }, ports)
    onTestFinished(() => sender.close())
    expect(await sender.call(opened.endpoint('a'), () => true)).toBe('given-up')
    expect(await sender.call('https://localhost/a', () => true)).toBe('given-up')
    expect(opened.received).toEqual([])
    expect(reports).toEqual(Array(2).fill({ level: 'debug', event: 'push-failed', code: 'not-public' }))
  })

  it('[WP11] an address is https in its one spelling, without a name, a password or a fragment', () => {
    for (const good of [
      'https://fcm.googleapis.com/fcm/send/a:b-_',
      'https://push.example:8443/?a=b',
      'https://[::1]/',
    ]) {
      expect(isPushEndpoint(good), good).toBe(true)
    }
    const bad = [
      '',
      'x',
      'http://a.example/',
      'https://a.example',
      'HTTPS://a.example/',
      'https://u@a.example/',
      'https://a.example/#b',
    ]
    for (const one of [
      ...bad,
      'https://a.example/ b',
      'https://a.example/\n',
      'ftp://a.example/',
      'https://ä.example/',
      'https://a.example/../b',
    ]) {
      expect(isPushEndpoint(one), one).toBe(false)
    }
  })
})

describe('what the relay holds', () => {
  it('[WP12] one address of a device, shown to it alone, and none after it leaves, is removed, or the room ends', async () => {
    const made = await roomWithPush(3)
    const [ana, ben, cleo] = made.members as [Member, Member, Member]
    ok(await subscribe(ben, made.service.endpoint('newer')))
    expect(rowsIn(made.databasePath)).toHaveLength(3)
    const page = ok(await ben.client.request('fetch_room_rows', { room: made.address, table: 'push_subscriptions' }))
    expect(page.rows).toHaveLength(1)
    expect(page.rows[0]).toEqual(expect.arrayContaining([ben.id, made.service.endpoint('newer')]))
    const { tables } = ok(await ben.client.request('fetch_room_tables', { room: made.address }))
    expect(tables.find(({ table }) => table === 'push_subscriptions')).toMatchObject({ rows: 3, withheld: 2 })
    ok(await ben.client.request('leave', { room: made.address }))
    expect(
      rowsIn(made.databasePath)
        .map(({ device }) => device)
        .sort(),
    ).toEqual([ana.id, cleo.id].sort())
    ok(await ana.commit({ removed: [cleo.id] }))
    expect(rowsIn(made.databasePath).map(({ device }) => device)).toEqual([ana.id])
    ok(await ana.client.request('leave', { room: made.address }))
    expect(rowsIn(made.databasePath)).toEqual([])
  })

  it('[WP13] it outlives a restart, and is deleted at the first start with pushes off', async () => {
    const { service: opened, push } = await service()
    const made = await room(2, { push, limits: soon })
    ok(await subscribe(made.members[1]!, opened.endpoint('1')))
    await made.relay.close()
    const again = await relay({ databasePath: made.databasePath, push, limits: soon })
    const ana = made.members[0]!
    ok(await comeBack(again.relay.url, ana))
    ok(await ana.say({ wakes: true }))
    await until(() => opened.received.length === 1)
    await again.relay.close()
    const off = await relay({ databasePath: made.databasePath })
    expect(rowsIn(made.databasePath)).toEqual([])
    expect(ok(await comeBack(off.relay.url, ana)) as JoinAnswer).not.toHaveProperty('push')
    expect(code(await subscribe(ana, opened.endpoint('1')))).toBe('unavailable')
    ok(await subscribe(ana))
  })

  it('[WP14] an address that no browser has confirmed for long is deleted', async () => {
    const { push } = await service()
    let aheadMs = 0
    const made = await room(2, {
      push,
      limits: { ...soon, sweepMs: 20, pushAgeMs: 60_000 },
      now: () => Date.now() + aheadMs,
    })
    ok(await subscribe(made.members[1]!, 'https://push.example/1'))
    await quiet()
    expect(rowsIn(made.databasePath)).toHaveLength(1)
    aheadMs = 61_000
    await until(() => rowsIn(made.databasePath).length === 0)
  })

  it('[WP15] only members set one, for themselves', async () => {
    const { push } = await service()
    const made = await room(2, { push, limits: soon })
    const stranger = new Client(made.relay.url)
    await stranger.connected()
    const event = { room: made.address, endpoint: 'https://push.example/x' }
    expect(code(await stranger.request('set_push', event))).toBe('not-logged-in')
    expect(
      code(await made.members[0]!.client.request('set_push', { ...event, endpoint: 'http://push.example/x' })),
    ).toBe('bad-request')
    expect(rowsIn(made.databasePath)).toEqual([])
  })
})

describe('the operator’s switch', () => {
  it('[WP16] is off until set, and needs somebody whom push services can write to', () => {
    expect(readConfig({}, []).push).toBeUndefined()
    expect(() => readConfig({ QSEC_PUSH: 'on' }, [])).toThrow(/QSEC_PUSH_CONTACT/)
    expect(() => readConfig({ QSEC_PUSH: 'on', QSEC_PUSH_CONTACT: 'me' }, [])).toThrow(ConfigError)
    const set = { QSEC_PUSH: 'on', QSEC_PUSH_CONTACT: contact, QSEC_PUSH_SERVICES: 'https://push.lan:8443' }
    expect(readConfig(set, []).push).toEqual({ contact, services: ['https://push.lan:8443'] })
  })

  it('[WP17] the key is made once, for its owner alone; one that others can read, or that is none, is refused', () => {
    const file = path.join(temporaryFolder(), 'data', 'vapid-key.pem')
    const { publicKey } = new Vapid(readVapidKey(file), contact)
    expect(new Vapid(readVapidKey(file), contact).publicKey).toBe(publicKey)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o644)
    expect(() => readVapidKey(file)).toThrow(/chmod 600/)
    chmodSync(file, 0o600)
    const given = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' })
    writeFileSync(file, given)
    expect(new Vapid(readVapidKey(file), contact).publicKey).not.toBe(publicKey)
    const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    for (const bad of [other, 'no key', readFileSync(file, 'utf8').slice(0, 60)]) {
      writeFileSync(file, bad)
      expect(() => readVapidKey(file)).toThrow(/P-256/)
    }
  })

  it('[WP18] one word serves a push service for hours, another service gets its own', () => {
    const vapid = newVapid()
    const nowMs = Date.now()
    const first = vapid.authorization('https://a.example', nowMs)
    expect(vapid.authorization('https://a.example', nowMs + 10 * 3_600_000)).toBe(first)
    expect(vapid.authorization('https://a.example', nowMs + 11.5 * 3_600_000)).not.toBe(first)
    expect(vapid.authorization('https://b.example', nowMs)).not.toBe(first)
  })
})
