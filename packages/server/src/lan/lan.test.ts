/** A relay on a LAN and its door on plain HTTP, in this process. What a second machine meets: tests/system/lan.test.ts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import path from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { Client, temporaryFolder } from '../../test/harness.ts'
import type { LanNames } from './names.ts'
import { type LanRelay, startOnLan } from './start.ts'
import { lanWords } from './words.ts'

// A machine under load is slow, and that is no fault.
vi.setConfig({ testTimeout: 30_000 })

const names: LanNames = { ips: ['192.0.2.7'], dns: ['nest.local', 'nest'] }

function plainRoot(): string {
  const root = path.join(temporaryFolder(), 'plain-pages')
  mkdirSync(root)
  writeFileSync(path.join(root, 'guide.html'), '<a href="{{origin}}/">{{name}}</a> {{fingerprint}} {{unknown}}')
  writeFileSync(path.join(root, 'lab.html'), 'the laboratory')
  for (const name of ['lab-abcdefgh.js', 'lab.worker-abcdefgh.js']) writeFileSync(path.join(root, name), '1')
  return root
}

async function lan(given: { names?: () => Promise<LanNames> } = {}): Promise<LanRelay & { door: string; ca: string }> {
  const started = await startOnLan({
    port: 0,
    httpPort: 0,
    host: '0.0.0.0',
    databasePath: path.join(temporaryFolder(), 'qsec2.db'),
    plainRoot: plainRoot(),
    names: async () => names,
    ...given,
  })
  onTestFinished(() => started.close())
  const door = `http://127.0.0.1:${/open http:\/\/[^:]+:(\d+)/.exec(started.words)![1]}`
  return { ...started, door, ca: (await ask(`${door}/qsec-ca.pem`)).body.toString() }
}

interface Heard {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

function ask(url: string, options: Record<string, unknown> = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? getSecure : get)(
      url,
      { agent: false, ...options },
      async (response) => {
        const pieces: Buffer[] = []
        for await (const piece of response) pieces.push(piece as Buffer)
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) })
      },
    )
    request.on('error', reject)
  })
}

it('[LN10] people talk over TLS with the authority trusted, by WebSocket and by polling, and not without it', async () => {
  const { relay, ca } = await lan()
  for (const transports of [['websocket'], ['polling']]) {
    const client = await new Client(relay.url, { ca, transports }).connected()
    expect(await client.request('hello', { versions: [1] })).toMatchObject({ ok: true })
  }
  await expect(new Client(relay.url).connected()).rejects.toThrow()
  await expect(ask(`${relay.url}/healthz`)).rejects.toThrow(/self-signed|unable to verify/)
})

it('[LN11] no response under the private certificate, or on plain HTTP, pins TLS', async () => {
  const { relay, door, ca } = await lan()
  const all = [`${relay.url}/healthz`, `${relay.url}/nothing`, `${door}/`, `${door}/lab`, `${door}/nothing`]
  for (const url of all) expect((await ask(url, { ca })).headers['strict-transport-security'], url).toBeUndefined()
})

it('[LN12] plain HTTP has the guide, at addresses of rooms too, the certificate and the laboratory', async () => {
  const { relay, door } = await lan()
  for (const place of ['/', '/room/lobby', '/room/q7VnB3hZkP2mXw9RtLsYdA', '/?x']) {
    const { status, headers, body } = await ask(door + place)
    expect([place, status, headers['content-type'], headers['cache-control']]).toEqual([
      place,
      200,
      'text/html;charset=utf-8',
      'no-store',
    ])
    expect(body.toString()).toMatch(
      new RegExp(`^<a href="https://127\\.0\\.0\\.1:${relay.port}/">QSEC on nest</a> (?:[0-9A-F]{2} ?){32} {1,2}$`),
    )
  }
  expect((await ask(`${door}/lab`)).body.toString()).toBe('the laboratory')
  expect((await ask(`${door}/plain/lab-abcdefgh.js`)).headers['content-type']).toMatch(/javascript/)
  const worker = await ask(`${door}/plain/lab.worker-abcdefgh.js`)
  expect(worker.headers['content-security-policy']).toBe("default-src 'none'; script-src 'wasm-unsafe-eval'")
  const der = (await ask(`${door}/qsec-ca.crt`)).body
  expect((await ask(`${door}/qsec-ca.cer`)).body).toEqual(der)
  expect((await ask(`${door}/android/qsec-ca.crt`)).body).toEqual(der)
  const types: [string, string][] = [
    ['qsec-ca.crt', 'application/x-x509-ca-cert'],
    ['qsec-ca.pem', 'application/x-pem-file'],
    ['android/qsec-ca.crt', 'application/octet-stream'],
    ['qsec.mobileconfig', 'application/x-apple-aspen-config'],
  ]
  for (const [file, type] of types) expect((await ask(`${door}/${file}`)).headers['content-type']).toBe(type)
})

it('[LN13] plain HTTP has nothing of the chat, no socket, and takes nothing', async () => {
  const { door } = await lan()
  const nothing = [
    '/index.html',
    '/socket.io/?EIO=4&transport=polling',
    '/assets/index.js',
    '/reach.json',
    '/guide.html',
  ]
  for (const place of [
    ...nothing,
    '/lan/ca.pem',
    '/qsec2.db',
    '/plain/../guide.html',
    '/plain/%2e%2e/lab.html',
    '/plain/guide.html',
    '/room/a/b',
  ]) {
    expect([place, (await ask(door + place)).status]).toEqual([place, 404])
  }
  expect((await ask(`${door}/`, { method: 'POST' })).status).toBe(405)
  expect((await ask(`${door}/`, { headers: { host: 'a b' } })).status).toBe(400)
  await expect(new Client(door).connected()).rejects.toThrow()
})

it('[LN14] every response of plain HTTP has the headers, but for those that are for secure contexts alone', async () => {
  const { door, relay } = await lan()
  for (const place of ['/', '/lab', '/nothing', '/qsec-ca.crt', '/plain/lab-abcdefgh.js']) {
    const { headers } = await ask(door + place)
    expect(headers).toMatchObject({
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers['cross-origin-opener-policy']).toBeUndefined()
    expect(headers['content-security-policy']).toContain(`form-action 'none'`)
    expect(headers['content-security-policy']).toContain(`connect-src 'self' https://127.0.0.1:${relay.port}`)
  }
})

it('[LN15] an address that comes while it runs is in the next certificate, and nobody is cut off', async () => {
  let now = names
  const { relay, ca, follow } = await lan({ names: async () => now })
  const inside = await new Client(relay.url, { ca }).connected()
  const addressOf = async () => {
    const { body } = await ask(`${relay.url}/reach.json`, { ca })
    return (JSON.parse(body.toString()) as { addresses: string[] }).addresses[0]
  }
  expect(await addressOf()).toBe(`https://192.0.2.7:${relay.port}`)
  now = { ...names, ips: ['127.9.9.9'] }
  await follow()
  expect((await ask(`https://127.9.9.9:${relay.port}/healthz`, { ca })).status).toBe(200)
  expect(await addressOf()).toBe(`https://127.9.9.9:${relay.port}`)
  expect(inside.socket.connected).toBe(true)
})

it('[LN16] the relay says by which addresses others reach it, and where they begin', async () => {
  const { relay, door, ca } = await lan()
  const { headers, body } = await ask(`${relay.url}/reach.json`, { ca })
  expect(JSON.parse(body.toString())).toEqual({
    addresses: [`https://192.0.2.7:${relay.port}`, `https://nest.local:${relay.port}`],
    guide: door.replace('127.0.0.1', '192.0.2.7'),
  })
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

it('[LN17] the guide of the same name hears whether its device trusts the certificate; no other page does', async () => {
  const { relay, door, ca } = await lan()
  const host = `127.0.0.1:${relay.port}`
  const from = (origin: string) => ask(`https://${host}/trusted`, { ca, headers: { origin } })
  expect((await from(door)).headers['access-control-allow-origin']).toBe(door)
  for (const origin of [
    'https://evil.example',
    'http://evil.example',
    `https://${host}`,
    'http://127.0.0.1.evil',
    'null',
  ]) {
    const { status, headers } = await from(origin)
    expect([origin, status, headers['access-control-allow-origin']]).toEqual([origin, 204, undefined])
  }
})

it('[LN18] what it prints names the address, the guide, the fingerprint, and shows a code to who sits before it', () => {
  const given = {
    origins: ['https://192.168.1.5:5000', 'https://nest.local:5000'],
    guide: 'http://192.168.1.5:5080',
    fingerprint: Array.from({ length: 32 }, (_, i) => (i + 160).toString(16).toUpperCase()).join(':'),
  }
  const words = lanWords({ ...given, hasScreen: false })
  expect(words).toMatch(/^QSEC is serving on https:\/\/192\.168\.1\.5:5000\n/)
  for (const part of [...given.origins, given.guide, 'A0 A1 A2 A3 A4 A5 A6 A7\n', 'B8 B9 BA BB BC BD BE BF']) {
    expect(words).toContain(part)
  }
  expect(words.split('\n').length).toBeLessThan(14)
  expect(lanWords({ ...given, hasScreen: true }).split('\n').length).toBeGreaterThan(30)
})
