/** The contracts of browser storage and locks, run in a real Chromium: IndexedDB, WebCrypto and Web Locks as they are. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { Server as SocketIo } from 'socket.io'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

type InPage = typeof import('../../packages/client/src/storage/contract-in-page.ts')

const entry = fileURLToPath(new URL('../../packages/client/src/storage/contract-in-page.ts', import.meta.url))
const html = `<!doctype html><title>.</title>
<script type="module">import * as inPage from '/page.js'; globalThis.inPage = inPage</script>`
const folder = mkdtempSync(join(tmpdir(), 'qsec-in-page-'))
let server: Server
let io: SocketIo
let browser: Browser
let context: BrowserContext
let origin = ''

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    build: {
      outDir: folder,
      target: 'es2024',
      minify: false,
      lib: { entry, formats: ['es'], fileName: () => 'page.js' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const script = readFileSync(join(folder, 'page.js'))
  server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (request.url === '/') response.setHeader('content-type', 'text/html').end(html)
    else if (!request.url?.startsWith('/socket.io/')) response.writeHead(204).end()
  })
  io = new SocketIo(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  })
  context = await browser.newContext()
})

afterAll(async () => {
  await browser?.close()
  await io?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Tab {
  page: Page
  call(name: keyof InPage, ...args: unknown[]): Promise<unknown>
}

/** A tab at the origin with the entry loaded; `call` runs one of its functions there. */
async function tab(where: BrowserContext = context): Promise<Tab> {
  const page = await where.newPage()
  await page.goto(origin)
  const call = async (name: keyof InPage, ...args: unknown[]) => {
    await page.waitForFunction('globalThis.inPage !== undefined')
    return await page.evaluate(
      ([name, args]) => {
        const { inPage } = globalThis as unknown as { inPage: Record<string, (...args: unknown[]) => unknown> }
        return inPage[name]!(...args)
      },
      [name, args] as const,
    )
  }
  return { page, call }
}

describe('browser storage in Chromium', () => {
  it('keeps every promise of the contracts of storage and locks', async () => {
    const { page, call } = await tab()
    const outcomes = (await call('runContracts')) as Awaited<ReturnType<InPage['runContracts']>>
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(25)
    await page.close()
  })

  it('[ST36] tabs that open at once share one data key, also after the browser’s pages are gone', async () => {
    const tabs = await Promise.all([tab(), tab(), tab()])
    await Promise.all(tabs.map(({ call }, i) => call('writeShared', i)))
    for (const { call } of tabs) expect(await call('readShared')).toEqual([0, 1, 2])
    for (const { page } of tabs) await page.close()
    const later = await tab()
    expect(await later.call('readShared')).toEqual([0, 1, 2])
    await later.page.close()
  })

  it('[ST37] without space apply rejects with full, changes nothing, and the storage goes on', async () => {
    // Chromium remembers for a while how much space it has found, so the quota is set before anything is stored.
    const fresh = await browser.newContext()
    const { page, call } = await tab(fresh)
    const devtools = await fresh.newCDPSession(page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 12_000_000 })
    expect(await call('fillUp')).toEqual({ code: 'full', lostOne: false })
    await fresh.close()
  })

  it('[ST38] a lock belongs to one tab, and is free as soon as that tab is closed', async () => {
    const [first, second] = await Promise.all([tab(), tab()])
    expect(await first.call('holdLock', 'device')).toBe(true)
    expect(await second.call('holdLock', 'device')).toBe(false)
    const waiting = second.call('waitForLock', 'device')
    await first.page.close()
    expect(await waiting).toBe(true)
    await second.page.close()
  })

  it('[ST39] a tab keeps its device id through a reload; another tab has none; nonsense counts as none', async () => {
    const { page, call } = await tab()
    const device = 'AAAAAAAAAAAAAAAAAAAAAA'
    expect(await call('tabDeviceAfter', 'room', device)).toBe(device)
    await page.reload()
    expect(await call('tabDeviceAfter', 'room')).toBe(device)
    expect(await call('tabDeviceAfter', 'another-room')).toBeUndefined()
    expect(await call('tabDeviceAfter', 'room', 'nonsense')).toBeUndefined()
    const other = await tab()
    expect(await other.call('tabDeviceAfter', 'room')).toBeUndefined()
    await other.page.close()
    await page.close()
  })
})

describe('the connection to a relay in Chromium', () => {
  it('[TR29] the same transport connects, asks, hears and comes back in a page, at once when the network returns', async () => {
    const nonce = 'A'.repeat(43)
    io.on('connection', (socket) => {
      socket.on('hello', (_, ack) => ack({ ok: true, version: 1, nonce }))
      socket.emit('room_logs', { room: 'r', logs: [] })
    })
    const { page, call } = await tab()
    const result = await call('connectInPage', origin)
    expect(result).toEqual({
      host: new URL(origin).host,
      answer: { ok: true, version: 1, nonce },
      events: ['room_logs'],
    })
    io.disconnectSockets(true)
    await context.setOffline(true)
    await expect.poll(() => call('transportState')).toBe('offline')
    await context.setOffline(false)
    await expect.poll(() => call('transportState'), { timeout: 5_000 }).toBe('connected')
    await page.close()
  })
})
