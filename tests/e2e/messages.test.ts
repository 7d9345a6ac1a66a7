/** Replies, edits, deletions, reactions and mentions in real browsers, by keyboard and by finger, and what a screen reader hears. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, joinRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'

let stage: Stage
let ana: Page
let ben: Page
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  ben = await stage.tab()
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const log = (page: Page) => page.getByRole('log', { name: 'Messages' })
const article = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text }).last()
/** The first that says it: the others quote it. */
const original = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text }).first()
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })

/** From the log to the newest message, up to the one wanted, and into its bar. */
async function intoBar(page: Page, text: string): Promise<void> {
  await log(page).focus()
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('ArrowUp')
    if (await original(page, text).evaluate((one) => one === document.activeElement)) break
  }
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.press('Enter')
}

it('[MV1] by keyboard alone: a reaction, a reply whose quote leads back, an edit by the up arrow, a deletion after a question', async () => {
  await say(ana, 'Shall we meet?')
  await reads(ben, 'Shall we meet?')

  await intoBar(ben, 'Shall we meet?')
  await ben.keyboard.press('Enter')
  await article(ana, 'Shall we meet?').getByRole('button', { name: '👍 1: Ben' }).waitFor()

  await intoBar(ben, 'Shall we meet?')
  for (let i = 0; i < 4; i++) await ben.keyboard.press('ArrowRight')
  await ben.keyboard.press('Enter')
  await ben.getByText('Reply to Ana').waitFor()
  await ben.keyboard.type('Yes, at ten')
  await ben.keyboard.press('Enter')
  await article(ana, 'Yes, at ten').getByRole('button', { name: 'In reply to Ana Shall we meet?' }).click()
  await log(ana).locator('.row.flash').filter({ hasText: 'Shall we meet?' }).waitFor()

  await composer(ben).focus()
  await ben.keyboard.press('ArrowUp')
  expect(await composer(ben).inputValue()).toBe('Yes, at ten')
  await ben.keyboard.press('Escape')
  expect(await composer(ben).inputValue()).toBe('')
  await ben.keyboard.press('ArrowUp')
  await ben.keyboard.type(' sharp')
  await ben.keyboard.press('Enter')
  await reads(ana, 'Yes, at ten sharp')
  await article(ana, 'Yes, at ten sharp').getByText('edited').waitFor()

  await intoBar(ana, 'Shall we meet?')
  expect(await violations(ana)).toEqual([])
  await ana.getByRole('button', { name: 'More' }).press('Enter')
  await ana.getByRole('menuitem', { name: 'Delete message' }).press('Enter')
  const dialog = ana.getByRole('dialog', { name: 'Delete this message?' })
  expect(await violations(ana)).toEqual([])
  await dialog.getByRole('button', { name: 'Delete for everyone' }).press('Enter')
  await article(ben, 'Message deleted').waitFor()
  expect(await log(ben).innerText()).not.toContain('Shall we meet?')
  await article(ben, 'Yes, at ten sharp').getByRole('button', { name: 'In reply to Ana Message deleted' }).waitFor()
})

it('[MV9] Up right behind Enter changes what was just sent, before it stands in the conversation', async () => {
  await say(ben, 'the one before')
  await reads(ben, 'the one before')
  await composer(ben).fill('just sent')
  const stoodThere = await ben.evaluate(async () => {
    const area = document.querySelector<HTMLTextAreaElement>('textarea')!
    const drawn = () => new Promise((done) => setTimeout(done, 0))
    const press = (key: string) => area.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    press('Enter')
    await drawn()
    const stands = document.querySelector('[role=log]')!.textContent!.includes('just sent')
    press('ArrowUp')
    await drawn()
    area.value += ' and changed'
    area.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await drawn()
    press('Enter')
    return stands
  })
  expect(stoodThere, 'the page was slower than the keys').toBe(false)
  await article(ana, 'just sent and changed').getByText('edited').waitFor()
  expect(await composer(ben).inputValue()).toBe('')
  expect((await texts(ana)).match(/just sent/g)).toEqual(['just sent'])
  expect(await texts(ana)).toContain('the one before')
})

it('[MV2] nobody is offered to change what others wrote; a name behind an @ is completed and stands out', async () => {
  await say(ana, 'of Ana')
  await reads(ben, 'of Ana')
  await article(ben, 'of Ana').hover()
  const bar = ben.getByRole('toolbar', { name: 'Message from Ana' })
  await bar.getByRole('button', { name: 'Reply' }).waitFor()
  expect(await bar.getByRole('button', { name: 'Edit' }).count()).toBe(0)
  await bar.getByRole('button', { name: 'More' }).click()
  expect(await ben.getByRole('menuitem').allInnerTexts()).toEqual(['Copy text', 'Details'])
  await ben.keyboard.press('Escape')
  await composer(ben).focus()
  await ben.keyboard.type('@an')
  await ben.getByRole('listbox').getByRole('option', { name: 'Ana' }).waitFor()
  expect(await violations(ben)).toEqual([])
  await ben.keyboard.press('Enter')
  await ben.keyboard.type('are you there?')
  await ben.keyboard.press('Enter')
  await article(ana, '@Ana are you there?').locator('.mention.you').waitFor()
  expect(await article(ana, '@Ana are you there?').getAttribute('class')).toContain('mentions-you')
})

it('[MV3] a finger that rests on a message gets its bar', async () => {
  const context = await (await stage.window())
    .browser()!
    .newContext({ viewport: { width: 360, height: 740 }, hasTouch: true })
  const phone = await stage.tab(context)
  await ana.getByRole('button', { name: 'Invite', exact: true }).first().click()
  const link = await ana.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await ana.keyboard.press('Escape')
  await joinRoom(phone, link, 'Cem')
  await say(ana, 'for the phone')
  await reads(phone, 'for the phone')
  const box = (await article(phone, 'for the phone').boundingBox())!
  const session = await context.newCDPSession(phone)
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }]
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await phone.getByRole('toolbar', { name: 'Message from Ana' }).waitFor()
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  expect(await violations(phone)).toEqual([])
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await phone.getByRole('button', { name: 'React with ❤️' }).tap()
  await article(ana, 'for the phone').getByRole('button', { name: '❤️ 1: Cem' }).waitFor()
  await phone.close()
})

it('[FD36] on a phone the menu of a message tells when it was written and changed, and how far it came', async () => {
  const own = 'known to a second device'
  await ben.setViewportSize({ width: 360, height: 740 })
  await say(ben, own)
  await composer(ben).press('ArrowUp')
  await ben.keyboard.type(', and changed')
  await ben.keyboard.press('Enter')
  await article(ana, `${own}, and changed`).getByText('edited').waitFor()
  await article(ben, own).hover()
  await ben.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
  await ben.getByRole('menuitem', { name: 'Details' }).click()
  const dialog = ben.getByRole('dialog', { name: 'About this message' })
  // Cem's phone is away.
  await dialog.getByText(/^1 of 2 devices ha(s|ve) it$/).waitFor()
  await dialog.getByText('Sent', { exact: true }).waitFor()
  const times = await dialog.locator('time').allInnerTexts()
  expect(times).toHaveLength(2)
  for (const time of times) expect(time).toMatch(/day,? \d+ \w+ \d{4}.*\d+:\d\d:\d\d/)
  expect(await violations(ben)).toEqual([])
  expect(await ben.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await ben.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await ben.setViewportSize({ width: 1280, height: 800 })
})
