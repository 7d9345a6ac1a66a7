/** Being called back to a room that one does not look at, in a real browser with a real service worker and real leave. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { untilKept } from './deployment.ts'
import { button } from './phone.ts'

let stage: Stage
let window: BrowserContext
let ana: Page
let ben: Page
let cleo: Page
beforeAll(async () => {
  stage = await openStage()
  window = await stage.window()
  ;[ana, ben, cleo] = await Promise.all([stage.tab(window), stage.tab(), stage.tab()])
  await countQuestions(ana)
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await joinRoom(cleo, link, 'Cleo')
  await ana.getByRole('list', { name: 'People' }).getByText('Cleo').waitFor()
  await untilKept(ana)
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

/** How often the page has asked the browser for leave. */
async function countQuestions(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const ask = Notification.requestPermission.bind(Notification)
    Object.assign(globalThis, { questions: 0 })
    Notification.requestPermission = (...rest) => {
      ;(globalThis as unknown as { questions: number }).questions++
      return ask(...rest)
    }
  })
}
const questions = (page: Page) => page.evaluate(() => (globalThis as unknown as { questions: number }).questions)

/** Browsers under test count every tab as seen: this one looks away, or back. */
async function looks(page: Page, here: boolean): Promise<void> {
  await page.evaluate((isHere) => {
    Object.defineProperty(document, 'visibilityState', { value: isHere ? 'visible' : 'hidden', configurable: true })
    document.hasFocus = () => isHere
    document.dispatchEvent(new Event('visibilitychange'))
  }, here)
}

const shown = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    return (await registration.getNotifications()).map(({ title, body, silent }) => ({ title, body, silent }))
  })

const choose = (name: string) => ana.getByRole('radio', { name, exact: true }).check()
const icon = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href.slice(0, 22))

it('[NT10] title and icon count what comes while somebody looks elsewhere, and forget it when they look', async () => {
  const [title, plain] = [await ana.title(), await icon(ana)]
  await looks(ana, false)
  await say(ben, 'first')
  await expect.poll(() => ana.title()).toBe(`(1) ${title}`)
  await say(cleo, 'second')
  await expect.poll(() => ana.title()).toBe(`(2) ${title}`)
  await expect.poll(() => icon(ana)).toBe('data:image/png;base64,')
  await looks(ana, true)
  await expect.poll(() => ana.title()).toBe(title)
  await expect.poll(() => icon(ana)).toBe(plain)
  await say(ben, 'third')
  await reads(ana, 'third')
  expect(await ana.title()).toBe(title)
})

it('[NT11] nothing is asked and nothing shown until somebody chooses; a browser that refuses is explained', async () => {
  expect([await questions(ana), await shown(ana)]).toEqual([0, []])
  await button(ana, 'Room details').click()
  const region = ana.getByRole('region', { name: 'Notifications', exact: true })
  expect(await region.getByRole('radio', { name: 'Nothing', exact: true }).isChecked()).toBe(true)
  // Without leave given beforehand this browser refuses.
  await choose('All messages')
  await region.getByText('This browser blocks notifications of this page.').waitFor()
  expect(await questions(ana)).toBeLessThanOrEqual(1)
  expect(await violations(ana)).toEqual([])
  for (const name of ['Show who writes and what', 'Play a sound']) {
    expect(await region.getByRole('switch', { name }).getAttribute('aria-checked')).toBe('false')
  }
  await choose('Nothing')
  await region.getByText('This browser blocks').waitFor({ state: 'detached' })
})

it('[NT12] a notification says that there is a message in a room, and no more; none of the room that is looked at', async () => {
  await window.grantPermissions(['notifications'], { origin: stage.url })
  await choose('All messages')
  await say(ben, 'seen at once')
  await reads(ana, 'seen at once')
  await looks(ana, false)
  await say(ben, 'Zebrafish')
  await expect.poll(() => shown(ana)).toEqual([{ title: 'QSEC', body: 'New message in a room', silent: true }])
  await say(cleo, 'Quartz')
  await expect.poll(() => shown(ana)).toEqual([{ title: 'QSEC', body: 'New messages in a room', silent: true }])
  await looks(ana, true)
  await expect.poll(() => shown(ana)).toEqual([])
})

it('[NT13] of mentions alone, of nothing, and with who and what and a sound where that is chosen', async () => {
  await choose('Mentions of me and private messages')
  await looks(ana, false)
  await say(ben, 'a plain word')
  await expect.poll(() => ana.title()).toMatch(/^\(1\)/)
  await ben.getByRole('textbox', { name: 'Message' }).click()
  await ben.keyboard.type('@An')
  await ben.keyboard.press('Tab')
  await ben.keyboard.type(' look at this')
  await ben.keyboard.press('Enter')
  await expect.poll(() => shown(ana)).toEqual([{ title: 'QSEC', body: 'New message in a room', silent: true }])
  await looks(ana, true)
  // A private message means her, named or not.
  await looks(ana, false)
  await ben.getByRole('combobox', { name: 'To', exact: true }).selectOption('Ana')
  await say(ben, 'for you alone')
  await expect.poll(() => shown(ana)).toEqual([{ title: 'QSEC', body: 'New message in a room', silent: true }])
  await looks(ana, true)
  await ben.getByRole('combobox', { name: 'To', exact: true }).selectOption('Everyone')

  await choose('All messages')
  for (const name of ['Show who writes and what', 'Play a sound']) {
    await ana.getByRole('switch', { name }).click()
    await ana.locator(`[role=switch][aria-label="${name}"][aria-checked=true]`).waitFor()
  }
  await looks(ana, false)
  await say(ben, 'Zebrafish')
  await expect.poll(() => shown(ana)).toEqual([{ title: 'Ben', body: 'Zebrafish', silent: false }])
  await looks(ana, true)
  await choose('Nothing')
  await looks(ana, false)
  await say(ben, 'unheard')
  await expect.poll(() => ana.title()).toMatch(/^\(1\)/)
  await ana.waitForTimeout(800)
  expect(await shown(ana)).toEqual([])
  await looks(ana, true)
})

it('[NT14] a press on it leads to the message in that room, and closes it; the choice outlives a reload', async () => {
  await choose('All messages')
  // A device does one thing after the other: once this is out, the choice is stored.
  await say(ana, 'chosen')
  await reads(ben, 'chosen')
  await ana.reload()
  await ana.getByRole('textbox', { name: 'Message' }).waitFor()
  await looks(ana, false)
  await say(ben, 'the one to find')
  await expect.poll(async () => (await shown(ana)).length).toBe(1)
  for (let i = 0; i < 3; i++) await say(cleo, `after it ${i}`)
  await expect.poll(() => ana.title()).toMatch(/^\(4\)/)
  const [worker] = window.serviceWorkers()
  await worker!.evaluate(async () => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration
      dispatchEvent(event: Event): boolean
      NotificationEvent: new (name: string, init: object) => Event
    }
    const [notification] = await scope.registration.getNotifications()
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }))
  })
  await ana.locator('.row.flash').filter({ hasText: 'the one to find' }).waitFor()
  await expect.poll(() => shown(ana)).toEqual([])
  await looks(ana, true)
})
