/** The contracts of browser storage and locks, run in a real Chromium: IndexedDB, WebCrypto and Web Locks as they are. */
import type { BrowserContext } from 'playwright-core'
import { Server as SocketIo } from 'socket.io'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, type Lab, openLab, openPage } from './in-page.ts'

type InPage = typeof import('../../packages/client/src/storage/contract-in-page.ts')

let lab: Lab
let io: SocketIo
let context: BrowserContext

beforeAll(async () => {
  lab = await openLab(await bundled('packages/client/src/storage/contract-in-page.ts'))
  io = new SocketIo(lab.server)
  context = await lab.browser.newContext()
})

afterAll(async () => {
  await io?.close()
  await lab?.close()
})

/** A tab with the contract loaded; where no other window is given, all of them share one. */
const tab = (window = context) => openPage<InPage>(lab, window)

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
    const fresh = await lab.browser.newContext()
    const { page, call } = await tab(fresh)
    const devtools = await fresh.newCDPSession(page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: lab.origin, quotaSize: 12_000_000 })
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
    const result = await call('connectInPage', lab.origin)
    expect(result).toEqual({
      host: new URL(lab.origin).host,
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
