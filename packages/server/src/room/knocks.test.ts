import { isDeepStrictEqual } from 'node:util'
import type { Answer, Base64Url, ClientEventName, ClientEvents, JoinAnswer } from '@qsec/protocol'
import { toBase64Url } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  comeBack,
  Member,
  messageId,
  ok,
  openAddress,
  quiet,
  type Received,
  random,
  relay,
  room,
  TestDevice,
  type TestRoom,
  until,
} from '../../test/harness.ts'

const many = { knocksPerAddress: 1_000 }

interface Knocker {
  device: TestDevice
  client: Client
  request: string
  answers: Answer<object>[]
}

/** Knocks at `device.room`, and says with what it asks. */
async function knock(url: string, device: TestDevice, request = random(90)): Promise<Knocker> {
  const client = new Client(url)
  const joined = await client.join(device, { knock: true })
  const announced = await client.request('announce_pubkey', { room: device.room, request })
  return { device, client, request, answers: [joined, announced] }
}

/** Knocks until members see it. */
async function seen(made: TestRoom, device = new TestDevice(made.address)): Promise<Knocker> {
  const knocker = await knock(made.relay.url, device)
  const [ana] = made.members
  await ana!.client.next('pubkey_list', (l) => l.devices.some((d) => d.request === knocker.request))
  await ana!.client.next('user_list', (l) => l.waiting.includes(device.id))
  return knocker
}

function waitingNow(member: Member): string[] | undefined {
  return member.client.events('user_list').at(-1)?.waiting
}

/** Holds that once all has come that was going to come, `devices` and no others ask. */
async function listed(member: Member, devices: string[]): Promise<void> {
  await quiet(100)
  await until(() => isDeepStrictEqual(waitingNow(member), devices), undefined, `${devices} in ${waitingNow(member)}`)
}

async function logOf(member: Member, tag: string): Promise<string[]> {
  const answer = ok(await member.client.request('fetch_room_logs', { room: member.room, since_id: 0, limit: 500 }))
  return answer.logs.map(({ message }) => message).filter((line) => line.startsWith(`[${tag}]`))
}

/** One payload of each event that a device at the door may not send. */
function forbidden(address: TestDevice['room'], device: TestDevice['id']): [ClientEventName, object][] {
  const message = { room: address, id: messageId(), epoch: 0, n: 0, ct: random(4) }
  const pair = { ...message, pair: messageId(), to: device }
  const nack = { seq: 1, epoch: 0, hash: random(32), reason: 'policy', signature: random(64) }
  const outcome = { original: 1, matched: 1, mismatched: 0, qber: 0, threshold: 0, accepted: true }
  return [
    ['encrypted_message', message],
    ['bb84_relay', pair],
    ['roomkey_share', pair],
    ['commit', { room: address, id: messageId(), epoch: 0, ct: random(9), welcomes: [], bundles: [], removed: [] }],
    ['commit_ack', { room: address, seq: 1 }],
    ['commit_nack', { room: address, ...nack }],
    ['fetch_bundles', { room: address, hashes: [random(32)] }],
    ['take_key_package', { room: address, device }],
    ['fetch_room_logs', { room: address, since_id: 0 }],
    ['dismiss_request', { room: address, device }],
    ['bb84_meta', { room: address, tag: 'BB84_INIT' }],
    ['bb84_session', { room: address, peer: device, ...outcome }],
    ['announce_pubkey', { room: address, keyPackages: [random(9)] }],
    ['announce_pubkey', { room: address, request: random(9), lastResort: random(9) }],
  ]
}

describe('at the door', () => {
  it('[KN1] whether there is a room, a full one, one with many knocks, one that is over or none: every answer is the same', {
    timeout: 20_000,
  }, async () => {
    const made = await room(2, { limits: { ...many, knocksPerRoom: 1 } })
    const [ana] = made.members as [Member]
    const full = new TestDevice(closedAddress())
    ok(await new Client(made.relay.url).join(full, { create: { joinKeys: [], expected: 1 } }))
    const over = new TestDevice(closedAddress())
    const last = new Client(made.relay.url)
    ok(await last.join(over, { create: { joinKeys: [] } }))
    ok(await last.request('leave', { room: over.room }))

    let kept: Knocker | undefined
    const heard: unknown[] = []
    for (const address of [made.address, made.address, full.room, over.room, closedAddress()]) {
      if (heard.length === 1) kept = await seen(made) // beside which there is no place
      const device = new TestDevice(address)
      const { client, answers } = await knock(made.relay.url, device)
      for (const [name, payload] of forbidden(address, ana.id)) {
        answers.push(await client.request(name, payload as never))
      }
      answers.push(await client.request('announce_pubkey', { room: address, request: random(70) }))
      answers.push(await client.request('announce_pubkey', { room: closedAddress(), request: random(70) }))
      answers.push(await client.request('join', { room: address, knock: true }))
      answers.push(await client.request('join', { room: address }))
      answers.push(await client.request('leave', { room: address }))
      answers.push(await client.request('announce_pubkey', { room: address, request: random(70) }))
      answers.push(await client.request('leave', { room: address }))
      expect(answers[0]).toEqual({ ok: true, device: device.id, state: 'waiting' })
      await quiet()
      const events = client.received.map(({ name, payload }) => [name, { ...payload, room: '' }])
      heard.push([answers.map((one) => ('device' in one ? { ...one, device: '' } : one)), events])
    }
    for (const one of heard) expect(one).toEqual(heard[0])
    expect(waitingNow(ana)).toEqual([kept!.device.id])
  })

  it('[KN2] members see the request and the bundle, and the log has a line; the device itself hears nothing at all', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const { device, client, request } = await seen(made)
    for (const member of [ana, ben]) {
      const list = await member.client.next('pubkey_list', (l) => l.devices.some((d) => d.request === request))
      expect(list.devices).toEqual([{ device: device.id, bundle: device.bundle, request }])
      await member.client.next('user_list', (l) => l.waiting.includes(device.id))
    }
    const hashes = [toBase64Url(device.credential)]
    expect(ok(await ben.client.request('fetch_bundles', { room: made.address, hashes })).bundles).toEqual([
      device.bundle,
    ])
    const third = await made.admit()
    await third.client.next('pubkey_list', (l) => l.devices.some((d) => d.request === request))
    ok(await ana.say())
    expect(await logOf(ana, 'KNOCK')).toEqual([`[KNOCK] device=${device.id}`])
    await quiet(100)
    expect(client.received).toEqual([])
  })

  it('[KN3] its Welcome comes once the commit stands, after the bundles; then it is a member like any other', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const { device, client } = await seen(made)
    const event = ana.commitEvent({ welcomes: [{ to: [device.id], ct: random(80) }], bundles: [device.bundle] })
    const { seq, inc } = ok(await ana.client.request('commit', event))
    await quiet()
    expect(client.received).toEqual([])
    ok(await ben.ack(seq))
    const welcome = await client.next('welcome')
    expect(welcome).toMatchObject({ from: ana.id, inc, seq, epoch: event.epoch + 1, ct: event.welcomes[0]!.ct })
    expect(client.received.map(({ name }) => name).slice(0, 2)).toEqual(['pubkey_list', 'welcome'])
    expect(ok(await client.request('join', { room: made.address, inc, seq }))).toMatchObject({
      state: 'member',
      recovered: true,
    })
    const dan = new Member(device, client)
    dan.epoch = welcome.epoch
    expect(code(await dan.say())).toBe('ok')
    ok(await client.request('announce_pubkey', { room: made.address, lastResort: random(9) }))
    await client.next('room_logs')
    await ana.client.next('user_list', (list) => list.waiting.length === 0 && list.members.length === 3)
    expect(await logOf(ana, 'USER_JOIN')).toContain(`[USER_JOIN] device=${device.id}`)
    expect(ok(await comeBack(made.relay.url, dan, { knock: true }))).toMatchObject({ state: 'member' })
  })

  it('[KN3] a commit that is withdrawn lets nobody in, and shows the request again', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const { device, client, request } = await seen(made)
    const event = ana.commitEvent({ welcomes: [{ to: [device.id], ct: random(80) }] })
    const { seq } = ok(await ana.client.request('commit', event))
    await ben.client.next('commit', (commit) => commit.seq === seq)
    const before = ben.client.received.length
    ok(await ben.nack({ seq, epoch: event.epoch, ct: event.ct }))
    await ben.client.next('commit_nack')
    const shown = ({ payload }: Received) => 'devices' in payload && payload.devices[0]?.request === request
    await until(() => ben.client.received.slice(before).some(shown))
    await listed(ben, [device.id])
    expect(client.received).toEqual([])
    const again = ok(await ben.commit({ welcomes: [{ to: [device.id], ct: random(80) }] }))
    ok(await ana.ack(again.seq))
    await client.next('welcome')
  })

  it('[KN4] it may say what it asks with, and go; all else is refused as to one that waits', async () => {
    const made = await room(1)
    const [ana] = made.members as [Member]
    const byLink = new Client(made.relay.url)
    ok(await byLink.join(new TestDevice(made.address), { joinKey: made.joinKey }))
    const { client, device } = await seen(made)
    for (const [name, payload] of forbidden(made.address, ana.id)) {
      const answer = await client.request(name, payload as never)
      expect([name, code(answer)]).toEqual([name, 'no-access'])
      if (name !== 'announce_pubkey') expect(answer).toEqual(await byLink.request(name, payload as never))
    }
    expect(ana.client.events('encrypted_message')).toEqual([])
    expect(ana.client.events('commit')).toEqual([])
    expect(waitingNow(ana)).toEqual([device.id])
  })

  it('[KN5] it knocks with a login and nothing else, at a closed room', async () => {
    const made = await room(1)
    const attempts: [TestDevice, object][] = [
      [new TestDevice(openAddress()), {}],
      [new TestDevice(made.address), { create: { joinKeys: [] } }],
      [new TestDevice(made.address), { joinKey: made.joinKey }],
      [new TestDevice(made.address), { inc: random(16), seq: 0 }],
      [new TestDevice(made.address), { pairs: [] }],
    ]
    for (const [device, rest] of attempts) {
      const client = new Client(made.relay.url)
      expect(code(await client.join(device, { knock: true, ...rest }))).toBe('bad-request')
      expect(code(await client.request('announce_pubkey', { room: device.room, request: random(9) }))).toBe(
        'not-logged-in',
      )
    }
    const unsigned = await new Client(made.relay.url).connected()
    expect(code(await unsigned.request('join', { room: made.address, knock: true }))).toBe('not-logged-in')
    const forger = await new Client(made.relay.url).connected()
    const login = forger.login(new TestDevice(made.address, { breakSignature: 0 }), await forger.hello())
    expect(code(await forger.request('join', { room: made.address, knock: true, login }))).toBe('login-failed')
    await listed(made.members[0]!, [])
  })

  it('[KN6] who goes takes its request along; the newest connection of a device counts, at any door', async () => {
    const made = await room(1, { limits: many })
    const [ana] = made.members as [Member]
    for (const address of [made.address, closedAddress()]) {
      const device = new TestDevice(address)
      const first = await knock(made.relay.url, device)
      const second = await knock(made.relay.url, device)
      await first.client.disconnected()
      expect(second.client.socket.connected).toBe(true)
      expect(await second.client.request('leave', { room: address })).toEqual({ ok: true })
      expect(code(await second.client.request('leave', { room: address }))).toBe('no-access')
    }
    await listed(ana, [])
    // A request outlives its connection, and a device that has found a link comes in by that.
    const { device, client } = await seen(made)
    client.socket.disconnect()
    const returned = new Client(made.relay.url)
    expect(ok(await returned.join(device, { joinKey: made.joinKey }))).toMatchObject({ state: 'waiting' })
    await returned.next('user_list', (list) => list.waiting.includes(device.id))
    const away = await knock(made.relay.url, device)
    await returned.disconnected()
    await ana.client.next('pubkey_list', (l) => l.devices.some((d) => d.request === away.request))
  })

  it('[KN7] it may stay as long as it likes, and not once it has gone, at any door', async () => {
    const made = await room(1, { limits: { ...many, loginDeadlineMs: 500 } })
    const stay = async (address: typeof made.address) => {
      const { client } = await knock(made.relay.url, new TestDevice(address))
      await quiet(700)
      expect(client.socket.connected).toBe(true)
      ok(await client.request('leave', { room: address }))
      await client.disconnected()
    }
    await Promise.all([stay(made.address), stay(closedAddress())])
  })
})

describe('many knocks', () => {
  it('[KN8] a room keeps so many at a time, the oldest; others are told nothing, and find a place that becomes free', async () => {
    const made = await room(1, { limits: { ...many, knocksPerRoom: 3 } })
    const [ana] = made.members as [Member]
    const kept = [await seen(made), await seen(made), await seen(made)]
    const late = await knock(made.relay.url, new TestDevice(made.address))
    expect(late.answers.map(code)).toEqual(['ok', 'ok'])
    await listed(
      ana,
      kept.map(({ device }) => device.id),
    )
    ok(await kept[0]!.client.request('leave', { room: made.address }))
    await ana.client.next('user_list', (list) => list.waiting.length === 2)
    ok(await late.client.request('announce_pubkey', { room: made.address, request: random(40) }))
    await ana.client.next('user_list', (list) => list.waiting.includes(late.device.id))
    expect(await logOf(ana, 'KNOCK')).toHaveLength(4)
  })

  it('[RL88] a knock that found no place is heard when its device repeats it, and costs its address nothing more', async () => {
    const made = await room(1, { limits: { knocksPerAddress: 2, knocksPerRoom: 1 } })
    const [ana] = made.members as [Member]
    const kept = await seen(made)
    const { device, client, request } = await knock(made.relay.url, new TestDevice(made.address))
    const repeat = () => client.request('announce_pubkey', { room: made.address, request: request as Base64Url })
    for (let i = 0; i < 5; i++) ok(await repeat())
    await listed(ana, [kept.device.id])
    ok(await kept.client.request('leave', { room: made.address }))
    await listed(ana, [])
    ok(await repeat())
    await ana.client.next('pubkey_list', (l) => l.devices.some((one) => one.request === request))
    await listed(ana, [device.id])
    const shown = ana.client.events('pubkey_list').length
    for (let i = 0; i < 5; i++) ok(await repeat()) // it stands: nobody is told again
    const other = await client.request('announce_pubkey', { room: made.address, request: random(30) })
    expect(code(other)).toBe('rate-limited')
    await quiet()
    expect(ana.client.events('pubkey_list')).toHaveLength(shown)
    expect(await logOf(ana, 'KNOCK')).toHaveLength(2)
  })

  it('[KN9] a flood from one address is refused at any door, and thirty who come from there by a link do not notice', {
    timeout: 20_000,
  }, async () => {
    let now = Date.now()
    const made = await room(1, { now: () => now, limits: { knockWindowMs: 50_000 } })
    const codes: string[] = []
    for (let i = 0; i < 12; i++) {
      const client = new Client(made.relay.url)
      codes.push(code(await client.join(new TestDevice(i % 2 ? made.address : closedAddress()), { knock: true })))
    }
    expect(codes).toEqual([...Array<string>(10).fill('ok'), 'rate-limited', 'rate-limited'])
    const devices = Array.from({ length: 30 }, () => new TestDevice(made.address))
    const states = await Promise.all(
      devices.map(async (device) => {
        const client = new Client(made.relay.url)
        const answer = ok(await client.join(device, { joinKey: made.joinKey })) as JoinAnswer
        ok(await client.request('announce_pubkey', { room: made.address, request: random(50) }))
        return answer.state
      }),
    )
    expect(states).toEqual(Array<string>(30).fill('waiting'))
    now += 50_000
    const { client } = await seen(made)
    const changed: string[] = []
    const announce = (request: ClientEvents['announce_pubkey']['in']['request']) =>
      client.request('announce_pubkey', { room: made.address, request: request! })
    const same = random(60)
    for (let i = 0; i < 12; i++) changed.push(code(await announce(i % 3 ? same : random(60))))
    expect(changed.slice(0, 9)).toEqual(Array<string>(9).fill('ok'))
    for (let i = 0; i < 9; i++) changed.push(code(await announce(random(60))))
    expect(changed.at(-1)).toBe('rate-limited')
  })

  it('[KN10] knocks take no place from those who come by a link, and none stands at a full room', async () => {
    const made = await room(1, { expected: 2, limits: many })
    const [ana] = made.members as [Member]
    await seen(made)
    await seen(made)
    const byLink = new Client(made.relay.url)
    expect(code(await byLink.join(new TestDevice(made.address), { joinKey: made.joinKey }))).toBe('ok')
    const late = await knock(made.relay.url, new TestDevice(made.address))
    await quiet(100)
    expect(waitingNow(ana)).toHaveLength(2)
    expect(waitingNow(ana)).not.toContain(late.device.id)
  })

  it('[KN11] while the disk refuses, a knock is answered and seen all the same', async () => {
    const made = await room(1)
    const { DatabaseSync } = await import('node:sqlite')
    const other = new DatabaseSync(made.databasePath)
    other.exec('begin immediate')
    const absent = await knock(made.relay.url, new TestDevice(closedAddress()))
    const there = await seen(made)
    other.exec('rollback')
    other.close()
    expect(there.answers.map(code)).toEqual(absent.answers.map(code))
  })
})

describe('later', () => {
  it('[KN12] a knock survives a restart: it is listed, and its device comes back to it and gets its Welcome', async () => {
    const made = await room(2, { limits: { knocksPerRoom: 1 } })
    const { device, request, client } = await seen(made)
    ok(await made.members[0]!.say()) // its log line and the knock are on disk, in whatever order
    await quiet()
    await made.relay.close()
    client.socket.disconnect()
    const { relay: second } = await relay({ databasePath: made.databasePath, limits: { knocksPerRoom: 1 } })
    const [ana, ben] = made.members as [Member, Member]
    for (const member of [ana, ben]) ok(await comeBack(second.url, member))
    const list = await ana.client.next('pubkey_list', (l) => l.devices.length === 1)
    expect(list.devices.find((one) => one.device === device.id)).toMatchObject({ bundle: device.bundle, request })
    // It still counts as a knock: another one has no place beside it, and who comes by a link has.
    await knock(second.url, new TestDevice(made.address))
    const back = await knock(second.url, device, request as never)
    await listed(ana, [device.id])
    const { seq } = ok(await ana.commit({ welcomes: [{ to: [device.id], ct: random(80) }], bundles: [device.bundle] }))
    ok(await ben.ack(seq))
    await back.client.next('welcome')
  })

  it('[KN12] who is away when it is let in gets its Welcome with its next knock', async () => {
    const made = await room(1)
    const [ana] = made.members as [Member]
    const { device, client } = await seen(made)
    client.socket.disconnect()
    ok(await ana.commit({ welcomes: [{ to: [device.id], ct: random(80) }], bundles: [device.bundle] }))
    await ana.client.next('user_list', (list) => list.members.length === 2)
    const back = new Client(made.relay.url)
    expect(ok(await back.join(device, { knock: true }))).toEqual({ ok: true, device: device.id, state: 'waiting' })
    await back.next('welcome')
  })

  it('[KN13] a knock that nobody answers ends as any request does, and so does the memory of one that was turned away', async () => {
    let now = Date.now()
    const made = await room(1, { now: () => now, limits: { ...many, sweepMs: 20, joinRequestMs: 50_000 } })
    const [ana] = made.members as [Member]
    const asking = await seen(made)
    const dismissed = await seen(made)
    ok(await ana.client.request('dismiss_request', { room: made.address, device: dismissed.device.id }))
    now += 50_001
    await ana.client.next('user_list', (list) => list.waiting.length === 0)
    await quiet(100)
    for (const { device } of [asking, dismissed]) {
      await knock(made.relay.url, new TestDevice(made.address))
      const { request } = await knock(made.relay.url, device)
      await ana.client.next('pubkey_list', (l) => l.devices.some((d) => d.request === request))
    }
  })
})

describe('turning away', () => {
  const dismiss = (member: Member, device: TestDevice['id']) =>
    member.client.request('dismiss_request', { room: member.room, device })

  it('[KN14] any member can; the others and the log are told, the device is not, and its further knocks are in vain', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const { device, client } = await seen(made)
    await ben.client.next('user_list', (list) => list.waiting.includes(device.id))
    ok(await dismiss(ben, device.id))
    expect(await dismiss(ana, device.id)).toEqual({ ok: true }) // too late, and no fault
    for (const member of [ana, ben]) await listed(member, [])
    expect(client.received).toEqual([])
    expect(client.socket.connected).toBe(true)
    expect(await client.request('announce_pubkey', { room: made.address, request: random(30) })).toEqual({ ok: true })
    expect((await knock(made.relay.url, device)).answers.map(code)).toEqual(['ok', 'ok'])
    await listed(ana, [])
    expect(await logOf(ana, 'REQUEST_DISMISSED')).toEqual([`[REQUEST_DISMISSED] device=${device.id} by=${ben.id}`])
    expect(await logOf(ana, 'KNOCK')).toHaveLength(1)
    await made.relay.close()

    const { relay: second } = await relay({ databasePath: made.databasePath })
    ok(await comeBack(second.url, ana))
    expect((await knock(second.url, device)).answers.map(code)).toEqual(['ok', 'ok'])
    await listed(ana, [])
    // A link still opens: to be turned away is no ban.
    const byLink = new Client(second.url)
    ok(await byLink.join(device, { joinKey: made.joinKey }))
    ok(await byLink.request('announce_pubkey', { room: made.address, request: random(30) }))
    await ana.client.next('user_list', (list) => list.waiting.includes(device.id))
  })

  it('[KN15] a request by a link can be turned away too, and made again', async () => {
    const made = await room(1)
    const [ana] = made.members as [Member]
    const device = new TestDevice(made.address)
    const client = new Client(made.relay.url)
    ok(await client.join(device, { joinKey: made.joinKey }))
    ok(await client.request('announce_pubkey', { room: made.address, request: random(30) }))
    await ana.client.next('user_list', (list) => list.waiting.includes(device.id))
    ok(await dismiss(ana, device.id))
    await listed(ana, [])
    ok(await client.request('announce_pubkey', { room: made.address, request: random(30) }))
    await listed(ana, [device.id])
  })

  it('[KN16] not by whoever is no member, not a member that asks to be let back in, not who is let in already', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    ok(await ben.client.request('announce_pubkey', { room: made.address, request: random(30) }))
    await ana.client.next('user_list', (list) => list.waiting.includes(ben.id))
    expect(code(await dismiss(ana, ben.id))).toBe('bad-request')
    expect(waitingNow(ana)).toEqual([ben.id])

    const { device, client } = await seen(made)
    const waiting = new Client(made.relay.url)
    ok(await waiting.join(new TestDevice(made.address), { joinKey: made.joinKey }))
    const elsewhere = await room(1)
    for (const stranger of [client, waiting, elsewhere.members[0]!.client]) {
      const answer = await stranger.request('dismiss_request', { room: made.address, device: device.id })
      expect(code(answer)).toBe('no-access')
    }
    const welcomes = [{ to: [device.id], ct: random(80) }]
    const event = ana.commitEvent({ welcomes, bundles: [device.bundle] })
    const { seq } = ok(await ana.client.request('commit', event))
    expect(await dismiss(ben, device.id)).toMatchObject({ code: 'stale-epoch', epoch: event.epoch + 1, seq })
    ok(await ben.ack(seq))
    await client.next('welcome')
    expect(code(await dismiss(ben, device.id))).toBe('bad-request')
  })
})
