import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { relay, temporaryFolder } from '../../test/harness.ts'
import { talk } from '../../test/raw-http.ts'
import { serveClient } from '../client-host.ts'
import { isAllowedOrigin, isHost } from './hosts.ts'

function webRoot(): string {
  const root = path.join(temporaryFolder(), 'dist')
  mkdirSync(path.join(root, 'assets'), { recursive: true })
  mkdirSync(path.join(root, '.git'))
  writeFileSync(path.join(root, 'index.html'), '<!doctype html><title>QSEC</title>')
  writeFileSync(path.join(root, 'sw.js'), 'self.x = 1')
  writeFileSync(path.join(root, 'manifest.webmanifest'), '{}')
  writeFileSync(path.join(root, 'assets', 'index-abc123.js'), 'export {}'.repeat(100))
  writeFileSync(path.join(root, 'assets', 'quantum.worker-abc_-1.js'), 'self.x = 1')
  writeFileSync(path.join(root, 'quantum.worker-abc.js'), 'self.x = 1')
  writeFileSync(path.join(root, 'assets', 'index-abc123.js.br'), 'compressed')
  writeFileSync(path.join(root, 'assets', 'index-abc123.js.map'), '{}')
  writeFileSync(path.join(root, '.env'), 'SECRET=1')
  writeFileSync(path.join(root, '.git', 'config'), 'x')
  writeFileSync(path.join(path.dirname(root), 'qsec2.db'), 'beside the root')
  return root
}

const everywhere: Record<string, string> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'permissions-policy':
    'camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), serial=(), interest-cohort=()',
  'origin-agent-cluster': '?1',
}

describe('what is served', () => {
  it('[RL70] pages, assets and nothing else, each with its cache rule', async () => {
    const root = webRoot()
    const { relay: running } = await relay({ webRoot: root })
    const get = (where: string, init?: RequestInit) => fetch(running.url + where, init)
    for (const page of ['/', '/room/lobby', '/room/AAAAAAAAAAAAAAAAAAAAAA', '/?x=1', '/room/lobby?username=Ana']) {
      const response = await get(page)
      expect([page, response.status, response.headers.get('cache-control')]).toEqual([page, 200, 'no-cache'])
      expect(await response.text()).toContain('<title>QSEC</title>')
    }
    const asset = await get('/assets/index-abc123.js', { headers: { 'accept-encoding': 'identity' } })
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toMatch(/javascript/)
    expect((await get('/sw.js')).headers.get('cache-control')).toBe('no-cache')
    expect((await get('/manifest.webmanifest')).status).toBe(200)
    for (const unknown of [
      '/nothing',
      '/assets/nothing.js',
      '/assets/',
      '/assets',
      '/room',
      '/room/',
      '/room/with%20space',
      '/room/a/b',
      '/room/this-is-longer-than-twenty',
      '/lab',
      '/assets/index-abc123.js.map',
      '/assets/index-abc123.js.br',
      '/.env',
      '/.git/config',
      '/qsec2.db',
      '/%2e%2e/qsec2.db',
      '/assets/..%2f..%2fqsec2.db',
      '/assets/%00',
      '/%',
      '/data/qsec2.db',
      '/socket.io.js',
      '/__proto__',
      '/constructor',
    ]) {
      const response = await get(unknown)
      expect([unknown, response.status]).toEqual([unknown, 404])
      expect(await response.text()).toBe('Not found.\n')
    }
    expect(
      await talk(running.port, 'GET /../qsec2.db HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 404/)
    const head = await get('/', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const ranged = await get('/assets/index-abc123.js', {
      headers: { range: 'bytes=9-2', 'accept-encoding': 'identity' },
    })
    expect(ranged.status).toBe(200)
    rmSync(path.join(root, 'assets', 'index-abc123.js'))
    expect((await get('/assets/index-abc123.js')).status).toBe(404)
  })

  it('[RL71] it tells whether it lives and whether it can store', async () => {
    const { relay: running } = await relay()
    for (const probe of ['/healthz', '/readyz']) expect((await fetch(running.url + probe)).status).toBe(200)
  })

  it('[RL72] without a web client it says so', async () => {
    const { relay: running } = await relay({ webRoot: path.join(temporaryFolder(), 'dist') })
    const response = await fetch(running.url)
    expect([response.status, running.servesPages]).toEqual([404, false])
    expect(await response.text()).toMatch(/not been built/)
  })
})

describe('headers', () => {
  it('[RL73] every class of response carries all of them', async () => {
    const { relay: running } = await relay({ webRoot: webRoot() })
    const host = new URL(running.url).host
    const classes: [string, RequestInit, number][] = [
      ['/', {}, 200],
      ['/room/lobby', {}, 200],
      ['/assets/index-abc123.js', {}, 200],
      ['/manifest.webmanifest', {}, 200],
      ['/origin', {}, 200],
      ['/origin', { headers: { Origin: 'https://evil.example' } }, 403],
      ['/nothing', {}, 404],
      ['/', { method: 'POST' }, 405],
      ['/healthz', {}, 200],
      ['/readyz', {}, 200],
      ['/socket.io/?EIO=4&transport=polling', {}, 200],
      ['/socket.io/?EIO=4&transport=polling&sid=unknown', {}, 400],
      ['/socket.io/?EIO=9&transport=none', {}, 400],
      ['/socket.io/?EIO=4&transport=polling', { headers: { Origin: 'https://evil.example' } }, 403],
    ]
    for (const [where, init, status] of classes) {
      const response = await fetch(running.url + where, init)
      expect([where, response.status]).toEqual([where, status])
      expect(Object.fromEntries(response.headers)).toMatchObject(everywhere)
      const policy = response.headers.get('content-security-policy')!
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /)
      expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host}`)
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types qsec")
      expect(policy).not.toMatch(/unsafe|upgrade-insecure/)
      expect(response.headers.has('strict-transport-security')).toBe(false)
      expect(response.headers.has('x-powered-by')).toBe(false)
      await response.body?.cancel()
    }
    expect((await fetch(running.url, { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD')
  })

  it('[RL76] the script of a worker, and nothing else, may compile WebAssembly, and may do nothing besides', async () => {
    const { relay: running } = await relay({ webRoot: webRoot() })
    const policyOf = async (where: string, init: RequestInit = {}) => {
      const response = await fetch(running.url + where, init)
      expect(Object.fromEntries(response.headers)).toMatchObject(everywhere)
      await response.body?.cancel()
      return [response.status, response.headers.get('content-security-policy')]
    }
    const worker = '/assets/quantum.worker-abc_-1.js'
    const own = "default-src 'none'; script-src 'wasm-unsafe-eval'"
    expect(await policyOf(worker)).toEqual([200, own])
    expect(await policyOf(worker, { method: 'HEAD' })).toEqual([200, own])
    const etag = (await fetch(running.url + worker)).headers.get('etag')!
    // The headers of a 304 take the place of those that the browser has kept.
    expect(await policyOf(worker, { headers: { 'If-None-Match': etag } })).toEqual([304, own])
    for (const other of ['/', '/room/lobby', '/assets/index-abc123.js', '/quantum.worker-abc.js', '/nothing']) {
      expect((await policyOf(other))[1]).toMatch(/script-src 'self';/)
    }
    for (const other of ['/assets/gone.worker-abc.js', '/assets/x/quantum.worker-abc.js']) {
      expect((await policyOf(other))[0]).toBe(404)
    }
  })

  it('[SV1] the script that keeps the page may fetch from its own server, and nothing else', async () => {
    const { relay: running } = await relay({ webRoot: webRoot() })
    const own = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'"
    const etag = (await fetch(`${running.url}/sw.js`)).headers.get('etag')!
    for (const headers of [{}, { 'If-None-Match': etag }]) {
      const response = await fetch(`${running.url}/sw.js`, { headers })
      await response.body?.cancel()
      expect(Object.fromEntries(response.headers)).toMatchObject({ ...everywhere, 'content-security-policy': own })
    }
    expect((await fetch(`${running.url}/assets/sw.js`)).headers.get('content-security-policy')).not.toBe(own)
  })

  it('[OC1] any page may ask whether its origin may connect, and may read nothing else', async () => {
    const allowed = 'https://client.example'
    const { relay: running } = await relay({ webRoot: webRoot(), origins: [allowed] })
    const ask = (path: string, origin: string) => fetch(running.url + path, { headers: { Origin: origin } })
    for (const [origin, status] of [
      [allowed, 200],
      [running.url, 200],
      ['https://evil.example', 403],
      ['null', 403],
    ] as const) {
      const answer = await ask('/origin', origin)
      expect([origin, answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([origin, status, '*'])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      await answer.body?.cancel()
    }
    for (const path of ['/', '/assets/index-abc123.js', '/qsec-relay.json', '/healthz', '/origin/']) {
      const answer = await ask(path, allowed)
      expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, null])
      await answer.body?.cancel()
    }
  })

  it('[OC2] a server of the page alone lets it connect to its relay and nowhere else', async () => {
    const client = await serveClient({ webRoot: webRoot(), relay: 'https://relay.example:8443' })
    try {
      const connect = "connect-src 'self' https://relay.example:8443 wss://relay.example:8443"
      for (const [where, status] of [
        ['/', 200],
        ['/room/lobby', 200],
        ['/assets/index-abc123.js', 200],
        ['/nothing', 404],
        ['/socket.io/?EIO=4&transport=polling', 404],
        ['/.env', 404],
        ['/qsec2.db', 404],
      ] as const) {
        const response = await fetch(client.url + where)
        expect([where, response.status]).toEqual([where, status])
        expect(Object.fromEntries(response.headers)).toMatchObject(everywhere)
        expect(response.headers.get('content-security-policy')!.endsWith(`; ${connect}`)).toBe(true)
        await response.body?.cancel()
      }
      expect(await (await fetch(`${client.url}/qsec-relay.json`)).json()).toEqual({
        relay: 'https://relay.example:8443',
      })
      const worker = await fetch(`${client.url}/assets/quantum.worker-abc_-1.js`)
      expect(worker.headers.get('content-security-policy')).toBe("default-src 'none'; script-src 'wasm-unsafe-eval'")
      expect((await fetch(client.url, { method: 'POST' })).status).toBe(405)
      expect(await talk(client.port, 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n')).toMatch(
        /^HTTP\/1.1 400/,
      )
    } finally {
      await client.close()
    }
    const empty = path.join(temporaryFolder(), 'dist')
    await expect(serveClient({ webRoot: empty, relay: 'https://relay.example' })).rejects.toThrow('there is no page')
  })

  it.each([
    ['GET / HTTP/1.1\r\nHost: a b\r\n', 400],
    ["GET / HTTP/1.1\r\nHost: x; script-src 'unsafe-inline'\r\n", 400],
    ['GET / HTTP/1.1\r\nHost: localhost:99999\r\n', 400],
    ['GET / HTTP/1.1\r\n', 400],
    ['GET / HTTP/1.0\r\n', 400],
    ['GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n', 400],
    ['OPTIONS * HTTP/1.1\r\nHost: localhost\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(20_000)}\r\n`, 431],
    ['nonsense\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nExpect: a-miracle\r\n', 417],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\nX\u0000: c\r\n', 400],
    ['GET / HTTP/9.9\r\nHost: localhost\r\n', 400],
    ['BREW / HTTP/1.1\r\nHost: localhost\r\n', 400],
  ])('[RL74] a request of a wrong form (%#) gets a code, with the headers', async (start, status) => {
    const { relay: running } = await relay()
    const heard = await talk(running.port, `${start}Connection: close\r\n\r\n`)
    expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(heard).toMatch(/Content-Security-Policy: default-src 'none'/i)
    expect(heard).not.toMatch(/evil\.example|unsafe-inline|node_modules|\.ts:/)
  })
})

it('[RL75] hosts and origins are compared as browsers write them', () => {
  for (const host of ['localhost', 'localhost:5000', 'chat.example.org', '192.168.1.2:80', '[::1]:5000', 'a.b.']) {
    expect([host, isHost(host)]).toEqual([host, true])
  }
  for (const host of [undefined, '', ' ', 'a b', 'a;b', "a'b", 'a/b', '-a', '.', 'a:', 'a:123456', '[::1', 'a\r\nb']) {
    expect([host, isHost(host)]).toEqual([host, false])
  }
  const none = new Set<string>()
  expect(isAllowedOrigin('http://[::1]:5000', '[::1]:5000', none)).toBe(true)
  expect(isAllowedOrigin('https://chat.example.org', 'Chat.Example.org', none)).toBe(true)
  expect(isAllowedOrigin('http://chat.example.org', 'chat.example.org:80', none)).toBe(true)
  expect(isAllowedOrigin('file://localhost', 'localhost', none)).toBe(false)
})
