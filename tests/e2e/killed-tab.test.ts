/** A tab whose process dies amid sending: what it had taken goes out once, in order, when the room is opened again. */
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

/** What stands in the room, in order: the texts of this test, without names and times. */
async function said(page: Page): Promise<string[]> {
  const articles = await page.getByRole('log', { name: 'Messages' }).getByRole('article').allInnerTexts()
  return articles.flatMap((text) => /number \d+/.exec(text) ?? [])
}

/** False where the page has died meanwhile. */
function typed(page: Page, text: string): Promise<boolean> {
  return say(page, text).then(
    () => true,
    () => false,
  )
}

it('[CX50] a tab that is killed amid 20 messages loses none that it has shown; reopened, every one is there once and in order', async () => {
  const ben = await stage.tab()
  const context = await stage.window()
  const page = await context.newPage()
  const link = await createRoom(page, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  const roomUrl = page.url()
  const died = new Promise<void>((resolve) => page.once('crash', () => resolve()))
  for (let i = 0; i < 9; i++) await say(page, `number ${i}`)
  // What this screen has shown is stored, sent or not. What is typed from here on may reach nobody.
  const shown = await said(page)
  void page.goto('chrome://crash').catch(() => undefined) // never answers
  for (let i = 9; i < 20; i++) if (!(await typed(page, `number ${i}`))) break
  await died
  await page.close()

  const again = await context.newPage()
  await again.goto(roomUrl)
  await inRoom(again)
  await say(again, 'number 99')
  await reads(ben, 'number 99', 30_000)
  const onBens = await said(ben)
  const numbers = onBens.map((text) => Number(text.slice('number '.length)))
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  expect(onBens).toEqual(expect.arrayContaining(shown))
  expect(await said(again)).toEqual(onBens)
})
