/** F82 in a real Chromium: the relay serves a build in which one byte has changed, and the page does not run it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RunningRelay, startRelay } from '@qsec/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { problemWords } from '../../apps/web/src/words/problems.ts'
import { createRoom, inRoom, launch } from './browsers.ts'

const built = path.resolve(import.meta.dirname, '../../apps/web/dist')
const html = readFileSync(path.join(built, 'index.html'), 'utf8')
/** What the page cannot start without, as the HTML names it. */
const atStart = [...html.matchAll(/<(?:script|link)\b[^>]*(?:src|href)="\/(assets\/[^"]+)"[^>]*integrity=/g)].map(
  (match) => match[1]!,
)
const folder = mkdtempSync(path.join(tmpdir(), 'qsec-integrity-'))
const running: RunningRelay[] = []
let browser: Browser

beforeAll(async () => {
  // What a test hands on (strictPage) comes from nowhere, and such a page may not ask this machine for anything.
  browser = await launch('--disable-features=LocalNetworkAccessChecks')
})
afterAll(async () => {
  await browser?.close()
  await Promise.all(running.map((relay) => relay.close()))
  rmSync(folder, { recursive: true, force: true })
})

const copyOfBuild = (webRoot: string) => cpSync(built, webRoot, { recursive: true })

/** A relay that serves the build with another last byte in one file. The file means the same: only its hash tells. */
async function relayWith(changed: string | undefined, build: (webRoot: string) => void = copyOfBuild): Promise<string> {
  const at = path.join(folder, String(running.length))
  const webRoot = path.join(at, 'dist')
  build(webRoot)
  if (changed !== undefined) {
    const file = path.join(webRoot, changed)
    const bytes = readFileSync(file)
    expect([';', '}', '\n']).toContain(String.fromCharCode(bytes.at(-1)!))
    bytes[bytes.length - 1] = 0x20
    writeFileSync(file, bytes)
  }
  const relay = await startRelay({ port: 0, host: '127.0.0.1', databasePath: path.join(at, 'qsec2.db'), webRoot })
  running.push(relay)
  return relay.url.replace('127.0.0.1', 'localhost')
}

const newPage = async (): Promise<Page> => (await browser.newContext()).newPage()
const createButton = (page: Page) => page.getByRole('button', { name: 'Create room' })
const notStarted = (page: Page) => page.getByRole('heading', { name: 'QSEC has not started' })
const withoutHashes = (webRoot: string) => {
  copyOfBuild(webRoot)
  writeFileSync(path.join(webRoot, 'index.html'), html.replaceAll(/ integrity="[^"]*"/g, ''))
}

it('[PG1] with one changed byte in any file of the start, the page does not start and says so', async () => {
  expect(atStart.length).toBeGreaterThan(3)
  expect(atStart.some((file) => file.endsWith('.css'))).toBe(true)
  // One after the other each would wait for the text.
  const pages: Page[] = []
  for (const file of atStart) {
    const page = await newPage()
    await page.goto(await relayWith(file))
    pages.push(page)
  }
  for (const [i, page] of pages.entries()) {
    await notStarted(page).waitFor({ timeout: 60_000 })
    expect([atStart[i], await createButton(page).count()]).toEqual([atStart[i], 0])
  }
  // Without the hashes the same byte changes nothing: it is they that stop it.
  const page = await newPage()
  await page.goto(
    await relayWith(
      atStart.find((file) => file.endsWith('.js')),
      withoutHashes,
    ),
  )
  await createButton(page).waitFor()
  expect(await notStarted(page).count()).toBe(0)
})

it('[PG2] a changed part that is loaded later is not run either, and the page says so', async () => {
  const later = [...html.matchAll(/^ +\/(assets\/\S+) sha384-/gm)].map((match) => match[1]!)
  const ofRooms = later.filter((file) => /\/(src|browser|vault)-/.test(file))
  expect(ofRooms).toHaveLength(3)
  for (const file of ofRooms) {
    const page = await newPage()
    await page.goto(await relayWith(file))
    await createButton(page).click()
    await page.getByText(problemWords.noPart).waitFor()
    expect(await page.getByRole('textbox', { name: 'Message' }).count()).toBe(0)
  }
  const page = await newPage()
  const asks = later.find((file) => file.includes('/dialogs-'))!
  await page.goto(await relayWith(asks))
  await createButton(page).click()
  await inRoom(page)
  await page.getByRole('button', { name: 'Invite', exact: true }).first().click()
  await page.getByText(problemWords.noPart).waitFor()
})

/** A browser that is told to run nothing without a hash. */
async function strictPage(): Promise<Page> {
  const page = await newPage()
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue()
    const response = await route.fetch()
    const headers = { ...response.headers(), 'integrity-policy': 'blocked-destinations=(script)' }
    return route.fulfill({ response, headers })
  })
  return page
}

it('[PG3] nothing that the page loads on its way comes without a hash', async () => {
  const url = await relayWith(undefined)
  const page = await strictPage()
  const scripts: string[] = []
  const problems: string[] = []
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await createRoom(page, url, 'Ana')
  await page.getByRole('button', { name: 'Room details' }).click()
  await page.goto(url)
  await page.getByRole('button', { name: 'This device' }).click()
  await page.getByRole('heading', { name: 'This device', exact: true }).waitFor()
  expect(problems).toEqual([])
  // Even the smallest part, which imports nothing: Vite gives it no preload of its own accord.
  for (const part of ['index-', 'src-', 'vault-', 'dialogs-', 'device-', 'qr-']) {
    expect(
      scripts.some((address) => address.includes(`/assets/${part}`)),
      part,
    ).toBe(true)
  }

  const strict = await strictPage()
  await strict.goto(await relayWith(undefined, withoutHashes))
  await notStarted(strict).waitFor()
  expect(await createButton(strict).count()).toBe(0)
})
