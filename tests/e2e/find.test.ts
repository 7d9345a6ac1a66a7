/** Searching the device's own history, days, commands, full screen, Enter and swiping, in real browsers by accessible names. */
import { nodeClock } from '@qsec/client/node'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../system/world.ts'
import { violations } from './axe.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'
import { isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
let link: string
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  ben = await stage.tab()
  link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const dayMs = 86_400_000
const log = (page: Page) => page.getByRole('log', { name: 'Messages' })
const article = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text }).last()
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const words = (page: Page) => page.getByRole('combobox', { name: 'Words to look for' })
const options = (page: Page) => page.getByRole('dialog').getByRole('option')
const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

it('[FD30] Ctrl+F finds by words without accents, what was edited as it reads now, and nothing that was deleted', async () => {
  await say(ana, 'Treffen wir uns im Café Größe?')
  await reads(ben, 'Café Größe')
  await say(ben, 'first wording')
  await composer(ben).press('ArrowUp')
  await composer(ben).fill('second wording')
  await composer(ben).press('Enter')
  await reads(ana, 'second wording')
  await say(ana, 'a word that goes')
  await reads(ben, 'a word that goes')
  await composer(ben).press('Control+f')
  await ben.getByRole('dialog', { name: 'Search messages' }).getByText('Covers messages since').waitFor()
  expect(await violations(ben)).toEqual([])
  await ben.keyboard.type('CAFE grosse')
  await status(ben, '1 message found').waitFor()
  expect(await options(ben).allInnerTexts()).toEqual([
    expect.stringMatching(/^Ana[\s\S]*Treffen wir uns im Café Größe\?$/),
  ])
  expect(await options(ben).locator('mark').allInnerTexts()).toEqual(['Café', 'Größe'])
  expect(await violations(ben)).toEqual([])
  await words(ben).fill('first wording')
  await status(ben, 'Nothing found.').waitFor()
  expect(await violations(ben)).toEqual([])
  await words(ben).fill('ben wording')
  await status(ben, '1 message found').waitFor()
  // While the list is open somebody takes back what stands in it.
  await words(ben).fill('"word that goes"')
  await status(ben, '1 message found').waitFor()
  await article(ana, 'a word that goes').hover()
  await ana.getByRole('button', { name: 'More' }).click()
  await ana.getByRole('menuitem', { name: 'Delete message' }).click()
  await ana.getByRole('button', { name: 'Delete for everyone' }).click()
  await status(ben, 'Nothing found.').waitFor()
  await ben.keyboard.press('Escape')
  await expect.poll(() => composer(ben).evaluate((one) => one === document.activeElement)).toBe(true)
})

it('[FD31] a message far above is brought from storage, shown, flashed and focused; a day is gone to, or the next one that has any', {
  timeout: 240_000,
}, async () => {
  const agoMs = 3 * dayMs
  // A device that was made and has written days ago; the relay lets in whose clock is right now.
  let behindMs = agoMs
  const early = await joinAsBot(stage, link, 'Early', { ...nodeClock, nowMs: () => Date.now() - behindMs })
  behindMs = 0
  await until(early, (s) => s.phase.at === 'member', 60_000)
  behindMs = agoMs
  await early.send('the needle of three days ago')
  await reads(ana, 'the needle of three days ago', 30_000)
  await Promise.all(Array.from({ length: 330 }, (_, i) => early.send(`hay ${i}.`)))
  const today = await joinAsBot(stage, link, 'Today')
  await until(today, (s) => s.phase.at === 'member', 60_000)
  await expect.poll(() => texts(ana), { timeout: 120_000 }).toContain('hay 329.')
  await today.send('said today')
  await reads(ana, 'said today', 30_000)
  await ana.reload()
  await inRoom(ana)
  await reads(ana, 'said today')
  expect(await log(ana).getByText('the needle of').count()).toBe(0)
  await ana.getByRole('button', { name: 'Search', exact: true }).click()
  await words(ana).fill('hay 7')
  await status(ana, 'messages found').waitFor()
  await words(ana).press('ArrowDown')
  expect(await options(ana).first().getAttribute('aria-selected')).toBe('true')
  // Enter at once: what is meant is found for these words, not what stood there for the others.
  await words(ana).fill('NEEDLE')
  await words(ana).press('Enter')
  await log(ana).locator('.row.flash').filter({ hasText: 'the needle of' }).waitFor()
  await expect.poll(() => focused(ana)).toContain('the needle of')
  expect(await ana.getByRole('dialog').count()).toBe(0)

  await ana.keyboard.press('Control+k')
  await ana.getByRole('combobox', { name: 'Command' }).fill('latest')
  await ana.keyboard.press('Enter')
  await article(ana, 'said today').waitFor()
  await ana.getByRole('button', { name: 'Jump to latest' }).waitFor({ state: 'hidden' })

  const dayOf = (ms: number) =>
    ana.evaluate((at) => {
      const date = new Date(at)
      return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
    }, ms)
  await log(ana).locator('.day').last().getByRole('button').click()
  const dialog = ana.getByRole('dialog', { name: 'Jump to a day' })
  expect(await dialog.getByLabel('Day', { exact: true }).inputValue()).toBe(await dayOf(Date.now()))
  expect(await violations(ana)).toEqual([])
  await dialog.getByLabel('Day', { exact: true }).fill(await dayOf(Date.now() - agoMs))
  await dialog.getByRole('button', { name: 'Go to this day' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => focused(ana)).toContain('the needle of')

  // Between the two nothing was written: it says so, and offers what comes next.
  await ana.keyboard.press('Control+k')
  await ana.getByRole('combobox', { name: 'Command' }).fill('jump day')
  await ana.keyboard.press('Enter')
  await dialog.getByLabel('Day', { exact: true }).fill(await dayOf(Date.now() - dayMs))
  await dialog.getByRole('button', { name: 'Go to this day' }).click()
  await status(ana, 'Nothing was written on').waitFor()
  expect(await violations(ana)).toEqual([])
  await ana.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => focused(ana)).toContain('said today')
  await early.close()
  await today.close()
})

it('[FD32] every command is at hand by name, by keyboard and by finger, and does what it says', async () => {
  await composer(ana).press('Control+k')
  const dialog = ana.getByRole('dialog', { name: 'Commands' })
  const field = ana.getByRole('combobox', { name: 'Command' })
  await dialog.waitFor()
  expect(await options(ana).count()).toBeGreaterThan(10)
  expect(await violations(ana)).toEqual([])
  await field.fill('nothing like it')
  await status(ana, 'No command of that name.').waitFor()
  await field.fill('lock')
  await expect.poll(() => options(ana).allInnerTexts()).toEqual(['Lock the room'])
  await ana.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await log(ben).getByText('locked the room').waitFor()
  await ana.getByRole('button', { name: 'Commands', exact: true }).click()
  await options(ana).filter({ hasText: 'Unlock the room' }).click()
  await log(ben).getByText('unlocked the room').waitFor()
  // A person is found by name, and is not in the way before.
  await composer(ana).press('Control+k')
  await dialog.waitFor()
  expect(await options(ana).filter({ hasText: 'Verify Ben' }).count()).toBe(0)
  await field.fill('verify ben')
  await ana.keyboard.press('Enter')
  await ana.getByRole('dialog', { name: 'Verify' }).waitFor()
  await ana.keyboard.press('Escape')
})

it('[FD33] commands behind a slash: completed, done, refused in words and never sent; two slashes send one', async () => {
  const before = await texts(ben)
  await composer(ana).fill('/')
  await ana.getByRole('option', { name: '/clear' }).waitFor()
  expect(await violations(ana)).toEqual([])
  await composer(ana).fill('/shout hello')
  await composer(ana).press('Enter')
  await ana.getByRole('alert').filter({ hasText: 'There is no command /shout, so nothing was sent.' }).waitFor()
  expect(await composer(ana).inputValue()).toBe('/shout hello')
  expect(await violations(ana)).toEqual([])
  await composer(ana).fill('/nick Anna')
  await composer(ana).press('Enter')
  await ana.getByRole('alert').filter({ hasText: 'Your name is signed with your keys' }).waitFor()
  await composer(ana).fill('/verify Nobody')
  await composer(ana).press('Enter')
  await ana.getByRole('alert').filter({ hasText: 'Nobody here is called Nobody.' }).waitFor()
  await composer(ben).fill('/lock')
  await composer(ben).press('Enter')
  await ben.getByRole('alert').filter({ hasText: 'Only who may change' }).waitFor()
  expect(await texts(ben)).toBe(before)

  await composer(ana).fill('')
  await ana.keyboard.type('/he')
  await ana.getByRole('option', { name: '/help' }).waitFor()
  await ana.keyboard.press('Enter')
  expect(await composer(ana).inputValue()).toBe('/help ')
  await ana.keyboard.press('Enter')
  await ana.getByRole('dialog', { name: 'Keyboard' }).getByText('All commands by name').waitFor()
  expect(await violations(ana)).toEqual([])
  await ana.keyboard.press('Escape')
  await composer(ana).fill('/verify ben')
  await composer(ana).press('Enter')
  await ana.getByRole('dialog', { name: 'Verify' }).waitFor()
  await ana.keyboard.press('Escape')
  await composer(ana).fill('/search café')
  await composer(ana).press('Enter')
  await status(ana, '1 message found').waitFor()
  expect(await words(ana).inputValue()).toBe('café')
  await ana.keyboard.press('Escape')

  await say(ana, '/me waves to Ben')
  await article(ben, '* Ana waves to Ben').waitFor()
  await say(ana, '//me is a command')
  await article(ben, '/me is a command').waitFor()
  await say(ana, '//shout hello')
  await article(ben, '/shout hello').waitFor()
  await say(ana, '/usr/bin is a place')
  await article(ben, '/usr/bin is a place').waitFor()

  await composer(ben).fill('/clear')
  await composer(ben).press('Enter')
  await ben.getByText('You cleared the view. Nothing was deleted').waitFor()
  expect(await log(ben).getByRole('article').count()).toBe(0)
  expect(await violations(ben)).toEqual([])
  await say(ana, 'after the clearing')
  await article(ben, 'after the clearing').waitFor()
  expect(await log(ben).getByRole('article').count()).toBe(1)
  await ben.getByRole('button', { name: 'Show them again' }).click()
  await article(ben, '* Ana waves to Ben').waitFor()
})

it('[FD34] Enter sends or breaks the line as chosen, also after a reload; the room takes the whole screen and gives it back', async () => {
  await composer(ben).press('Control+k')
  await ben.getByRole('combobox', { name: 'Command' }).fill('enter')
  await ben.keyboard.press('Enter')
  await ben.reload()
  await inRoom(ben)
  await composer(ben).fill('one')
  await ben.keyboard.press('Enter')
  await ben.keyboard.type('two')
  expect(await composer(ben).inputValue()).toBe('one\ntwo')
  await ben.keyboard.press('Control+Enter')
  await article(ana, 'two').waitFor()
  await ben.getByRole('button', { name: 'Room details' }).click()
  const enter = ben.getByRole('switch', { name: 'Enter sends the message' })
  expect(await enter.getAttribute('aria-checked')).toBe('false')
  await enter.click()
  await ben.getByRole('button', { name: 'Room details' }).click()
  await composer(ben).fill('three')
  await ben.keyboard.press('Enter')
  await article(ana, 'three').waitFor()

  await ben.getByRole('button', { name: 'Full screen' }).click()
  await expect.poll(() => ben.evaluate(() => document.fullscreenElement !== null)).toBe(true)
  await ben.getByRole('button', { name: 'Leave full screen' }).click()
  await expect.poll(() => ben.evaluate(() => document.fullscreenElement === null)).toBe(true)
})

it('[FD35] on glass a message drawn aside is answered, in a right-to-left page to the other side; up and down it scrolls', async () => {
  const context = await (await stage.window())
    .browser()!
    .newContext({ viewport: { width: 360, height: 740 }, hasTouch: true })
  const glass = await phone(stage, context)
  await joinRoom(glass, link, 'Cem')
  await say(ana, 'draw me aside')
  await reads(glass, 'draw me aside')
  // What comes in lazily is there once it has been asked for.
  await glass.waitForLoadState('networkidle')
  const session = await context.newCDPSession(glass)
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0): Promise<void> => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  }
  /** Where it stands once it stands still: a finger that drew the page leaves it rolling. */
  const steadyBox = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    let box = (await article(glass, 'draw me aside').boundingBox())!
    await expect
      .poll(async () => {
        const before = box
        box = (await article(glass, 'draw me aside').boundingBox())!
        return box.x === before.x && box.y === before.y
      })
      .toBe(true)
    return box
  }
  const swipe = async (dx: number, dy = 0): Promise<void> => {
    const box = await steadyBox()
    const [x, y] = [box.x + box.width / 2 - dx / 2, box.y + box.height / 2]
    // All at once: a finger that rests between two of them would be a long press.
    const sent = [touch('touchStart', x, y)]
    for (let i = 1; i <= 8; i++) sent.push(touch('touchMove', x + (dx * i) / 8, y + (dy * i) / 8))
    sent.push(touch('touchEnd'))
    await Promise.all(sent)
    // What the page makes of it is drawn by the next frame but one.
    await glass.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  }
  const answering = glass.getByText('Reply to Ana')
  await swipe(-140)
  await swipe(30)
  await swipe(20, 120)
  expect(await answering.count()).toBe(0)
  await swipe(140)
  await answering.waitFor()
  await isClean(glass)
  // No tap: one that comes while the browser still rolls the page from the finger before stops that, and clicks nothing.
  await glass.getByRole('button', { name: 'Do not reply to it' }).click()
  await answering.waitFor({ state: 'hidden' })
  await glass.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  await swipe(140)
  expect(await answering.count()).toBe(0)
  await swipe(-140)
  await answering.waitFor()
  await composer(glass).fill('/')
  await glass.getByRole('option', { name: '/me' }).waitFor()
  await isClean(glass)
  await glass.getByRole('option', { name: '/me' }).tap()
  expect(await composer(glass).inputValue()).toBe('/me ')
  await glass.close()
})
