/** Messages that disappear, in a real browser: the choice at the text and in the room, the countdown, and what is left. */
import type { MessageView, RoomClient } from '@qsec/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../system/world.ts'
import { violations } from './axe.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, inRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'

let stage: Stage
let ana: Page
let bot: RoomClient
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  bot = await joinAsBot(stage, await createRoom(ana, stage.url, 'Ana'), 'Ben')
  await until(bot, (s) => s.phase.at === 'member')
})
afterAll(async () => {
  await bot.close()
  await stage.close()
  expect(stage.problems).toEqual([])
})

const article = (text: string) =>
  ana.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text }).first()
const heard = (text: string) =>
  bot.snapshot.timeline.find((item): item is MessageView => item.kind === 'message' && item.text === text)

it('[DM11] a message counts down where it is seen and goes, from the page and for good; what answers it says so', async () => {
  await bot.send('the code is 4711', { lifetimeS: 8 })
  await reads(ana, 'the code is 4711')
  await article('the code is 4711')
    .getByText(/Disappears in \d+ seconds?/)
    .waitFor()
  await article('the code is 4711').hover()
  await ana.getByRole('toolbar', { name: 'Message from Ben' }).getByRole('button', { name: 'Reply' }).click()
  await say(ana, 'thank you')
  expect(await violations(ana)).toEqual([])
  await article('thank you').getByText('In reply to a message that has disappeared').waitFor({ timeout: 20_000 })
  expect(await texts(ana)).not.toContain('4711')
  expect(await violations(ana)).toEqual([])
  await ana.reload()
  await inRoom(ana)
  await reads(ana, 'thank you')
  await article('thank you').getByText('In reply to a message that has disappeared').waitFor()
  expect(await texts(ana)).not.toContain('4711')
})

it('[DM12] it is chosen at the text for one message, and in the room’s settings for all; nobody gets longer than the room', async () => {
  const choice = ana.getByRole('combobox', { name: 'Disappears', exact: true })
  const options = () => choice.getByRole('option').allInnerTexts()
  await choice.selectOption('After 5 minutes')
  await say(ana, 'for five minutes')
  await article('for five minutes')
    .getByText(/Disappears in [45] minutes/)
    .waitFor()
  await until(bot, () => heard('for five minutes')?.lifetime?.seconds === 300)
  await choice.selectOption('Never')
  await say(ana, 'for good')
  await until(bot, () => heard('for good') !== undefined)
  expect(heard('for good')?.lifetime).toBeUndefined()

  await ana.getByRole('button', { name: 'Room details' }).click()
  await ana.getByRole('combobox', { name: 'Disappearing messages' }).selectOption('After 1 hour')
  await ana.getByText('You switched disappearing messages on').waitFor()
  expect(await violations(ana)).toEqual([])
  await expect.poll(options).toEqual(['After 1 hour, as in this room', 'After 30 seconds', 'After 5 minutes'])
  await say(ana, 'by the room')
  await until(bot, () => heard('by the room')?.lifetime?.seconds === 3_600)
  await bot.send('as long as it wants', { lifetimeS: 86_400 })
  await article('as long as it wants')
    .getByText(/Disappears in/)
    .waitFor()
  expect(heard('as long as it wants')?.lifetime?.seconds).toBe(3_600)
})
