/** The client comes from a server of its own, the relay is elsewhere: `qsec client`, and QSEC_ORIGINS at the relay. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RunningClientHost, type RunningRelay, serveClient, startRelay } from '@qsec/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { relayWords } from '../../apps/web/src/words/relay.ts'
import { createRoom, joinRoom, launch, reads, say } from './browsers.ts'

const webRoot = path.resolve(import.meta.dirname, '../../apps/web/dist')
const folder = mkdtempSync(path.join(tmpdir(), 'qsec-origins-'))
let relay: RunningRelay
let client: RunningClientHost
let stranger: RunningClientHost
let browser: Browser
const problems: string[] = []

beforeAll(async () => {
  // The relay has no page at all, so that nothing can come from it by accident.
  const without = path.join(folder, 'no-page')
  const databasePath = path.join(folder, 'qsec2.db')
  // Which port the page gets is known before the relay is told about it.
  const probe = await startRelay({ databasePath: ':memory:', webRoot: without })
  const relayPort = probe.port
  await probe.close()
  client = await serveClient({ webRoot, relay: `http://localhost:${relayPort}` })
  stranger = await serveClient({ webRoot, relay: `http://localhost:${relayPort}` })
  relay = await startRelay({ port: relayPort, databasePath, webRoot: without, origins: [client.url] })
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([client?.close(), stranger?.close(), relay?.close()])
  rmSync(folder, { recursive: true, force: true })
})

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  return page
}

it('[OC3] two people whose page comes from another server than the relay talk, and links of either lead into the room', async () => {
  const [ana, ben, eva] = await Promise.all([newPage(), newPage(), newPage()])
  const asked = new Set<string>()
  ben.on('request', (request) => asked.add(new URL(request.url()).origin))
  ben.on('websocket', (socket) => asked.add(new URL(socket.url()).origin))
  const link = await createRoom(ana, client.url, 'Ana')
  expect(link.startsWith(`${client.url}/room/`)).toBe(true)
  await joinRoom(ben, link, 'Ben')
  await say(ana, 'from elsewhere')
  await reads(ben, 'from elsewhere')
  await say(ben, 'I read it')
  await reads(ana, 'I read it')
  expect([...asked].sort()).toEqual([client.url, relay.url, relay.url.replace('http', 'ws')].sort())
  // A link that somebody made whose page came from the relay.
  await eva.goto(client.url)
  await eva.getByRole('textbox', { name: 'Your name' }).fill('Eva')
  await eva.getByRole('textbox', { name: 'Room ID' }).fill(link.replace(client.url, relay.url))
  await eva.getByRole('button', { name: 'Join room' }).click()
  await eva.getByRole('textbox', { name: 'Message' }).waitFor()
  await say(eva, 'so do I')
  await reads(ana, 'so do I')
  expect(problems).toEqual([])
})

it('[OC4] an origin that the relay does not list is refused, and the page says by which setting it would be let in', async () => {
  const page = await newPage()
  await page.goto(stranger.url)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mallory')
  await page.getByRole('button', { name: 'Create room' }).click()
  await page.getByText(relayWords.refused(relay.url, stranger.url)).waitFor()
  expect(relayWords.refused(relay.url, stranger.url)).toContain(`QSEC_ORIGINS=${stranger.url}`)
  await page.goto(`${stranger.url}/room/lobby`)
  await page.getByText(relayWords.refused(relay.url, stranger.url)).waitFor()
  // Nothing was made: the relay knows the room of the test before, and no other.
  expect(relay.stats().rooms).toBe(1)
  // And the policy holds the page to its relay.
  const elsewhere = await page.evaluate(
    (url) =>
      fetch(url).then(
        () => 'answered',
        (error: Error) => error.name,
      ),
    client.url,
  )
  expect(elsewhere).toBe('TypeError')
  await page.context().close()
})
