/** The headers of every kind of response, with and without TLS, as they stand on the wire. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { relay, temporaryFolder } from '../../test/harness.ts'
import { headersIn, talk } from '../../test/raw-http.ts'
import { type Reach, serviceWorkerPolicy, workerPolicy } from './headers.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self'",
  "style-src-attr 'none'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "child-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types qsec',
]

/** As docs/security.md gives them. Camera and microphone are for codes and voice messages, and each time the browser asks. */
const always = {
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

const host = 'chat.example.org'
const socket = '/socket.io/?EIO=4&transport=websocket'
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13'
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='

/** What is asked, what is answered, and the Host that the policy of the answer names. */
const classes: readonly (readonly [request: string, status: number, named?: 'no host'])[] = [
  ['GET / HTTP/1.1\r\nHost: {}', 200],
  ['HEAD / HTTP/1.1\r\nHost: {}', 200],
  ['GET /room/lobby HTTP/1.1\r\nHost: {}', 200],
  ['GET /assets/index-abc123.js HTTP/1.1\r\nHost: {}', 200],
  ['GET /sw.js HTTP/1.1\r\nHost: {}', 200],
  ['GET /assets/quantum.worker-abc123.js HTTP/1.1\r\nHost: {}', 200],
  ['GET /nothing HTTP/1.1\r\nHost: {}', 404],
  ['GET /assets/gone.worker-abc123.js HTTP/1.1\r\nHost: {}', 404],
  ['POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0', 405],
  ['OPTIONS / HTTP/1.1\r\nHost: {}\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: GET', 405],
  ['GET /healthz HTTP/1.1\r\nHost: {}', 200],
  ['GET /readyz HTTP/1.1\r\nHost: {}', 200],
  ['GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: {}', 200],
  ['GET /socket.io/?EIO=3&transport=polling HTTP/1.1\r\nHost: {}', 400],
  ['GET /socket.io/?EIO=4&transport=polling&sid=none HTTP/1.1\r\nHost: {}', 400],
  ['GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: {}\r\nOrigin: https://evil.example', 403],
  ['GET / HTTP/1.1\r\nHost: {}\r\nExpect: a-miracle', 417],
  ['GET / HTTP/1.1', 400, 'no host'],
  ['GET / HTTP/1.1\r\nHost: a b', 400, 'no host'],
  [`GET / HTTP/1.1\r\nHost: {}\r\nX: ${'y'.repeat(20_000)}`, 431, 'no host'],
  ['nonsense', 400, 'no host'],
  [`GET ${socket} HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}\r\nOrigin: null`, 403, 'no host'],
  [`GET /elsewhere HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}`, 404, 'no host'],
  // What the engine or its WebSocket library would refuse, without a header of ours.
  [`GET ${socket} HTTP/1.1\r\nHost: {}\r\n${upgrade}`, 400, 'no host'],
  [`GET ${socket} HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\nSec-WebSocket-Key: short`, 400, 'no host'],
  [`GET ${socket}&sid=none HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}`, 400, 'no host'],
  [`GET ${socket}&sid=a&sid=b HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}`, 400, 'no host'],
  [`GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}`, 400, 'no host'],
  [`GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}`, 400, 'no host'],
  [`GET ${socket} HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}\r\nSec-WebSocket-Protocol: ,,`, 400, 'no host'],
  [`POST ${socket} HTTP/1.1\r\nHost: {}\r\n${upgrade}\r\n${key}`, 400, 'no host'],
  [`GET ${socket} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${key}`, 400, 'no host'],
]

function webRoot(): string {
  const root = path.join(temporaryFolder(), 'dist')
  mkdirSync(path.join(root, 'assets'), { recursive: true })
  writeFileSync(path.join(root, 'index.html'), '<!doctype html><title>QSEC</title>')
  for (const name of ['assets/index-abc123.js', 'assets/quantum.worker-abc123.js', 'sw.js']) {
    writeFileSync(path.join(root, name), 'export {}')
  }
  return root
}

it.each(['none', 'private', 'public'] satisfies Reach['tls'][])(
  '[HX1] every response has the headers that it has to have, and no others of their kind (TLS: %s)',
  async (tls) => {
    const { relay: running } = await relay({ webRoot: webRoot(), tls })
    for (const [request, status, named] of classes) {
      const text = request.replace('{}', host)
      const head = headersIn(await talk(running.port, `${text}\r\nConnection: close\r\n\r\n`))
      expect([request.slice(0, 200), head.status]).toEqual([request.slice(0, 200), status])
      const sockets = named ? '' : tls === 'none' ? ` ws://${host} wss://${host}` : ` wss://${host}`
      const page = [...pagePolicy, `connect-src 'self'${sockets}`]
      if (tls !== 'none') page.push('upgrade-insecure-requests')
      const policy = text.includes('quantum.worker')
        ? workerPolicy
        : text.includes('/sw.js')
          ? serviceWorkerPolicy
          : page.join('; ')
      const wanted = {
        ...always,
        'content-security-policy': policy,
        ...(tls === 'public' ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
      }
      const got = Object.fromEntries(
        Object.entries(head.headers).filter(
          ([name]) => name in wanted || /security|policy|agent|^x-|^server$|cookie|allow-origin/.test(name),
        ),
      )
      expect({ request: request.slice(0, 200), ...got }).toEqual({ request: request.slice(0, 200), ...wanted })
    }
  },
)
