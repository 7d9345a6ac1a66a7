/** Replies, edits, deletions, reactions and mentions in real browsers, by keyboard and by finger, and what a screen reader hears. */
import type { Locator, Page } from 'playwright-core'
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

/** A key press as it is told to the page where the focus is, with what a real keyboard cannot be made to say here. */
async function press(page: Page, key: string, more: Record<string, number | boolean>): Promise<void> {
  await page.evaluate(
    ([name, init]) =>
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...init }),
      ),
    [key, more] as const,
  )
}

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

it('[MV25] the Enter that ends a composed word does nothing else, in Safari too; nor does its Esc', async () => {
  await say(ana, 'composed by an editor')
  await article(ana, 'composed by an editor').hover()
  await ana.getByRole('button', { name: 'React', exact: true }).click()
  const dialog = ana.getByRole('dialog', { name: 'React' })
  await dialog.getByRole('searchbox').fill('thumbs up')
  await press(ana, 'Enter', { keyCode: 229 })
  await dialog.getByRole('button', { name: 'Close' }).click()
  await ana.getByRole('button', { name: 'Room details' }).click()
  await composer(ana).fill('half a word')
  for (const init of [{ keyCode: 229 }, { isComposing: true }] as Record<string, number | boolean>[]) {
    await press(ana, 'Enter', init)
    await press(ana, 'Escape', init)
  }
  await ana.getByRole('button', { name: 'Room details', expanded: true }).waitFor()
  expect(await composer(ana).inputValue()).toBe('half a word')
  await press(ana, 'Enter', { keyCode: 13 })
  await reads(ben, 'half a word')
  await press(ana, 'Escape', { keyCode: 27 })
  await ana.getByRole('button', { name: 'Room details', expanded: false }).waitFor()
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

it('[MV30] a letter typed or a text pasted at a button is for the message, also with AltGr; Space and Enter press it, and a menu keeps its own', async () => {
  const details = ben.getByRole('button', { name: 'Room details' })
  const inText = () => composer(ben).evaluate((one) => one === document.activeElement)
  await composer(ben).fill('')
  await details.focus()
  await ben.keyboard.press('Space')
  expect(await details.getAttribute('aria-expanded')).toBe('true')
  await ben.keyboard.press('Enter')
  expect(await details.getAttribute('aria-expanded')).toBe('false')
  await ben.keyboard.type('so it is')
  expect(await composer(ben).inputValue()).toBe('so it is')
  for (const [more, written] of [
    [{ ctrlKey: true }, false],
    [{ ctrlKey: true, altKey: true }, false],
    [{ ctrlKey: true, altKey: true, modifierAltGraph: true }, true],
  ] as const) {
    await details.focus()
    await press(ben, '@', more)
    expect(await inText()).toBe(written)
  }
  await details.focus()
  await ben.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ', too')
    document.activeElement!.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  })
  expect(await composer(ben).inputValue()).toBe('so it is, too')

  await say(ana, 'with a menu')
  await article(ben, 'with a menu').hover()
  await ben.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
  await ben.keyboard.press('c')
  expect(await ben.getByRole('menuitem', { name: 'Copy text' }).evaluate((one) => one === document.activeElement)).toBe(
    true,
  )
  await ben.keyboard.press('Escape')
  await article(ben, 'with a menu').hover()
  await ben.getByRole('toolbar').getByRole('button', { name: 'Reply' }).click()
  await ben.getByRole('button', { name: 'Do not reply to it' }).click()
  expect(await inText()).toBe(true)
  expect(await composer(ben).inputValue()).toBe('so it is, too')
  await composer(ben).fill('')
})

it('[MV26] the bar follows the pointer also after a press, and stays where the keyboard is', async () => {
  await say(ana, 'the one above\nof\nfour\nlines')
  await say(ana, 'the one below')
  await reads(ben, 'the one below')
  /** At its beginning, where the bar of the one below does not reach. */
  const pass = (text: string) => article(ben, text).hover({ position: { x: 60, y: 12 } })
  const barOf = (text: string) => article(ben, text).getByRole('toolbar')
  await article(ben, 'the one above').locator('.text').click()
  await barOf('the one above').waitFor()
  await article(ben, 'the one below').hover()
  await barOf('the one below').waitFor()
  expect(await barOf('the one above').count()).toBe(0)
  // With its menu open it does not go away from under the hand.
  await barOf('the one below').getByRole('button', { name: 'More' }).click()
  await pass('the one above')
  await ben.getByRole('menuitem', { name: 'Copy text' }).waitFor()
  await ben.keyboard.press('Escape')
  await composer(ben).hover()
  await composer(ben).click()
  expect(await ben.getByRole('toolbar').count()).toBe(0)

  await log(ben).focus()
  await ben.keyboard.press('ArrowUp')
  await barOf('the one below').waitFor()
  await pass('the one above')
  await ben.waitForTimeout(200)
  expect(await barOf('the one above').count()).toBe(0)
  await barOf('the one below').waitFor()
})

it('[MV27] an Esc that leaves a message or its bar, or says that all is read, does not close the details too', async () => {
  const details = (expanded: boolean) => ben.getByRole('button', { name: 'Room details', expanded })
  await say(ana, 'beside the details')
  await reads(ben, 'beside the details')
  await details(false).click()
  await intoBar(ben, 'beside the details')
  await ben.keyboard.press('Escape')
  expect(await original(ben, 'beside the details').evaluate((one) => one === document.activeElement)).toBe(true)
  await ben.keyboard.press('Escape')
  expect(await log(ben).evaluate((one) => one === document.activeElement)).toBe(true)

  const look = (state: string) =>
    ben.evaluate((now) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: now })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await look('hidden')
  await say(ana, 'while he was away')
  await reads(ben, 'while he was away')
  await look('visible')
  await log(ben).locator('.unread').waitFor()
  await ben.keyboard.press('Escape')
  await log(ben).locator('.unread').waitFor({ state: 'detached' })
  await details(true).waitFor()
  await ben.keyboard.press('Escape')
  await details(false).waitFor()
})

it('[MV28] the bar of a message that begins above what is seen stands in sight', async () => {
  await composer(ana).fill(`high: ${'line\n'.repeat(60)}end of it`)
  await ana.getByRole('button', { name: 'Send' }).click()
  await reads(ben, 'end of it')
  const high = article(ben, 'end of it')
  await high.getByText('end of it').hover()
  await high.getByRole('toolbar').waitFor()
  const topOf = async (one: Locator) => (await one.boundingBox())!.y
  expect(await topOf(high)).toBeLessThan(await topOf(log(ben)))
  expect(await topOf(high.getByRole('toolbar'))).toBeGreaterThanOrEqual(await topOf(log(ben)))
  await high.getByRole('toolbar').getByRole('button', { name: 'Reply' }).click({ timeout: 5_000 })
  await ben.getByText('Reply to Ana').waitFor()
  await ben.keyboard.press('Escape')
})

it('[WB36] a press beside a dialog closes it, and one on its own scrollbar does not', async () => {
  await ana.getByRole('button', { name: 'Invite', exact: true }).first().click()
  const dialog = ana.getByRole('dialog', { name: 'Invite people' })
  // Headless there is no scrollbar to press; a browser tells of such a press like this.
  const stood = await dialog.evaluate(async (one) => {
    const { right, top } = one.getBoundingClientRect()
    one.dispatchEvent(new MouseEvent('mousedown', { clientX: right - 4, clientY: top + 40, bubbles: true }))
    await new Promise((done) => setTimeout(done, 100))
    return one.isConnected
  })
  expect(stood).toBe(true)
  await ana.mouse.click(4, 4)
  await dialog.waitFor({ state: 'detached' })
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
