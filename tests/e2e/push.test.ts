/** Being called while the page is closed: the real relay, a push service of our own, real service workers. */
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { RelayOptions } from '@qsec/server'
import type { BrowserContext, Page } from 'playwright-core'
import puppeteer from 'puppeteer-core'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { Vapid } from '../../packages/server/src/push/vapid.ts'
import { openPushService, type PushService } from '../../packages/server/test/push-service.ts'
import { violations } from './axe.ts'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { untilKept } from './deployment.ts'
import { openAutopush } from './other-browsers/autopush.ts'
import { patienceMs } from './other-browsers/other-window.ts'
import { button } from './phone.ts'

const hasFirefox = process.env.QSEC_FIREFOX !== undefined || spawnSync('which', ['firefox-esr']).status === 0
if (!hasFirefox) console.info('[WP33] skipped: no Firefox ESR (Debian: apt install firefox-esr)')

const callMe = 'Call me when this page is closed'
let stage: Stage
afterEach(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

function pushThrough(service: PushService): Partial<RelayOptions> {
  const vapid = new Vapid(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'mailto:admin@example.org')
  return { push: { vapid, services: [service.origin], ca: service.ca }, limits: { pushPauseMs: 0 } }
}

async function stageWithPush(): Promise<PushService> {
  const service = await openPushService()
  onTestFinished(() => service.close())
  stage = await openStage(pushThrough(service))
  return service
}

/** Headless Chromium reaches no push service: that alone is the test's, and gives out an address of ours. */
async function lendPushService(window: BrowserContext, endpoint: string): Promise<void> {
  await window.addInitScript((address) => {
    const kept = () => localStorage.getItem('lent push')
    const subscription = (key: string) => ({
      endpoint: address,
      options: { applicationServerKey: Uint8Array.from(JSON.parse(key) as number[]).buffer },
      unsubscribe: async () => localStorage.removeItem('lent push') === undefined,
    })
    PushManager.prototype.getSubscription = async () =>
      (kept() ? subscription(kept()!) : null) as PushSubscription | null
    PushManager.prototype.subscribe = async (options) => {
      const key = [...new Uint8Array(options!.applicationServerKey as ArrayBuffer)]
      localStorage.setItem('lent push', JSON.stringify(key))
      return subscription(JSON.stringify(key)) as unknown as PushSubscription
    }
  }, endpoint)
}

/** As the push service's empty message arrives at the browser. */
async function deliver(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const registration = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const origin = new URL(page.url()).origin
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registration, data: '' })
  await session.detach()
}

const shown = (page: Page) =>
  page.evaluate(async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications()
    return all.map(({ title, body, silent }) => ({ title, body, silent }))
  })

const pushRows = () => {
  const db = new DatabaseSync(stage.databasePath, { readOnly: true })
  try {
    return db.prepare('select count(*) as n from push_subscriptions').get()!.n as number
  } finally {
    db.close()
  }
}

const isOn = (page: Page) => page.getByRole('switch', { name: callMe }).getAttribute('aria-checked')

async function switchOn(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'All messages', exact: true }).check()
  await page.getByRole('switch', { name: callMe }).click()
  await expect.poll(() => isOn(page)).toBe('true')
}

it('[WP30] who closed the page is called without content, and the press leads back into the room', async () => {
  const service = await stageWithPush()
  const window = await stage.window()
  await window.grantPermissions(['notifications'], { origin: stage.url })
  await lendPushService(window, service.endpoint('ana'))
  const [ana, ben] = await Promise.all([stage.tab(window), stage.tab()])
  const link = await createRoom(ana, stage.url, 'Ana')
  await untilKept(ana)
  await joinRoom(ben, link, 'Ben')
  await button(ana, 'Room details').click()
  const region = ana.getByRole('region', { name: 'Notifications', exact: true })
  expect(await region.getByRole('switch', { name: callMe }).count()).toBe(0)
  await ana.getByRole('radio', { name: 'Mentions of me and private messages', exact: true }).check()
  expect(await isOn(ana)).toBe('false')
  await region.getByText('The server cannot read who is mentioned').waitFor()
  await region.getByText('Nobody learns words, names or the room').waitFor()
  expect(await violations(ana)).toEqual([])
  await switchOn(ana)
  await expect.poll(pushRows).toBe(1)
  expect(await violations(ana)).toEqual([])

  await say(ben, 'while the page is open')
  await reads(ana, 'while the page is open')
  expect(service.received).toEqual([])
  const address = new URL(ana.url()).pathname
  const other = await stage.tab(window)
  await other.goto(stage.url)
  await ana.close()
  let said = 0
  await expect
    .poll(
      async () => {
        await say(ben, `Zebrafish ${++said}`)
        return service.received.length
      },
      { timeout: 20_000, interval: 1_000 },
    )
    .toBeGreaterThan(0)
  expect(service.received[0]).toMatchObject({ path: '/ana', bodyBytes: 0 })

  await deliver(other)
  const call = { title: 'QSEC', body: 'New messages in a QSEC room', silent: true }
  await expect.poll(() => shown(other)).toEqual([call])
  await deliver(other)
  await expect.poll(() => shown(other)).toEqual([call])
  const [worker] = window.serviceWorkers()
  const led = await worker!.evaluate(async () => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration
      clients: { openWindow(address: string): Promise<unknown> }
      dispatchEvent(event: Event): boolean
      NotificationEvent: new (name: string, init: object) => Event
    }
    const [notification] = await scope.registration.getNotifications()
    // Only a real press lets a worker open a window: here it says which one it would.
    return new Promise<string>((resolve) => {
      scope.clients.openWindow = async (address) => resolve(address)
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }))
    })
  })
  expect(led).toBe(address)
  await expect.poll(() => shown(other)).toEqual([])
  await other.goto(stage.url + led)
  await reads(other, `Zebrafish ${said}`)
})

it('[WP31] switched off, with the last room that wants it, or left, nothing of it stays in browser and server', async () => {
  const service = await stageWithPush()
  const window = await stage.window()
  await window.grantPermissions(['notifications'], { origin: stage.url })
  await lendPushService(window, service.endpoint('ana'))
  const ana = await stage.tab(window)
  await createRoom(ana, stage.url, 'Ana')
  await untilKept(ana)
  await ana.setViewportSize({ width: 360, height: 740 })
  await button(ana, 'Room details').click()
  const subscribed = () => ana.evaluate(() => localStorage.getItem('lent push') !== null)
  const noted = () => ana.evaluate(async () => (await caches.match('/qsec-push')) !== undefined)
  await switchOn(ana)
  expect(await violations(ana)).toEqual([])
  expect(await ana.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await expect.poll(pushRows).toBe(1)
  expect([await subscribed(), await noted()]).toEqual([true, true])

  await ana.getByRole('switch', { name: callMe }).click()
  await expect.poll(() => isOn(ana)).toBe('false')
  await expect.poll(async () => [await subscribed(), await noted(), pushRows()]).toEqual([false, false, 0])

  await switchOn(ana)
  await ana.getByRole('radio', { name: 'Nothing', exact: true }).check()
  await expect.poll(async () => [await subscribed(), await noted(), pushRows()]).toEqual([false, false, 0])

  await switchOn(ana)
  await expect.poll(pushRows).toBe(1)
  await ana.setViewportSize({ width: 1280, height: 800 })
  await button(ana, 'Leave room').click()
  await ana
    .getByRole('dialog')
    .getByRole('button', { name: /^Leave/ })
    .click()
  await expect
    .poll(async () => [await subscribed(), await noted(), pushRows()], { timeout: 15_000 })
    .toEqual([false, false, 0])
})

it('[WP32] a browser without a push service says so and stays off; a server that calls nobody offers nothing', async () => {
  await stageWithPush()
  const window = await stage.window()
  await window.grantPermissions(['notifications'], { origin: stage.url })
  await window.addInitScript(() => {
    PushManager.prototype.subscribe = async () => {
      throw new DOMException('push service not available', 'AbortError')
    }
  })
  const ana = await stage.tab(window)
  await createRoom(ana, stage.url, 'Ana')
  await untilKept(ana)
  await button(ana, 'Room details').click()
  await ana.getByRole('radio', { name: 'All messages', exact: true }).check()
  await ana.getByRole('switch', { name: callMe }).click()
  await ana.getByText('This browser has no connection to a push service').waitFor()
  expect(await isOn(ana)).toBe('false')
  expect(pushRows()).toBe(0)
  expect(await ana.evaluate(async () => (await caches.match('/qsec-push')) !== undefined)).toBe(false)
  await stage.close()
  stage = await openStage()
  const cleo = await stage.tab()
  await createRoom(cleo, stage.url, 'Cleo')
  await button(cleo, 'Room details').click()
  await cleo.getByRole('radio', { name: 'All messages', exact: true }).check()
  await cleo.getByRole('switch', { name: 'Play a sound' }).waitFor()
  expect(await cleo.getByRole('switch', { name: callMe }).count()).toBe(0)
})

it.skipIf(!hasFirefox)(
  '[WP33] Firefox is called by its own push client, from subscription to notification',
  async () => {
    const autopush = await openAutopush()
    onTestFinished(() => autopush.close())
    stage = await openStage(pushThrough(autopush.service))
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.QSEC_FIREFOX ?? '/usr/bin/firefox-esr',
      headless: true,
      extraPrefsFirefox: {
        'dom.push.enabled': true,
        'dom.push.connection.enabled': true,
        'dom.push.serverURL': autopush.socketUrl,
        'dom.push.testing.allowInsecureServerURL': true,
        'permissions.default.desktop-notification': 1,
        'alerts.useSystemBackend': false,
      },
    })
    onTestFinished(() => browser.close())
    const ana = await browser.newPage()
    const press = (role: string, name: string) =>
      ana.locator(`::-p-aria([name="${name}"][role="${role}"])`).setTimeout(patienceMs).click()
    await ana.goto(stage.url)
    await ana.locator('::-p-aria([name="Your name"][role="textbox"])').setTimeout(patienceMs).fill('Ana')
    await press('button', 'Create room')
    await ana.locator('::-p-aria([name="Message"][role="textbox"])').setTimeout(patienceMs).wait()
    await press('button', 'Invite')
    const field = await ana
      .locator('::-p-aria([name="Invite link"][role="textbox"])')
      .setTimeout(patienceMs)
      .waitHandle()
    const link = await field.evaluate((element) => (element as HTMLInputElement).value)
    await ana.keyboard.press('Escape')
    await ana.evaluate(untilKeptInPage)
    const ben = await stage.tab()
    await joinRoom(ben, link, 'Ben')
    await press('button', 'Room details')
    await press('radio', 'All messages')
    await press('switch', callMe)
    await expect.poll(pushRows, { timeout: patienceMs }).toBe(1)
    const other = await browser.newPage()
    await other.goto(stage.url)
    await ana.close()
    const { received } = autopush.service
    let said = 0
    await expect
      .poll(
        async () => {
          await say(ben, `Zebrafish ${++said}`)
          return received.length
        },
        { timeout: patienceMs, interval: 1_000 },
      )
      .toBeGreaterThan(0)
    await expect.poll(() => autopush.acknowledged.length, { timeout: patienceMs }).toBeGreaterThan(0)
    const calls = () =>
      other.evaluate(async () => {
        const all = await (await navigator.serviceWorker.ready).getNotifications()
        return all.map(({ title, body }) => ({ title, body }))
      })
    await expect.poll(calls, { timeout: patienceMs }).toEqual([{ title: 'QSEC', body: 'New messages in a QSEC room' }])
  },
)

async function untilKeptInPage(): Promise<void> {
  for (;;) {
    const note = await caches.match('/qsec-kept')
    if (note && ((await note.json()) as { current?: unknown }).current !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
