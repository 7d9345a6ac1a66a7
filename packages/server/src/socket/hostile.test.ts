import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  comeBack,
  ed25519,
  type KeyPair,
  Member,
  messageId,
  ok,
  random,
  relay,
  room,
  signWith,
  TestDevice,
  until,
} from '../../test/harness.ts'

/** A WebSocket that sends whatever it is told to. */
async function raw(url: string): Promise<{ send(text: string): void; lines: string[]; closed: () => boolean }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const lines: string[] = []
  let closed = false
  socket.onmessage = (event) => lines.push(String(event.data))
  socket.onclose = () => {
    closed = true
  }
  await until(() => lines.length > 0 || closed)
  socket.send('40')
  await until(() => lines.length > 1 || closed)
  return { send: (text) => socket.send(text), lines, closed: () => closed }
}

async function statusOf(url: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, url), { headers }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode!)
    })
    request.on('error', reject)
    request.end()
  })
}

describe('packets', () => {
  it('[RL50] whatever a packet holds, it gets a coded answer or silence, and the relay goes on', async () => {
    const { relay: running, reports } = await relay()
    const wire = await raw(running.url)
    const payload = '{"versions":[1]}'
    const answers: [packet: string, code: string | undefined][] = [
      ['42["hello",null,"notfn"]', undefined],
      ['421["hello",null,"notfn"]', 'bad-request'],
      ['422["hello"]', 'bad-request'],
      [`423["hello",${payload},${payload}]`, 'bad-request'],
      ['424["hello",null]', 'bad-request'],
      ['425["hello",[]]', 'bad-request'],
      ['426["hello","x"]', 'bad-request'],
      ['427["hello",{"versions":[1],"__proto__":{"x":1}}]', 'bad-request'],
      ['428["hello",{"versions":[1],"constructor":{"prototype":{}}}]', 'bad-request'],
      ['429["hello",{"versions":[1e400]}]', 'bad-request'],
      ['4210["__proto__",{}]', 'bad-request'],
      ['4211["toString",{}]', 'bad-request'],
      ['4212["error",{}]', 'bad-request'],
      ['4213[7,{}]', 'bad-request'],
      ['4214["no such event",{}]', 'bad-request'],
      ['4215["hello",{"versions":[]}]', 'version'],
      ['4216["commit_ack",{"room":"a","seq":1}]', 'not-logged-in'],
      ['4217["join",{"room":"a"}]', 'not-logged-in'],
      [`4218["hello",${'['.repeat(5_000)}${']'.repeat(5_000)}]`, 'bad-request'],
    ]
    for (const [packet] of answers) wire.send(packet)
    wire.send(`4299["hello",${payload}]`)
    await until(() => wire.lines.some((line) => line.startsWith('4399')))
    for (const [packet, expected] of answers) {
      const id = /^42(\d*)/.exec(packet)![1]!
      const line = wire.lines.find((l) => l.startsWith(`43${id}[`))
      if (expected) expect(JSON.parse(line!.slice(2 + id.length))[0]).toMatchObject({ ok: false, code: expected })
    }
    expect(({} as { x?: number }).x).toBeUndefined()
    expect(wire.closed()).toBe(false)
    expect(reports).toEqual([])
  })

  it.each([
    '42',
    '42{}',
    '42[]',
    '42["connect",{}]',
    '42["disconnecting"]',
    '459999["hello",{"_placeholder":true,"num":0}]',
    '451-["hello",{"_placeholder":true,"num":9}]',
    '4x',
    '49',
    '42["hello",',
    '43["not asked for"]',
    '4313[]',
    '4',
    '',
    '7',
    '44{"message":"x"}',
    '40/elsewhere,',
    '41',
    '5',
    '2probe',
  ])('[RL51] garbage %j harms nobody', async (garbage) => {
    const { relay: running, reports } = await relay()
    const wire = await raw(running.url)
    wire.send(garbage)
    const other = await new Client(running.url).connected()
    expect(await other.hello()).toHaveLength(32)
    expect(reports.filter((record) => record.level === 'error')).toEqual([])
  })

  it('[RL52] a packet over the limit closes its socket; a frame over its own limit is refused', async () => {
    const made = await room(1, { limits: { packetBytes: 2_000_000 } })
    const [ana] = made.members
    expect(code(await ana!.say({ n: 0, ct: random(262_145) }))).toBe('bad-request')
    expect(code(await ana!.say({ n: 0, ct: random(262_144) }))).toBe('ok')
    void ana!.say({ ct: random(2_000_000) }).catch(() => undefined)
    await ana!.client.disconnected()
    expect(code(await comeBack(made.relay.url, ana!))).toBe('ok')
  })

  it('[RL53] the largest commit with the largest Welcome gets through', { timeout: 20_000 }, async () => {
    const made = await room(1)
    const [ana] = made.members
    const newcomer = new Member(new TestDevice(made.address), new Client(made.relay.url))
    ok(await newcomer.client.join(newcomer.device, { joinKey: made.joinKey }))
    ok(await newcomer.client.request('announce_pubkey', { room: made.address, request: random(16_384) }))
    const welcomes = [{ to: [newcomer.id], ct: random(8_388_608) }]
    ok(await ana!.commit({ ct: random(4_194_304), welcomes }))
    expect((await newcomer.client.next('welcome')).ct).toBe(welcomes[0]!.ct)
  })

  it('[RL54] too many events get `rate-limited`, other sockets do not notice, and patience ends', async () => {
    const made = await room(2, { limits: { eventsAtOnce: 30, eventsPerSecond: 5 } })
    const [ana, ben] = made.members
    const flood = () =>
      Promise.all(Array.from({ length: 100 }, () => ana!.client.request('commit_ack', { room: made.address, seq: 1 })))
    const codes = (await flood()).map(code)
    expect(codes.filter((c) => c === 'rate-limited').length).toBeGreaterThan(60)
    expect(code(await ben!.say())).toBe('ok')
    for (let i = 0; i < 1_000; i++) ana!.client.socket.emit('hello', {})
    await ana!.client.disconnected()
  })
})

describe('logins', () => {
  const join = async (
    url: string,
    device: TestDevice,
    change: (client: Client, nonce: Uint8Array<ArrayBuffer>) => object,
  ) => {
    const client = await new Client(url).connected()
    const nonce = await client.hello()
    const login = { ...client.login(device, nonce), ...change(client, nonce) }
    const answer = await client.request('join', { room: device.room, create: { joinKeys: [] }, login })
    return { client, answer }
  }

  it('[RL55] a login counts for this host, socket, challenge, device and time, and once', async () => {
    const { relay: running } = await relay()
    const device = new TestDevice(closedAddress())
    const refused: [string, (client: Client, nonce: Uint8Array<ArrayBuffer>) => object][] = [
      ['another host', (client, nonce) => client.login(device, nonce, { host: 'localhost:1' })],
      ['expired', (client, nonce) => client.login(device, nonce, { expiresMs: Date.now() - 61_000 })],
      ['too far ahead', (client, nonce) => client.login(device, nonce, { expiresMs: Date.now() + 92_000 })],
      ['another challenge', (client) => client.login(device, new Uint8Array(32))],
      ['changed expiry', () => ({ expiresMs: Date.now() + 20_000 })],
      ['another key', () => ({ signature: signWith(ed25519(), new Uint8Array(8)) })],
      ['another device', () => ({ bundle: new TestDevice(device.room).bundle })],
      ['no bundle', () => ({ bundle: random(200) })],
    ]
    for (const [, change] of refused) {
      const { client, answer } = await join(running.url, device, change)
      expect(code(answer)).toBe('login-failed')
      await client.disconnected()
    }
    for (const bad of [
      new TestDevice(device.room, { breakSignature: 0 }),
      new TestDevice(device.room, { breakSignature: 1 }),
      new TestDevice(device.room, { expiresMs: Date.now() - 1 }),
    ]) {
      expect(code((await join(running.url, bad, () => ({}))).answer)).toBe('login-failed')
    }
    const elsewhere = await new Client(running.url).connected()
    const login = elsewhere.login(device, await elsewhere.hello())
    expect(code(await elsewhere.request('join', { room: closedAddress(), create: { joinKeys: [] }, login }))).toBe(
      'login-failed',
    )

    const skewed = await join(running.url, device, (client, nonce) =>
      client.login(device, nonce, { expiresMs: Date.now() + 85_000 }),
    )
    expect(code(skewed.answer)).toBe('ok')
  })

  it('[RL84] a member logs in after its record is over; who is none does not, with or without the link', async () => {
    let aheadMs = 0
    const made = await room(2, { now: () => Date.now() + aheadMs })
    const newcomer = new TestDevice(made.address)
    aheadMs = 2 * 86_400_000 // the records of these devices hold for a day
    const joins = async (device: TestDevice, more: { knock?: true; joinKey?: KeyPair } = {}) => {
      const client = await new Client(made.relay.url).connected()
      const nonce = await client.hello()
      const login = client.login(device, nonce, { expiresMs: Date.now() + aheadMs + 20_000 })
      const { joinKey, ...rest } = more
      const proof = joinKey ? { proof: client.proof(device, nonce, joinKey) } : {}
      return code(await client.request('join', { room: device.room, login, ...proof, ...rest }))
    }
    for (const { device } of made.members) expect(await joins(device)).toBe('ok')
    for (const more of [{}, { knock: true as const }, { joinKey: made.joinKey }]) {
      expect(await joins(newcomer, more)).toBe('login-failed')
    }
    const fresh = new TestDevice(made.address, { expiresMs: Date.now() + aheadMs + 86_400_000 })
    expect(await joins(fresh, { joinKey: made.joinKey })).toBe('ok')
  })

  it('[RL56] a login is good once; a socket stays one device in one room', async () => {
    const { relay: running } = await relay()
    const device = new TestDevice(closedAddress())
    const start = async () => {
      const client = await new Client(running.url).connected()
      const login = client.login(device, await client.hello())
      ok(await client.request('join', { room: device.room, create: { joinKeys: [] }, login }))
      return { client, login }
    }
    const first = await start()
    expect(code(await first.client.request('join', { room: device.room, login: first.login }))).toBe('login-failed')
    await first.client.disconnected()
    const other = await start()
    const second = new TestDevice(device.room)
    const login = other.client.login(second, await other.client.hello())
    expect(code(await other.client.request('join', { room: device.room, login }))).toBe('login-failed')
    await other.client.disconnected()
    const third = await start()
    expect(code(await third.client.request('join', { room: closedAddress(), create: { joinKeys: [] } }))).toBe(
      'login-failed',
    )
    await third.client.disconnected()
  })

  it('[RL57] a challenge of another socket, or an old one, is worthless', async () => {
    let now = Date.now()
    const { relay: running } = await relay({ now: () => now })
    const device = new TestDevice(closedAddress())
    const [one, two] = [await new Client(running.url).connected(), await new Client(running.url).connected()]
    const stolen = one.login(device, await one.hello())
    await two.hello()
    const create = { joinKeys: [] }
    expect(code(await two.request('join', { room: device.room, create, login: stolen }))).toBe('login-failed')
    now += 31_000
    expect(code(await one.request('join', { room: device.room, create, login: stolen }))).toBe('login-failed')
  })

  it('[RL58] who does not join in time is sent away', async () => {
    const { relay: running } = await relay({ limits: { loginDeadlineMs: 150 } })
    const idle = await new Client(running.url).connected()
    const device = new TestDevice(closedAddress())
    const member = new Client(running.url)
    ok(await member.join(device, { create: { joinKeys: [] } }))
    await idle.disconnected()
    expect(member.socket.connected).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(member.socket.connected).toBe(true)
  })

  it('[RL59] an event for another room than the own one is refused like one that does not exist', async () => {
    const made = await room(1)
    const [ana] = made.members
    const message = { room: closedAddress(), id: messageId(), epoch: 0, n: 0, ct: random(4) }
    expect(code(await ana!.client.request('encrypted_message', message))).toBe('no-access')
    expect(code(await ana!.client.request('fetch_room_logs', { room: closedAddress(), since_id: 0 }))).toBe('no-access')
  })
})

describe('origins', () => {
  const polling = '/socket.io/?EIO=4&transport=polling'
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }

  it('[RL60] a foreign or null origin gets 403 on both transports; the own one, a listed one and none pass', async () => {
    const { relay: running } = await relay({ origins: ['https://chat.example.org'] })
    const own = running.url
    const cases: [Record<string, string>, boolean][] = [
      [{}, true],
      [{ Origin: own }, true],
      [{ Origin: 'https://chat.example.org' }, true],
      [{ Origin: 'https://evil.example' }, false],
      [{ Origin: 'null' }, false],
      [{ Origin: '' }, false],
      [{ Origin: `${own}.evil.example` }, false],
      [{ Origin: 'http://localhost:1' }, false],
      [{ Origin: `${own}/` }, false],
      [{ 'Sec-Fetch-Site': 'cross-site' }, false],
    ]
    for (const [headers, allowed] of cases) {
      expect([headers, await statusOf(own, polling, headers)]).toEqual([headers, allowed ? 200 : 403])
      const path = '/socket.io/?EIO=4&transport=websocket'
      expect([headers, await statusOf(own, path, { ...upgrade, ...headers })]).toEqual([headers, allowed ? 101 : 403])
    }
    expect(await statusOf(own, '/elsewhere', upgrade)).toBe(404)
  })

  it('[RL61] so many connections an address, and no more: the one that showed nothing for longest gives way', async () => {
    const { relay: running } = await relay({ limits: { connectionsPerAddress: 2, strangersPerAddress: 1 } })
    const first = await new Client(running.url).connected()
    const second = await new Client(running.url).connected()
    const third = await new Client(running.url).connected()
    await first.disconnected()
    expect([second.socket.connected, third.socket.connected]).toEqual([true, true])
    await until(() => running.stats().connections === 2)
  })

  it('[RL62] the stock client works by polling and upgrades, too', async () => {
    const { relay: running } = await relay()
    const client = new Client(running.url, { transports: ['polling', 'websocket'] })
    ok(await client.join(new TestDevice(closedAddress()), { create: { joinKeys: [] } }))
    await until(() => client.socket.io.engine.transport.name === 'websocket')
    expect(await client.hello()).toHaveLength(32)
  })
})

it('[RL63] thirty devices behind one address are in within seconds', async () => {
  const made = await room(1)
  const started = performance.now()
  const devices = Array.from({ length: 30 }, () => new TestDevice(made.address))
  const clients = await Promise.all(
    devices.map(async (device) => {
      const client = new Client(made.relay.url)
      ok(await client.join(device, { joinKey: made.joinKey }))
      ok(await client.request('announce_pubkey', { room: made.address, request: random(2_700) }))
      return client
    }),
  )
  const welcomes = [{ to: devices.map((device) => device.id), ct: random(60_000) }]
  ok(await made.members[0]!.commit({ welcomes }))
  await Promise.all(clients.map((client) => client.next('welcome')))
  expect(performance.now() - started).toBeLessThan(4_000)
})

it('[RL64] half-open and slow HTTP connections do not keep a relay from closing', async () => {
  const { relay: running } = await relay()
  const socket = connect(running.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: loc')
  await new Client(running.url).connected()
  const from = performance.now()
  await running.close()
  expect(performance.now() - from).toBeLessThan(2_000)
})
