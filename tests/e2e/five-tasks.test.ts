/**
 * Five things that people come to do, each walked by what the page says or reads out: roles, names and texts. No selector, no
 * knowledge of how the page is made. With a mouse on a wide page, and with a finger on one of 360 pixels.
 */
import type { RoomClient } from '@qsec/client'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasText, until } from '../system/world.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, joinRoom, openStage, type Stage } from './browsers.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

interface Hand {
  where: string
  open: { viewport: { width: number; height: number }; hasTouch: boolean; isMobile: boolean }
  /** Presses what carries a name. */
  press(on: Locator): Promise<void>
  /** Turns to a message, to do something with it. */
  turnTo(message: Locator): Promise<void>
}

const mouse: Hand = {
  where: 'with a mouse at 1280 px',
  open: { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false },
  press: (on) => on.click(),
  turnTo: (message) => message.hover(),
}
const finger: Hand = {
  where: 'with a finger at 360 px',
  open: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  press: (on) => on.tap(),
  turnTo: (message) => message.tap(),
}

const button = (on: Page | Locator, name: string): Locator => on.getByRole('button', { name, exact: true })
const messages = (page: Page): Locator => page.getByRole('log', { name: 'Messages' })
const message = (page: Page, text: string): Locator => messages(page).getByRole('article').filter({ hasText: text })
const people = (page: Page): Locator => page.getByRole('list', { name: 'People' })

describe.each([mouse, finger])('$where', ({ where, open, press, turnTo }) => {
  let ana: Page
  let ben: Page
  let cleo: RoomClient

  beforeAll(async () => {
    const context = await (await stage.window()).browser()!.newContext({ ...open, locale: 'en-GB' })
    ana = await stage.tab(context)
    ben = await stage.tab()
    const link = await createRoom(ana, stage.url, 'Ana')
    await joinRoom(ben, link, 'Ben')
    cleo = await joinAsBot(stage, link, 'Cleo')
    await until(cleo, (s) => s.phase.at === 'member')
    await cleo.send('The boat leaves from the old harbour at nine')
    await Promise.all(Array.from({ length: 130 }, (_, i) => cleo.send(`small talk ${i}.`)))
    await message(ana, 'small talk 129.').waitFor({ timeout: 60_000 })
  })
  afterAll(async () => {
    await cleo.close()
    await Promise.all([ana, ben].map((page) => page.context().close()))
  })

  async function type(words: string): Promise<void> {
    await press(ana.getByRole('textbox', { name: 'Message' }))
    await ana.keyboard.type(words)
    await press(button(ana, 'Send'))
  }

  /** On a narrow page the panels stand in the place of the messages. */
  async function backToMessages(): Promise<void> {
    const back = button(ana, 'Back to messages')
    if (await back.isVisible()) await press(back)
    await ana.getByRole('textbox', { name: 'Message' }).waitFor()
  }

  it(`[FT1] a file is sent by accessible names alone, ${where}`, async () => {
    const chooser = ana.waitForEvent('filechooser')
    await press(button(ana, 'Attach file'))
    await (await chooser).setFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('by the lake') })
    await ana.getByRole('list', { name: 'Files to send' }).getByText('plan.txt').waitFor()
    await press(button(ana, 'Send'))
    await message(ana, 'plan.txt').getByText('Delivered').waitFor()
    const saving = ben.waitForEvent('download')
    await button(message(ben, 'plan.txt'), 'Save plan.txt').click()
    expect((await saving).suggestedFilename()).toBe('plan.txt')
  })

  it(`[FT2] a message is replied to by accessible names alone, ${where}`, async () => {
    await ben.getByRole('textbox', { name: 'Message' }).fill('Shall we meet at ten?')
    await button(ben, 'Send').click()
    await turnTo(message(ana, 'Shall we meet at ten?'))
    await press(button(ana.getByRole('toolbar', { name: 'Message from Ben' }), 'Reply'))
    await ana.getByText('Reply to Ben').waitFor()
    await type('Ten is fine')
    const answer = message(ben, 'Ten is fine')
    await button(answer, 'In reply to Ben Shall we meet at ten?').waitFor()
    await message(ana, 'Ten is fine').getByText('Delivered').waitFor()
  })

  it(`[FT3] a person is verified by accessible names alone, ${where}`, async () => {
    await press(button(ana, 'Room details'))
    await press(button(ana, 'Verify'))
    const verify = ana.getByRole('dialog', { name: 'Verify' })
    await press(verify.getByRole('button', { name: 'Ben' }))
    await button(ben, 'Room details').click()
    await button(ben, 'Verify').click()
    await ben.getByRole('dialog', { name: 'Verify' }).getByRole('button', { name: 'Ana' }).click()
    // Each reads the number out to the other.
    const [anas, bens] = [ana, ben].map((page) => page.getByRole('region', { name: 'Compare a number' }))
    const sixtyDigits = /^(\d{5}\s){11}\d{5}$/
    expect(await anas!.getByText(sixtyDigits).innerText()).toBe(await bens!.getByText(sixtyDigits).innerText())
    await press(button(anas!, 'They match'))
    await verify.getByRole('status').filter({ hasText: 'You verified Ben.' }).waitFor()
    await press(button(verify, 'Close'))
    await people(ana).getByRole('listitem').filter({ hasText: 'Ben' }).getByText('Verified').waitFor()
    await backToMessages()
  })

  it(`[FT4] an old message is found by accessible names alone, ${where}`, async () => {
    const old = message(ana, 'the old harbour')
    expect(await isInSight(old)).toBe(false)
    await press(button(ana, 'Search'))
    const search = ana.getByRole('dialog', { name: 'Search messages' })
    await press(search.getByRole('combobox', { name: 'Words to look for' }))
    await ana.keyboard.type('harbour')
    await search.getByRole('status').filter({ hasText: '1 message found' }).waitFor()
    await press(search.getByRole('option', { name: 'The boat leaves from the old harbour at nine' }))
    await search.waitFor({ state: 'hidden' })
    await expect.poll(() => isInSight(old)).toBe(true)
    await press(button(ana, 'Jump to latest'))
    await expect.poll(() => isInSight(message(ana, 'Ten is fine'))).toBe(true)
  })

  it(`[FT5] a member is removed by accessible names alone, ${where}`, async () => {
    if (!(await people(ana).isVisible())) await press(button(ana, 'Room details'))
    await press(button(ana, 'Actions for Cleo'))
    await press(button(ana, 'Remove Cleo from room'))
    const sure = ana.getByRole('dialog', { name: 'Remove Cleo from this room?' })
    await press(button(sure, 'Remove and make new keys'))
    await sure.waitFor({ state: 'hidden' })
    await people(ana).getByText('Cleo').waitFor({ state: 'hidden' })
    await backToMessages()
    await messages(ana).getByText('You removed Cleo.').waitFor()
    await type('only for us two')
    await message(ben, 'only for us two').waitFor()
    await until(cleo, (s) => s.phase.at === 'removed')
    expect(hasText('only for us two')(cleo.snapshot)).toBe(false)
  })
})

/** Wholly on the screen, where a person sees it. */
async function isInSight(what: Locator): Promise<boolean> {
  if ((await what.count()) === 0) return false
  const box = await what.boundingBox()
  const { height } = what.page().viewportSize()!
  return box !== null && box.y >= 0 && box.y + box.height <= height
}
