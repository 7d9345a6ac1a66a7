/** A newcomer asks for earlier messages and a member gives them, by what the page says, on a phone's width. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let cem: Page

beforeAll(async () => {
  stage = await openStage()
  ;[ana, cem] = await Promise.all([phone(stage), phone(stage)])
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

it('[HW4] by keyboard, asked, given, and read as a quotation, also after a reload; everybody reads who gave', async () => {
  const link = await createRoom(ana, stage.url, 'Ana')
  await say(ana, 'The detector is cold enough now.')
  await say(ana, 'We begin at ten.')
  await joinRoom(cem, link, 'Cem')
  await cem.getByText('What was said before you came in is not on this device.').waitFor()
  await cem.getByRole('combobox', { name: 'How many' }).selectOption('Last 20')
  await button(cem, 'Ask for earlier messages').press('Enter')
  await cem.getByText('You asked for the last 20 messages. Somebody here has to agree.').waitFor()
  const asks = ana.getByRole('region', { name: 'Earlier messages that somebody asks for or offers' })
  await asks.getByText('Cem asks for the last 20 messages.', { exact: true }).waitFor()
  await asks.getByText('This device has 2 of them.').waitFor()
  await isClean(ana)
  expect(await cem.getByText('We begin at ten.').count()).toBe(0)
  await button(asks, 'Give: Cem asks for the last 20 messages.').press('Enter')
  const block = cem.getByRole('region', { name: 'Shared by Ana' })
  await block.getByText('QSEC cannot check who wrote them.').waitFor()
  const quotes = block.getByRole('listitem')
  await quotes.nth(1).waitFor()
  expect(await quotes.allInnerTexts()).toEqual([
    expect.stringMatching(/^Ana \(says Ana\)\s+The detector is cold enough now\./),
    expect.stringMatching(/^Ana \(says Ana\)\s+We begin at ten\./),
  ])
  await isClean(cem)
  await cem.getByRole('log', { name: 'Messages' }).getByText('Ana gave you the last 2 messages').waitFor()
  await ana.getByRole('log', { name: 'Messages' }).getByText('You gave Cem the last 2 messages').waitFor()
  await say(cem, 'Thank you.')
  await reads(ana, 'Thank you.')
  await cem.reload()
  await quotes.nth(1).waitFor()
  await button(block, 'Remove from this device').press('Enter')
  await block.waitFor({ state: 'detached' })
})
