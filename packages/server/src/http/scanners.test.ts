/**
 * What scanners of headers say. Google's CSP Evaluator runs over the exact policy of every class of response; the checks
 * of MDN's HTTP Observatory that concern our headers are done by hand, since its package brings a database driver.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { CspEvaluator, DEFAULT_CHECKS, STRICTCSP_CHECKS } from 'csp_evaluator/dist/evaluator.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { expect, it } from 'vitest'
import { relay, temporaryFolder } from '../../test/harness.ts'
import { securityHeaders, serviceWorkerPolicy, workerPolicy } from './headers.ts'

interface Note {
  directive: string
  /** The beginning of what the scanner says. */
  says: string
  /** Why it stays. */
  because: string
}

const notesOnPage: readonly Note[] = [
  {
    directive: 'script-src',
    says: "'self' can be problematic",
    because: 'the files are those of the build: nobody uploads here, and no answer is a script with a callback',
  },
]
const notesOnWorker: readonly Note[] = [
  {
    directive: 'require-trusted-types-for',
    says: 'Consider requiring Trusted Types',
    because: 'a worker has no document, and its policy lets it load nothing',
  },
]

function findings(policy: string): string[] {
  const { csp } = new CspParser(policy)
  return new CspEvaluator(csp).evaluate(STRICTCSP_CHECKS, DEFAULT_CHECKS).map((one) => {
    return `${one.directive}: ${one.description}`
  })
}

/** What is said beyond the known notes, and the known notes that are not said any more. */
function beyond(policy: string, notes: readonly Note[]): string[] {
  const said = findings(policy)
  const isNote = (text: string) => notes.some(({ directive, says }) => text.startsWith(`${directive}: ${says}`))
  const gone = notes.filter(({ directive, says }) => !said.some((text) => text.startsWith(`${directive}: ${says}`)))
  return [...said.filter((text) => !isNote(text)), ...gone.map(({ says }) => `no longer said: ${says}`)]
}

type Headers = Record<string, string>

/** Names are in lower case. */
function observatory(headers: Headers): string[] {
  const faults: string[] = []
  const check = (name: string, holds: boolean) => void (holds || faults.push(name))
  const policy = headers['content-security-policy'] ?? ''
  check('Content-Security-Policy begins with nothing', /^default-src 'none'(;|$)/.test(policy))
  check('Content-Security-Policy has nothing unsafe', !/'unsafe-|\*|data:.*script|http:|https:/.test(scripts(policy)))
  if (policy !== workerPolicy && policy !== serviceWorkerPolicy) {
    for (const shut of ['base-uri', 'form-action', 'frame-ancestors', 'object-src']) {
      check(`${shut} is shut`, policy.includes(`; ${shut} 'none';`))
    }
  }
  check('Cookies', headers['set-cookie'] === undefined)
  check('Cross Origin Resource Sharing', headers['access-control-allow-origin'] === undefined)
  check('Cross Origin Resource Policy', headers['cross-origin-resource-policy'] === 'same-origin')
  check('Referrer Policy', headers['referrer-policy'] === 'no-referrer')
  check('X-Content-Type-Options', headers['x-content-type-options'] === 'nosniff')
  check('X-Frame-Options', headers['x-frame-options'] === 'DENY')
  check('nothing tells what runs here', !('server' in headers || 'x-powered-by' in headers))
  return faults
}

const scripts = (policy: string) => /(?:^|; )script-src ([^;]*)/.exec(policy)?.[1] ?? ''

/** Status and headers of a request as it stands on the wire. */
function ask(port: number, request: string): Promise<{ status: number; headers: Headers }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let heard = ''
    socket.setEncoding('latin1').on('data', (data) => {
      heard += data
      const end = heard.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.destroy()
      const [first, ...lines] = heard.slice(0, end).split('\r\n')
      const entries = lines.map((line) => /^([^:]+): ?(.*)$/.exec(line)!.slice(1) as [string, string])
      resolve({
        status: Number(first!.split(' ')[1]),
        headers: Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value])),
      })
    })
    socket.on('error', reject)
  })
}

const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
const classes: [what: string, request: string, status: number][] = [
  ['the page', 'GET / HTTP/1.1\r\nHost: chat.example.org', 200],
  ['the page asked for by another', 'GET / HTTP/1.1\r\nHost: chat.example.org\r\nOrigin: https://evil.example', 200],
  ['a room', 'GET /room/lobby HTTP/1.1\r\nHost: chat.example.org', 200],
  ['a script', 'GET /assets/index-abc123.js HTTP/1.1\r\nHost: chat.example.org', 200],
  ['a worker', 'GET /assets/quantum.worker-abc123.js HTTP/1.1\r\nHost: chat.example.org', 200],
  ['the service worker', 'GET /sw.js HTTP/1.1\r\nHost: chat.example.org', 200],
  ['nothing', 'GET /nothing HTTP/1.1\r\nHost: chat.example.org', 404],
  ['a form', 'POST / HTTP/1.1\r\nHost: chat.example.org\r\nContent-Length: 0', 405],
  ['a probe', 'GET /healthz HTTP/1.1\r\nHost: chat.example.org', 200],
  ['polling', 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: chat.example.org', 200],
  ['bad polling', 'GET /socket.io/?EIO=9&transport=none HTTP/1.1\r\nHost: chat.example.org', 400],
  ['foreign polling', 'GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: chat.example.org\r\nOrigin: https://evil.example', 403],
  ['a foreign upgrade', `GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: a.example\r\nOrigin: null\r\n${upgrade.trim()}`, 403],
  ['an upgrade elsewhere', `GET /x HTTP/1.1\r\nHost: chat.example.org\r\n${upgrade.trim()}`, 404],
  ['no host', 'GET / HTTP/1.1\r\nHost: a b', 400],
  ['too much', `GET / HTTP/1.1\r\nHost: chat.example.org\r\nX: ${'y'.repeat(20_000)}`, 431],
  ['nonsense', 'nonsense', 400],
]

const notesFor: Readonly<Record<string, readonly Note[]>> = {
  'a worker': notesOnWorker,
  'the service worker': [],
}

it('[RL77] scanners find nothing in any class of response beyond notes that are known, each with its reason', async () => {
  const webRoot = path.join(temporaryFolder(), 'dist')
  mkdirSync(path.join(webRoot, 'assets'), { recursive: true })
  writeFileSync(path.join(webRoot, 'index.html'), '<!doctype html><title>QSEC</title>')
  for (const name of ['index-abc123.js', 'quantum.worker-abc123.js']) {
    writeFileSync(path.join(webRoot, 'assets', name), 'export {}')
  }
  writeFileSync(path.join(webRoot, 'sw.js'), 'self.x = 1')
  const { relay: running } = await relay({ webRoot })
  for (const [what, request, wanted] of classes) {
    const { status, headers } = await ask(running.port, `${request}\r\n\r\n`)
    expect([what, status]).toEqual([what, wanted])
    const policy = headers['content-security-policy']!
    const notes = notesFor[what] ?? notesOnPage
    expect([what, ...beyond(policy, notes)]).toEqual([what])
    expect([what, ...observatory(headers)]).toEqual([what])
  }
})

it('[RL78] the scanners do find what is planted', () => {
  const page = new Map(securityHeaders('chat.example.org')).get('Content-Security-Policy')!
  const planted: [find: string, replace: string, finds: RegExp][] = [
    ["script-src 'self'", "script-src 'self' 'unsafe-inline'", /unsafe-inline/],
    ["script-src 'self'", "script-src 'self' 'unsafe-eval'", /unsafe-eval/],
    ["script-src 'self'", "script-src 'self' https:", /https: URI in script-src/],
    ["script-src 'self'", "script-src 'self' *", /wildcards|\*/],
    ["script-src 'self'", "script-src 'self' https://cdn.jsdelivr.net", /jsdelivr/],
    ["object-src 'none'", 'object-src *', /object-src/],
    ["require-trusted-types-for 'script'; ", '', /Trusted Types/],
    ["frame-src 'none'; ", "frame-scr 'none'; ", /frame-scr/],
    ["script-src 'self'; ", 'script-src self; ', /self/],
  ]
  for (const [find, replace, finds] of planted) {
    expect(page).toContain(find)
    expect(beyond(page.replace(find, replace), notesOnPage).join('\n'), replace).toMatch(finds)
  }
  expect(beyond(workerPolicy.replace("'wasm-unsafe-eval'", "'unsafe-eval'"), notesOnWorker).join()).toMatch(
    /unsafe-eval/,
  )

  const good = Object.fromEntries(securityHeaders('a.example').map(([name, value]) => [name.toLowerCase(), value]))
  expect(observatory(good)).toEqual([])
  for (const worse of [
    { 'set-cookie': 'a=b' },
    { 'access-control-allow-origin': '*' },
    { 'x-powered-by': 'x' },
    { 'referrer-policy': 'unsafe-url' },
    { 'x-content-type-options': '' },
    { 'content-security-policy': page.replace("script-src 'self'", "script-src 'unsafe-inline'") },
    { 'content-security-policy': page.replace("default-src 'none'", "default-src 'self'") },
    { 'content-security-policy': page.replace("base-uri 'none'; ", '') },
  ]) {
    expect(observatory({ ...good, ...worse }), JSON.stringify(worse)).toHaveLength(1)
  }
})
