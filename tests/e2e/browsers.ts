/** Real Chromium windows against a real relay that serves the built client. Any console error fails the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RelayOptions, type RunningRelay, startRelay } from '@qsec/server'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

export interface Stage {
  relay: RunningRelay
  url: string
  databasePath: string
  /** What the relay told its operator. */
  output: string[]
  /** A window of its own: nothing is shared with the others. Its browser asks for pages in `locale`. */
  window(locale?: string): Promise<BrowserContext>
  /** A tab; `context` is a new window where none is given. */
  tab(context?: BrowserContext): Promise<Page>
  /** Console errors and uncaught ones of all tabs so far. */
  problems: string[]
  close(): Promise<void>
}

export async function openStage(options: Partial<RelayOptions> = {}): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-e2e-'))
  const databasePath = path.join(folder, 'qsec2.db')
  const output: string[] = []
  const relay = await startRelay({
    port: 0,
    host: '127.0.0.1',
    databasePath,
    report: (report) => output.push(JSON.stringify(report)),
    ...options,
  })
  if (!relay.servesPages) throw new Error('the web client is not built: run `npm test`, or `npm start` once')
  const browser = await launch()
  const problems: string[] = []
  const stage: Stage = {
    relay,
    url: relay.url.replace('127.0.0.1', 'localhost'),
    databasePath,
    output,
    problems,
    window: (locale = 'en-GB') => browser.newContext({ viewport: { width: 1280, height: 800 }, locale }),
    async tab(context) {
      const page = await (context ?? (await stage.window())).newPage()
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      page.on('pageerror', (error) => problems.push(error.message))
      return page
    },
    async close() {
      await browser.close()
      await relay.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return stage
}

/** A Chromium of its own, with further switches. */
export function launch(...switches: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage', ...switches],
  })
}

/** Makes a closed room on the start page and returns its invite link. */
export async function createRoom(page: Page, url: string, name: string): Promise<string> {
  await page.goto(url)
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByRole('button', { name: 'Create room' }).click()
  await inRoom(page)
  await page.getByRole('button', { name: 'Invite', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Invite people' })
  const link = await dialog.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  return link
}

/** Opens a link or a typed address and comes in under `name`; without one, under whatever stands there. */
export async function joinRoom(page: Page, link: string, name?: string): Promise<void> {
  await page.goto(link)
  const dialog = page.getByRole('dialog', { name: 'Join room' })
  await dialog.waitFor()
  if (name !== undefined) await dialog.getByRole('textbox', { name: 'Your name' }).fill(name)
  await dialog.getByRole('button', { name: 'Join', exact: true }).click()
  await inRoom(page)
}

export async function inRoom(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

export async function reads(page: Page, text: string, timeout = 30_000): Promise<void> {
  await page.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text }).waitFor({ timeout })
}

/** Texts of the articles on the page, in order. */
export async function texts(page: Page): Promise<string> {
  return (await page.getByRole('log', { name: 'Messages' }).getByRole('article').allInnerTexts()).join('\n')
}

export async function people(page: Page): Promise<string> {
  return page.getByRole('list', { name: 'People' }).first().innerText()
}
