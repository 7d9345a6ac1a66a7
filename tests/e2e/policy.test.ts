/** F81 in a real Chromium: what the relay's page must never do is tried in it, and in a page without a policy. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { securityHeaders } from '../../packages/server/src/http/headers.ts'
import type { InPage, Outcome } from './attempts-in-page.ts'
import { openStage, type Stage } from './browsers.ts'
import { bundled } from './in-page.ts'

const sink = 'require-trusted-types-for'
/** The document of text in the frame inherits the policy, and is the one that is told. */
const inFrame = 'the same, told in the frame'
/** The directive that stops each attempt, first with Trusted Types, then in a browser without. */
const expected: Record<string, [directive: string, withoutTypes?: string]> = {
  eval: [sink, 'script-src'],
  'new Function': [sink, 'script-src'],
  'a timer with text': [sink, 'script-src'],
  'an inline script by its text': [sink, 'script-src-elem'],
  'an inline script by a node': [sink, 'script-src-elem'],
  'an inline handler': [sink, 'script-src-attr'],
  'an inline handler by an attribute node': [sink, 'script-src-attr'],
  'a foreign script': [sink, 'script-src-elem'],
  'a foreign module': ['script-src-elem', 'script-src-elem'],
  'a script of a blob': ['script-src-elem', 'script-src-elem'],
  'a script of a data address': ['script-src-elem', 'script-src-elem'],
  'a javascript: link': ['script-src-elem', 'script-src-elem'],
  'HTML as text': [sink, 'script-src-attr'],
  'HTML put beside': [sink, 'script-src-attr'],
  'HTML by a parser': [sink, 'script-src-attr'],
  'a page of text': [sink, inFrame],
  'another policy of Trusted Types': ['trusted-types'],
  'a second policy named qsec': ['trusted-types'],
  'a worker of a blob': [sink, 'worker-src'],
  'a worker of another address': [sink], // of this origin: no other directive forbids it
  'another base': ['base-uri', 'base-uri'],
  'a foreign frame': ['frame-src', 'frame-src'],
  'an object': [sink, 'object-src'],
  'an asking elsewhere': ['connect-src', 'connect-src'],
  'a socket elsewhere': ['connect-src', 'connect-src'],
  'a stream of events from elsewhere': ['connect-src', 'connect-src'],
  'a beacon': ['connect-src', 'connect-src'],
  'a foreign picture': ['img-src', 'img-src'],
  'a foreign stylesheet': ['style-src-elem', 'style-src-elem'],
  'an inline stylesheet': ['style-src-elem', 'style-src-elem'],
  'an inline style': ['style-src-attr', 'style-src-attr'],
  'a form': ['form-action', 'form-action'],
}

const bodies: Record<string, [type: string, body: string]> = {
  '/': ['text/html', '<!doctype html><title>open</title><body>'],
  '/without-types': ['text/html', '<!doctype html><title>ours</title><body>'],
  '/worker.js': ['text/javascript', 'postMessage(1)'],
  '/picture.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  '/style.css': ['text/css', 'b { color: red }'],
}

/** The page's policy as a browser reads it that knows no Trusted Types. */
function policyWithoutTypes(): string {
  const ours = new Map(securityHeaders('localhost')).get('Content-Security-Policy')!
  return ours.replace(/; require-trusted-types-for [^;]*; trusted-types [^;]*/, '')
}

let stage: Stage
let script: string
/** Another origin, which lets everybody read what it has; and the same as the page without a policy. */
let foreign: Server
let foreignUrl: string
/** The same server under another origin. */
let openUrl: string
const asked: string[] = []

beforeAll(async () => {
  foreign = createServer((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''))
    if (request.url === '/without-types') response.setHeader('content-security-policy', policyWithoutTypes())
    const [type, body] = bodies[request.url!.replace(/\?.*/, '')] ?? ['text/plain', 'nothing']
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    response.setHeader('content-type', type).end(body)
  })
  foreign.on('upgrade', (request, socket) => {
    asked.push(decodeURIComponent(request.url ?? ''))
    socket.destroy()
  })
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve))
  foreignUrl = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`
  openUrl = foreignUrl.replace('127.0.0.1', 'localhost')
  ;[stage, script] = await Promise.all([openStage(), bundled('tests/e2e/attempts-in-page.ts')])
})
afterAll(async () => {
  await stage?.close()
  foreign?.close()
})

/** Makes every attempt in a page of `url`, and waits for each until it `ended`. */
async function tryAll(url: string, ended: (outcome: Outcome, name: string) => boolean): Promise<Map<string, Outcome>> {
  const page = await (await stage.window()).newPage()
  await page.addInitScript({ content: `{${script}}` })
  await page.goto(url)
  const made = await page.evaluate(() => Object.keys((globalThis as unknown as InPage).attempts))
  const outcomes = new Map<string, Outcome>()
  for (const name of made) {
    const before = asked.length
    const gone: Outcome = { through: true, stopped: [] } // a form that comes through takes the page away
    const run = ([name, foreign]: [string, string]) => (globalThis as unknown as InPage).attempt(name, foreign)
    await page.evaluate(run, [name, foreignUrl] as [string, string]).catch(() => undefined)
    const untilMs = Date.now() + 10_000
    for (;;) {
      const look = (name: string) => (globalThis as unknown as InPage).outcome(name)
      const { through, stopped } = await page.evaluate(look, name).catch(() => gone)
      const reached = asked.slice(before).some((address) => address.endsWith(`?${name}`))
      const outcome = { through: through || reached, stopped }
      outcomes.set(name, outcome)
      if (ended(outcome, name) || Date.now() > untilMs) break
      await page.waitForTimeout(30)
    }
  }
  await page.waitForTimeout(300) // what comes late has come through too
  const all = await page.evaluate(() => (globalThis as unknown as InPage).through)
  await page.close()
  for (const name of all) outcomes.get(name)!.through = true
  return outcomes
}

const names = Object.keys(expected)

/** Attempts that came through, and those that something else stopped than what should have. */
async function faults(url: string, wanted: (name: string) => string | undefined): Promise<string[]> {
  const isStopped = ({ through, stopped }: Outcome, name: string) => {
    const directive = wanted(name)
    return directive === undefined || (!through && (directive === inFrame || stopped.includes(directive)))
  }
  const outcomes = await tryAll(url, isStopped)
  return names.flatMap((name) => {
    const outcome = outcomes.get(name)!
    if (isStopped(outcome, name)) return []
    return [`${name}: ${outcome.through ? 'came through' : `not ${wanted(name)}, but ${outcome.stopped.join(', ')}`}`]
  })
}

it('[PG10] whatever a page without a policy lets through is stopped in ours, by the directive that is there for it', async () => {
  const open = await tryAll(openUrl, ({ through }) => through)
  expect([...open.keys()]).toEqual(names)
  expect(names.filter((name) => !open.get(name)!.through)).toEqual([])
  expect(await faults(stage.url, (name) => expected[name]![0])).toEqual([])
})

it('[PG11] where a browser knows no Trusted Types, the rest of the policy stops the same', async () => {
  expect(policyWithoutTypes()).not.toContain('trusted')
  expect(await faults(`${openUrl}/without-types`, (name) => expected[name]![1])).toEqual([])
})

it('[PG12] nobody can show our page in a frame', async () => {
  const page = await (await stage.window()).newPage()
  await page.goto(foreignUrl)
  for (const url of [openUrl, stage.url]) {
    await page.evaluate((src) => {
      const frame = document.createElement('iframe')
      frame.src = src
      document.body.append(frame)
      return new Promise((resolve) => {
        frame.onload = resolve
      })
    }, url)
  }
  const [, framed, ours] = page.frames()
  expect([framed!.url(), await framed!.title()]).toEqual([`${openUrl}/`, 'open'])
  expect(ours!.url()).toBe('chrome-error://chromewebdata/')
  expect(await ours!.title()).not.toBe('QSEC')
  await page.close()
})
