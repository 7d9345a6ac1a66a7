/** What a message does under a finger is said once on glass, and to a screen reader on every device. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean } from './phone.ts'

let stage: Stage
let ana: Page
let link: string
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  link = await createRoom(ana, stage.url, 'Ana')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

async function glass(locale = 'en-GB'): Promise<BrowserContext> {
  const browser = (await stage.window()).browser()!
  const screen = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
  return browser.newContext({ ...screen, locale })
}

const hint = (page: Page) => page.getByRole('complementary', { name: 'How to use messages by touch' })

it('[PV40] on glass the page says once what fingers do with a message; put away it does not come back, and a mouse never sees it', async () => {
  const phone = await stage.tab(await glass())
  await joinRoom(phone, link, 'Ben')
  expect(await hint(phone).count(), 'there is nothing to touch').toBe(0)
  await say(ana, 'touch me')
  await reads(phone, 'touch me')
  await hint(phone).getByText('Swipe it').waitFor()
  await isClean(phone)
  // It is true: a tap opens the tools.
  await phone.getByRole('article').filter({ hasText: 'touch me' }).tap()
  await phone.getByRole('toolbar', { name: 'Message from Ana' }).waitFor()
  await button(phone, 'Got it').tap()
  await hint(phone).waitFor({ state: 'detached' })
  await phone.reload()
  await inRoom(phone)
  await reads(phone, 'touch me')
  await phone.waitForLoadState('networkidle')
  expect(await hint(phone).count()).toBe(0)
  expect(await hint(ana).count()).toBe(0)
  expect(await ana.getByRole('log', { name: 'Messages' }).getAttribute('aria-description')).toMatch(/^Tap a message/)
  expect(await violations(ana)).toEqual([])

  const arabic = await stage.tab(await glass('ar'))
  await arabic.goto(link)
  await arabic.getByRole('textbox').first().fill('ليلى')
  await arabic.keyboard.press('Enter')
  await arabic.locator('.composer').waitFor()
  await say(ana, 'and me')
  const there = arabic.getByRole('complementary', { name: 'استخدام الرسائل باللمس' })
  await there.waitFor()
  await isClean(arabic)
})
