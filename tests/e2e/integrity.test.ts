/** F82 in a real Chromium: the relay serves a build in which one byte has changed, and the page does not run it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RunningRelay, startRelay } from '@qsec/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isPart } from '../../apps/web/build/integrity.ts'
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
  for (const kind of ['.js', '.css']) expect(atStart.filter((file) => file.endsWith(kind))).not.toEqual([])
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

const pathOf = (address: string) => new URL(address).pathname.slice(1)
/** Scripts that the page asks for beyond those of the start, in order; those of workers have no integrity anywhere. */
function laterOf(page: Page): string[] {
  const later: string[] = []
  page.on('request', (request) => {
    const file = pathOf(request.url())
    if (request.resourceType() === 'script' && isPart(file) && !atStart.includes(file)) later.push(file)
  })
  return later
}
const invite = (page: Page) => page.getByRole('button', { name: 'Invite', exact: true }).first().click()

it('[PG2] a changed part that is loaded later is not run either, and the page says so', async () => {
  const page = await newPage()
  const later = laterOf(page)
  await page.goto(await relayWith(undefined))
  await createButton(page).click()
  await inRoom(page)
  const ofRooms = [...new Set(later)]
  await invite(page)
  await page.getByRole('dialog', { name: 'Invite people' }).waitFor()
  const [ofDialogs] = later.filter((file) => !ofRooms.includes(file))
  expect([ofRooms.length > 1, ofDialogs]).toEqual([true, expect.stringMatching(/\.js$/)])
  let stopped = 0
  for (const file of ofRooms) {
    const changed = await newPage()
    const refused = changed.waitForEvent(
      'console',
      (message) => /integrity/.test(message.text()) && message.text().includes(file),
    )
    await changed.goto(await relayWith(file))
    await createButton(changed).click()
    await refused
    // Without some of them (the picture of the link) there is a room all the same.
    const said = changed.getByText(problemWords.noPart).first()
    await said
      .or(changed.getByRole('textbox', { name: 'Message' }))
      .first()
      .waitFor()
    if (await said.isVisible()) stopped++
  }
  expect(stopped).toBeGreaterThan(2)
  const changed = await newPage()
  await changed.goto(await relayWith(ofDialogs))
  await createButton(changed).click()
  await inRoom(changed)
  await invite(changed)
  await changed.getByText(problemWords.noPart).first().waitFor()
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
  const later = laterOf(page)
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await createRoom(page, url, 'Ana')
  await page.getByRole('button', { name: 'Room details' }).click()
  await page.goto(url)
  await page.getByRole('button', { name: 'This device' }).click()
  await page.getByRole('heading', { name: 'This device', exact: true }).waitFor()
  expect(problems).toEqual([])
  // Each of them is in the table: the start page, the room, its dialogs, this device.
  expect(new Set(later).size).toBeGreaterThan(5)
  expect([...new Set(later)].filter((file) => !html.includes(` /${file} sha384-`))).toEqual([])

  const strict = await strictPage()
  await strict.goto(await relayWith(undefined, withoutHashes))
  await notStarted(strict).waitFor()
  expect(await createButton(strict).count()).toBe(0)
})
