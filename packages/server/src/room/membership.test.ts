import { type Answer, type Base64Url, type JoinAnswer, toBase64Url } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  comeBack,
  ed25519,
  Member,
  noInc,
  ok,
  openAddress,
  personPair,
  quiet,
  random,
  relay,
  room,
  TestDevice,
} from '../../test/harness.ts'

describe('making and finding rooms', () => {
  it('[RL26] the founder is a member at once, at the beginning of the stream', async () => {
    const { relay: running } = await relay()
    const device = new TestDevice(closedAddress())
    const client = new Client(running.url)
    const answer = ok(await client.join(device, { create: { joinKeys: [], expected: 3 } }))
    expect(answer).toMatchObject({
      device: device.id,
      state: 'member',
      created: true,
      epoch: 0,
      seq: 0,
      firstSeq: 1,
      recovered: true,
      pairs: [],
    })
    expect(await client.next('user_list')).toMatchObject({
      members: [{ device: device.id, present: true }],
      expected: 3,
    })
    const again = await client.request('join', { room: device.room, create: { joinKeys: [], expected: 3 } })
    expect(again).toMatchObject({ ok: true, created: true, recovered: true })
    expect(code(await new Client(running.url).join(new TestDevice(device.room), { create: { joinKeys: [] } }))).toBe(
      'exists',
    )
  })

  it('[RL27] an open room is made by the first who comes; the next ones wait', async () => {
    const { relay: running } = await relay()
    const address = openAddress()
    const join = () => new Client(running.url).join(new TestDevice(address), { create: { joinKeys: [] } })
    const answers = await Promise.all([join(), join(), join()])
    const states = answers.map((answer) => (ok(answer) as JoinAnswer).state).sort()
    expect(states).toEqual(['member', 'waiting', 'waiting'])
    expect(code(await new Client(running.url).join(new TestDevice(openAddress())))).toBe('no-access')
  })

  it('[RL86] an open room outlives a reload of its last member: only after 5 s without one is it made anew', async () => {
    let now = Date.now()
    const { relay: running } = await relay({ now: () => now })
    const ana = new TestDevice(openAddress())
    const create = { joinKeys: [] }
    const first = new Client(running.url)
    ok(await first.join(ana, { create }))
    now += 10_000
    first.socket.disconnect()
    await quiet()
    const stranger = (): Promise<Answer<JoinAnswer>> =>
      new Client(running.url).join(new TestDevice(ana.room), { create })
    expect(ok(await stranger())).toMatchObject({ state: 'waiting' })
    now += 4_999
    expect(ok(await stranger())).toMatchObject({ state: 'waiting' })
    const reloaded = new Client(running.url)
    expect(ok(await reloaded.join(ana, { inc: noInc, seq: 0 }))).toMatchObject({ state: 'member' })
    now += 10_000
    reloaded.socket.disconnect()
    await quiet()
    now += 5_000
    expect(ok(await stranger())).toMatchObject({ state: 'member', created: true })
    expect(code(await new Client(running.url).join(ana, { inc: noInc, seq: 0 }))).toBe('ok') // as anybody
  })

  it('[RL28] absent and forbidden rooms answer alike', async () => {
    const made = await room(1)
    const stranger = ed25519()
    const ask = async (address: typeof made.address, joinKey?: typeof stranger) => {
      const client = new Client(made.relay.url)
      const answer = await client.join(new TestDevice(address), joinKey ? { joinKey } : {})
      await client.next('join_failed')
      client.socket.disconnect()
      return answer
    }
    const answers = [
      await ask(made.address),
      await ask(closedAddress()),
      await ask(made.address, stranger),
      await ask(closedAddress(), stranger),
    ]
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ code: 'no-access' })
  })

  it('[RL29] a proof is worthless for another device, another connection and another room', async () => {
    const made = await room(1)
    const device = new TestDevice(made.address)
    const other = new TestDevice(made.address)
    const client = await new Client(made.relay.url).connected()
    const nonce = await client.hello()
    const proof = client.proof(other, nonce, made.joinKey)
    expect(code(await client.request('join', { room: made.address, login: client.login(device, nonce), proof }))).toBe(
      'no-access',
    )
    const second = await new Client(made.relay.url).connected()
    const nonce2 = await second.hello()
    const stolen = client.proof(device, nonce, made.joinKey)
    expect(
      code(await second.request('join', { room: made.address, login: second.login(device, nonce2), proof: stolen })),
    ).toBe('no-access')
  })
})

describe('waiting and coming in', () => {
  it('[RL20] a newcomer sees nothing but who is here, then the bundles, then its Welcome', async () => {
    const made = await room(2)
    const [ana, ben] = made.members
    const device = new TestDevice(made.address)
    const client = new Client(made.relay.url)
    expect(ok(await client.join(device, { joinKey: made.joinKey }))).toMatchObject({
      state: 'waiting',
      device: device.id,
    })
    for (const event of [
      'encrypted_message',
      'take_key_package',
      'fetch_room_logs',
      'commit_ack',
      'bb84_meta',
    ] as const) {
      const payload = {
        encrypted_message: ana!.message(),
        take_key_package: { room: made.address, device: ana!.id },
        fetch_room_logs: { room: made.address, since_id: 0 },
        commit_ack: { room: made.address, seq: 1 },
        bb84_meta: { room: made.address, tag: 'BB84_INIT' as const },
      }[event]
      expect(code(await client.request(event, payload as never))).toBe('no-access')
    }
    const hashes = [toBase64Url(ana!.device.credential)]
    expect(code(await client.request('fetch_bundles', { room: made.address, hashes }))).toBe('no-access')
    const request = random(90)
    ok(await client.request('announce_pubkey', { room: made.address, request }))
    for (const member of [ana!, ben!]) {
      const list = await member.client.next('pubkey_list', (l) => l.devices.some((d) => d.request === request))
      expect(list.devices).toEqual([{ device: device.id, bundle: device.bundle, request }])
      await member.client.next('user_list', (l) => l.waiting.includes(device.id))
    }
    expect(client.events('pubkey_list')).toEqual([])
    const { seq, inc } = ok(
      await ben!.commit({ welcomes: [{ to: [device.id], ct: random(80) }], bundles: [device.bundle] }),
    )
    await quiet()
    expect(client.events('welcome')).toEqual([])
    ok(await ana!.ack(seq))
    const welcome = await client.next('welcome')
    expect(welcome).toMatchObject({ from: ben!.id, inc, seq, epoch: ben!.epoch + 1 })
    const names = client.received.map((event) => event.name).filter((name) => name !== 'user_list')
    expect(names).toEqual(['pubkey_list', 'welcome'])
    expect(client.events('pubkey_list')[0]!.devices.map((d) => d.device)).toEqual([ana!.id, ben!.id, device.id])
    expect(ok(await client.request('fetch_bundles', { room: made.address, hashes }))).toEqual({
      ok: true,
      bundles: [ana!.device.bundle],
    })
    ana!.epoch += 1
    const missed = ok(await ana!.say())
    expect(ok(await client.request('join', { room: made.address, inc, seq }))).toMatchObject({
      state: 'member',
      recovered: true,
      created: false,
    })
    expect(await client.next('encrypted_message')).toMatchObject({ seq: missed.seq, device: ana!.id })
    await client.next('room_logs')
  })

  it('[RL30] a Welcome is kept until its device has it, and comes again with its next join', async () => {
    const made = await room(1)
    const [ana] = made.members
    const member = new Member(new TestDevice(made.address), new Client(made.relay.url))
    member.client.takesWelcomes = false
    ok(await member.client.join(member.device, { joinKey: made.joinKey }))
    const request = random(90)
    ok(await member.client.request('announce_pubkey', { room: made.address, request }))
    member.client.socket.disconnect()
    await ana!.client.next('user_list', (list) => list.waiting.includes(member.id))
    ok(await ana!.commit({ welcomes: [{ to: [member.id], ct: random(80) }] }))
    await ana!.client.next('user_list', (list) => list.members.length === 2)
    for (let i = 0; i < 2; i++) {
      const joining = comeBack(made.relay.url, member)
      member.client.takesWelcomes = false
      expect(ok(await joining)).toMatchObject({ state: 'waiting' })
      await member.client.next('welcome')
      // Announcing what the Welcome answers asks for nothing new.
      ok(await member.client.request('announce_pubkey', { room: made.address, request }))
    }
    await quiet()
    expect(ana!.client.events('user_list').at(-1)).toMatchObject({ waiting: [] })
    const welcome = member.client.events('welcome')[0]!
    ok(await member.client.request('join', { room: made.address, inc: welcome.inc, seq: welcome.seq }))
    expect(ok(await comeBack(made.relay.url, member, { inc: welcome.inc, seq: welcome.seq }))).toMatchObject({
      state: 'member',
    })
    await quiet()
    expect(member.client.events('welcome')).toEqual([])
  })

  it('[RL85] a member that comes back is told the keys of those who ask, members that fell out among them, not of all: it has or fetches what it lacks', async () => {
    const made = await room(3)
    const ben = made.members[1]!
    const asker = new TestDevice(made.address)
    const request = random(90)
    const waiting = new Client(made.relay.url)
    ok(await waiting.join(asker, { joinKey: made.joinKey }))
    ok(await waiting.request('announce_pubkey', { room: made.address, request }))
    // A member that fell out asks as well.
    const [, , cem] = made.members
    const again = random(91)
    ok(await cem!.client.request('announce_pubkey', { room: made.address, request: again }))
    const { inc, seq } = ok(await made.members[0]!.say())
    for (const cursor of [{}, { inc, seq }]) {
      ok(await comeBack(made.relay.url, ben, cursor))
      const list = await ben.client.next('pubkey_list')
      expect(list.devices).toEqual([
        { device: cem!.device.id, bundle: cem!.device.bundle, request: again },
        { device: asker.id, bundle: asker.bundle, request },
      ])
    }
    const hashes = made.members.map(({ device }) => toBase64Url(device.credential))
    const { bundles } = ok(await ben.client.request('fetch_bundles', { room: made.address, hashes }))
    expect(bundles).toEqual(made.members.map(({ device }) => device.bundle))
  })

  it('[RL30] whoever asks again with another KeyPackage while a Welcome is on its way is heard', async () => {
    const made = await room(2)
    const [ana, ben] = made.members
    const member = new Member(new TestDevice(made.address), new Client(made.relay.url))
    ok(await member.client.join(member.device, { joinKey: made.joinKey }))
    ok(await member.client.request('announce_pubkey', { room: made.address, request: random(90) }))
    const { seq } = ok(await ana!.commit({ welcomes: [{ to: [member.id], ct: random(80) }] }))
    ok(await comeBack(made.relay.url, member, { joinKey: made.joinKey }))
    const request = random(91)
    ok(await member.client.request('announce_pubkey', { room: made.address, request }))
    ok(await ben!.ack(seq))
    await member.client.next('welcome')
    await ben!.client.next('pubkey_list', (list) => list.devices.some((d) => d.request === request))
    await ben!.client.next(
      'user_list',
      (l) => l.waiting.includes(member.id) && l.members.some((m) => m.device === member.id),
    )
  })

  it('[RL31] capacity counts persons: members and those who wait', async () => {
    const made = await room(1, { expected: 2 })
    const ben = new TestDevice(made.address)
    const first = new Client(made.relay.url)
    ok(await first.join(ben, { joinKey: made.joinKey }))
    const late = new Client(made.relay.url)
    expect(code(await late.join(new TestDevice(made.address), { joinKey: made.joinKey }))).toBe('room-full')
    expect(await late.next('join_failed')).toMatchObject({ room: made.address, code: 'room-full' })
    const second = new TestDevice(made.address, { person: ben.person })
    expect(code(await new Client(made.relay.url).join(second, { joinKey: made.joinKey }))).toBe('ok')
  })

  it('[RL31] whoever waits without a request and goes frees the place', async () => {
    const made = await room(1, { expected: 2 })
    const first = new Client(made.relay.url)
    ok(await first.join(new TestDevice(made.address), { joinKey: made.joinKey }))
    first.socket.disconnect()
    await quiet()
    expect(code(await new Client(made.relay.url).join(new TestDevice(made.address), { joinKey: made.joinKey }))).toBe(
      'ok',
    )
  })

  it('[RL91] however much others ask for, who reads is not cut: neither a member that comes back nor who is let in', async () => {
    const made = await room(2, { limits: { slowReaderBytes: 100_000, userListMs: 5 } })
    const [ana, ben] = made.members as [Member, Member]
    const ask = async (request: Base64Url, options = {}) => {
      const member = new Member(new TestDevice(made.address), new Client(made.relay.url, options))
      ok(await member.client.join(member.device, { joinKey: made.joinKey }))
      ok(await member.client.request('announce_pubkey', { room: made.address, request }))
      return member
    }
    for (let i = 0; i < 16; i++) await ask(random(16_384))
    // By polling: there every byte that waits is counted, whatever the kernel would take.
    const polling = { transports: ['polling'] }
    ben.client = new Client(made.relay.url, polling)
    ok(await ben.client.join(ben.device))
    expect((await ben.client.next('pubkey_list')).devices).toHaveLength(16)
    const cleo = await ask(random(300), polling)
    const { seq } = ok(await ana.commit({ welcomes: [{ to: [cleo.id], ct: random(90_000) }] }))
    ok(await ben.ack(seq))
    const welcome = await cleo.client.next('welcome')
    expect(cleo.client.events('pubkey_list')[0]!.devices).toHaveLength(19)
    const cursor = { inc: welcome.inc, seq: welcome.seq }
    expect(ok(await cleo.client.request('join', { room: made.address, ...cursor }))).toMatchObject({ state: 'member' })
    expect((await cleo.client.next('pubkey_list', ({ devices }) => devices.length === 16)).devices).toHaveLength(16)
    expect(made.reports).toEqual([])
  })

  it('[RL92] so many devices of one person wait, by a link and in an open room too, and others come in beside them', async () => {
    const made = await room(1, { limits: { ownDevicesWaiting: 2 } })
    const openDoor = openAddress()
    ok(await new Client(made.relay.url).join(new TestDevice(openDoor), { create: { joinKeys: [] } }))
    for (const [address, rest] of [
      [made.address, { joinKey: made.joinKey }],
      [openDoor, {}],
    ] as const) {
      const person = personPair()
      const enter = (device: TestDevice) => new Client(made.relay.url).join(device, rest)
      const first = new TestDevice(address, { person })
      ok(await enter(first))
      for (let i = 0; i < 3; i++) ok(await enter(new TestDevice(address, { person })))
      expect(code(await enter(new TestDevice(address, { person })))).toBe('rate-limited')
      ok(await enter(first)) // it waits already
      ok(await enter(new TestDevice(address)))
    }
  })

  it('[RL93] what newcomers ask with is bounded in a room; a member that fell out is heard, and what is answered makes room', async () => {
    const made = await room(2, { limits: { requestBytesPerRoom: 60_000 } })
    const [ana, ben] = made.members as [Member, Member]
    const ask = (client: Client) =>
      client.request('announce_pubkey', { room: made.address, request: random(16_384) }).then(code)
    const enter = async () => {
      const client = new Client(made.relay.url)
      const device = new TestDevice(made.address)
      ok(await client.join(device, { joinKey: made.joinKey }))
      return { client, device }
    }
    const [first, second, third] = [await enter(), await enter(), await enter()]
    expect([await ask(first.client), await ask(second.client), await ask(third.client)]).toEqual([
      'ok',
      'ok',
      'rate-limited',
    ])
    expect(await ask(first.client), 'in place of its own').toBe('ok')
    expect(await ask(ben.client), 'a member').toBe('ok')
    await quiet(100)
    expect(new Set(ana.client.events('user_list').at(-1)!.waiting)).toEqual(
      new Set([first.device.id, second.device.id, ben.id]),
    )
    ok(await ana.client.request('dismiss_request', { room: made.address, device: second.device.id }))
    expect(await ask(third.client)).toBe('ok')
  })

  it('[RL32] a request that nobody answers ends', async () => {
    let now = Date.now()
    const made = await room(1, { now: () => now, limits: { sweepMs: 20 } })
    const client = new Client(made.relay.url)
    ok(await client.join(new TestDevice(made.address), { joinKey: made.joinKey }))
    ok(await client.request('announce_pubkey', { room: made.address, request: random(9) }))
    await made.members[0]!.client.next('user_list', (list) => list.waiting.length === 1)
    now += 604_800_001
    await made.members[0]!.client.next('user_list', (list) => list.waiting.length === 0 && list.members.length === 1)
  })
})

describe('leaving', () => {
  it('[RL33] who leaves is forgotten at once; others still get its bundle', async () => {
    const made = await room(2)
    const [ana, ben] = made.members
    ok(await ben!.client.request('leave', { room: made.address }))
    await ana!.client.next('user_list', (list) => list.members.length === 1)
    const hashes = [toBase64Url(ben!.device.credential)]
    expect(ok(await ana!.client.request('fetch_bundles', { room: made.address, hashes }))).toMatchObject({
      bundles: [ben!.device.bundle],
    })
    expect(code(await comeBack(made.relay.url, ben!))).toBe('no-access')
  })

  it('[RL34] with the last member the room ends, and with it everything but its log', async () => {
    const made = await room(2)
    for (const member of [...made.members].reverse()) ok(await member.client.request('leave', { room: made.address }))
    expect(made.relay.stats()).toMatchObject({ rooms: 0, ringBytes: 0 })
    expect(code(await comeBack(made.relay.url, made.members[0]!))).toBe('no-access')
    await made.relay.close()
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(made.databasePath, { readOnly: true })
    for (const table of ['rooms', 'members', 'join_requests', 'key_packages', 'streams']) {
      expect(db.prepare(`select count(*) as rows from ${table}`).get()).toEqual({ rows: 0 })
    }
    expect(db.prepare('select event from room_logs order by id desc').get()).toEqual({ event: 'ROOM_TERMINATED' })
    db.close()
  })
})

it('[RL35] a one-time KeyPackage is handed out once, then the last resort, to members alone', async () => {
  const made = await room(2)
  const [ana, ben] = made.members
  const [one, two, last] = [random(40), random(41), random(42)]
  ok(await ben!.client.request('announce_pubkey', { room: made.address, keyPackages: [one, two], lastResort: last }))
  const take = () => ana!.client.request('take_key_package', { room: made.address, device: ben!.id })
  const taken = await Promise.all([take(), take(), take(), take()])
  expect(taken.map((answer) => ok(answer).keyPackage).sort()).toEqual([one, two, last, last].sort())
  expect(taken.filter((answer) => ok(answer).lastResort)).toHaveLength(2)
  const none = await ben!.client.request('take_key_package', { room: made.address, device: ana!.id })
  expect(code(none)).toBe('unavailable')
})
