/** Messages for one person alone, in real browsers with a real relay: to whom they go, and to whom they never do. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'

let stage: Stage
let ana: Page
let ben: Page
let cem: Page
/** Every frame that came to a page. */
const bensFrames: string[] = []
const cemsFrames: string[] = []
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  ben = await stage.tab()
  cem = await stage.tab()
  keepFrames(ben, bensFrames)
  keepFrames(cem, cemsFrames)
  const link = await createRoom(ana, stage.url, 'Ana')
  expect(await to(ana).count()).toBe(0) // nobody else is in the room
  await joinRoom(ben, link, 'Ben')
  await joinRoom(cem, link, 'Cem')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

function keepFrames(page: Page, frames: string[]): void {
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => frames.push(String(payload)))
  })
}

const to = (page: Page) => page.getByRole('combobox', { name: 'To', exact: true })
const options = (page: Page) => to(page).getByRole('option').allInnerTexts()
const chosen = (page: Page) => to(page).evaluate((one: HTMLSelectElement) => one.selectedOptions[0]!.text)
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const article = (page: Page, text: string) =>
  page.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text }).last()

it('[TO7] of three people one writes to another alone: the third page shows nothing of it, nor does its connection carry any', async () => {
  for (const [page, others] of [
    [ana, ['Ben', 'Cem']],
    [ben, ['Ana', 'Cem']],
    [cem, ['Ana', 'Ben']],
  ] as const)
    await expect.poll(() => options(page)).toEqual(['Everyone', ...others])
  await say(ana, 'for everyone')
  for (const page of [ben, cem]) await reads(page, 'for everyone')
  await to(ana).selectOption('Ben')
  await ana.getByText('Private: only you and Ben will be able to read this').waitFor()
  expect(await violations(ana)).toEqual([])
  await say(ana, 'for Ben alone')
  await article(ben, 'for Ben alone').getByText('Only you and Ana can read this').waitFor()
  await article(ana, 'for Ben alone').getByText('Delivered').waitFor()
  await article(ana, 'for Ben alone').getByText('Only you and Ben can read this').waitFor()
  for (const page of [ana, ben]) expect(await violations(page)).toEqual([])

  // Ben answers it: that is for Ana alone without choosing anything.
  await article(ben, 'for Ben alone').hover()
  const bar = ben.getByRole('toolbar', { name: 'Message from Ana' })
  await bar.getByRole('button', { name: 'Reply' }).click()
  expect(await chosen(ben)).toBe('Ana')
  await say(ben, 'an answer')
  await article(ana, 'an answer').getByRole('button', { name: 'In reply to Ana for Ben alone' }).waitFor()
  await article(ana, 'an answer').getByText('Only you and Ben can read this').waitFor()

  await say(cem, 'Cem is here')
  await reads(ana, 'Cem is here')
  await reads(ben, 'Cem is here')
  const seen = await texts(cem)
  expect(seen).toContain('Cem is here')
  for (const word of ['for Ben alone', 'an answer']) expect(seen).not.toContain(word)
  // The conversation that the two pages know, and nothing of it on Cem's connection, not even its name.
  const pairs = new Set(
    bensFrames.flatMap((frame) => /"encrypted_message",.*"pair":"([\w-]{22})"/.exec(frame)?.[1] ?? []),
  )
  expect(pairs.size).toBe(1)
  expect(cemsFrames.length).toBeGreaterThan(0)
  for (const pair of pairs) expect(cemsFrames.filter((frame) => frame.includes(pair))).toEqual([])
})

it('[PV11] private messages are changed, reacted to and taken back, and have files; a third page sees nothing of it', async () => {
  await to(ana).selectOption('Ben')
  await say(ana, 'a draft for Ben')
  await article(ben, 'a draft for Ben').waitFor()
  // Up changes the last own one, in the colours of what is private.
  await composer(ana).press('ArrowUp')
  await ana.locator('.composer.private').waitFor()
  await composer(ana).fill('the words for Ben')
  await composer(ana).press('Enter')
  await article(ben, 'the words for Ben').getByText('edited').waitFor()
  await article(ben, 'the words for Ben').hover()
  await ben.getByRole('toolbar', { name: 'Message from Ana' }).getByRole('button', { name: 'React with 👍' }).click()
  await article(ana, 'the words for Ben').getByText('👍').waitFor()
  for (const page of [ana, ben]) expect(await violations(page)).toEqual([])
  // Nobody can be named in it: who is would not hear of it.
  await composer(ana).fill('@Ce')
  expect(await ana.getByRole('listbox').count()).toBe(0)
  await composer(ana).fill('')

  const tray = ana.getByRole('list', { name: 'Files to send' })
  const chooser = ana.waitForEvent('filechooser')
  await ana.getByRole('button', { name: 'Attach file' }).click()
  await (await chooser).setFiles([{ name: 'contract.txt', mimeType: 'text/plain', buffer: Buffer.from('signed') }])
  await tray.getByText('contract.txt').waitFor()
  // What was chosen for Ben is for nobody else.
  await to(ana).selectOption('Everyone')
  await tray.waitFor({ state: 'detached' })
  await say(ana, 'nothing goes with this')
  await reads(cem, 'nothing goes with this')
  await to(ana).selectOption('Ben')
  await tray.getByText('contract.txt').waitFor()
  expect(await violations(ana)).toEqual([])
  await composer(ana).press('Enter')
  const sent = article(ben, 'contract.txt')
  await sent.getByText('Only you and Ana can read this').waitFor()
  const download = ben.waitForEvent('download')
  await sent.getByRole('button', { name: 'Save contract.txt' }).click()
  expect(readFileSync(await (await download).path(), 'utf8')).toBe('signed')

  await article(ana, 'the words for Ben').hover()
  const bar = article(ana, 'the words for Ben').getByRole('toolbar')
  await bar.getByRole('button', { name: 'More' }).click()
  await bar.getByRole('menuitem', { name: 'Delete message' }).click()
  await ana.getByRole('button', { name: 'Delete for both' }).click()
  await article(ben, 'Message deleted').waitFor()
  const seen = await cem.locator('body').innerText()
  for (const word of ['the words for Ben', 'contract.txt', '👍']) expect(seen).not.toContain(word)
  expect(cemsFrames.filter((frame) => frame.includes('file_want'))).toEqual([])
  await to(ana).selectOption('Everyone')
})

it('[TO8] Esc goes back to everyone without the words; a reload brings back words, choice and messages on both sides', async () => {
  await to(ana).selectOption('Ben')
  await composer(ana).fill('a secret begun')
  await composer(ana).press('Escape')
  expect(await chosen(ana)).toBe('Everyone')
  expect(await composer(ana).inputValue()).toBe('')
  await say(ana, 'for all again')
  await reads(cem, 'for all again')
  expect(await texts(cem)).not.toContain('a secret begun')
  await to(ana).selectOption('Ben')
  expect(await composer(ana).inputValue()).toBe('a secret begun')
  // Drafts are kept a moment after the last word.
  await ana.waitForTimeout(700)
  for (const page of [ana, ben]) {
    await page.reload()
    await inRoom(page)
    await article(page, 'for Ben alone').waitFor()
    await article(page, 'an answer')
      .getByText(/Only you and (Ana|Ben) can read this/)
      .waitFor()
  }
  expect(await composer(ana).inputValue()).toBe('a secret begun')
  expect(await chosen(ana)).toBe('Ben')
  expect(await texts(cem)).not.toContain('for Ben alone')
})

it('[TO9] when the person leaves, the words stay, the page says so, and they go to nobody', async () => {
  await to(ana).selectOption('Cem')
  await composer(ana).fill('for Cem, who goes')
  await cem.getByRole('button', { name: 'Room details' }).click()
  await cem.getByRole('button', { name: 'Leave room' }).first().click()
  await cem.getByRole('button', { name: 'Leave and erase' }).click()
  await ana.getByRole('alert').filter({ hasText: 'Cem is not in the room any more' }).waitFor()
  expect(await violations(ana)).toEqual([])
  await composer(ana).press('Enter')
  expect(await composer(ana).inputValue()).toBe('for Cem, who goes')
  expect(await chosen(ana)).toBe('Cem (not here any more)')
  await to(ana).selectOption('Everyone')
  expect(await composer(ana).inputValue()).toBe('')
  await say(ana, 'after Cem')
  await reads(ben, 'after Cem')
  expect(await texts(ben)).not.toContain('for Cem, who goes')
  expect(await options(ana)).toContain('Cem (not here any more)')
})
