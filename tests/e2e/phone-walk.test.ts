/** On a phone one finds one's way by what the screen says: every step here goes by a role, a name or a text, as people do. */
import type { RoomClient } from '@qsec/client'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hasText, texts, until } from '../system/world.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
let cleo: RoomClient

beforeAll(async () => {
  stage = await openStage()
  ;[ana, ben] = await Promise.all([phone(stage), phone(stage)])
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  cleo = await joinAsBot(stage, link, 'Cleo')
  await until(cleo, (s) => s.phase.at === 'member')
})
afterAll(async () => {
  await cleo?.close()
  await stage.close()
  expect(stage.problems).toEqual([])
})

const person = (page: Page, name: string): Locator =>
  page.getByRole('list', { name: 'People' }).getByRole('button', { name: new RegExp(`^(?!Actions).*${name}`) })

/** From the messages to the person, and on to the dialog that tells how to verify them. */
async function openVerify(page: Page, name: string): Promise<Locator> {
  await button(page, 'Room details').click()
  await person(page, name).click()
  const sheet = page.getByRole('dialog', { name })
  await sheet.getByText(`You meet ${name} for the first time.`).waitFor()
  await button(sheet, 'Verify').click()
  return page.getByRole('dialog', { name: 'Verify' }).getByRole('region', { name: 'Compare a number' })
}

it('[E14] at 360 px one verifies a person and removes another by what the screen says alone', async () => {
  await ana.getByText('Cleo joined').waitFor()
  const [anas, bens] = [await openVerify(ana, 'Ben'), await openVerify(ben, 'Ana')]
  await anas.getByText('Read them to each other').waitFor()
  const sixtyDigits = /^(\d{5}\s){11}\d{5}$/
  expect(await bens.getByText(sixtyDigits).innerText()).toBe(await anas.getByText(sixtyDigits).innerText())
  await isClean(ana)
  await button(anas, 'They match').click()
  const verify = ana.getByRole('dialog', { name: 'Verify' })
  await verify.getByRole('status').filter({ hasText: 'You verified Ben.' }).waitFor()
  await isClean(ana)
  await button(verify, 'Close').click()
  await person(ana, 'Ben').getByText('Verified').waitFor()
  await person(ana, 'Cleo').getByText('New', { exact: true }).waitFor()

  await button(ana, 'Actions for Cleo').click()
  await button(ana, 'Remove Cleo from room').click()
  const sure = ana.getByRole('dialog', { name: 'Remove Cleo from this room?' })
  await isClean(ana)
  await button(sure, 'Remove and make new keys').click()
  await sure.waitFor({ state: 'hidden' })
  await person(ana, 'Cleo').waitFor({ state: 'hidden' })
  await ana.getByRole('heading', { name: 'People 2' }).waitFor()
  await person(ana, 'Ben').getByText('Verified').waitFor()
  await isClean(ana)

  await button(ana, 'Back to messages').click()
  await ana.getByRole('log', { name: 'Messages' }).getByText('You removed Cleo.').waitFor()
  await say(ana, 'now we are two')
  await button(ben.getByRole('dialog'), 'Close').click()
  await button(ben, 'Back to messages').click()
  await reads(ben, 'now we are two')
  await until(cleo, (s) => s.phase.at === 'removed')
  expect(hasText('now we are two')(cleo.snapshot), texts(cleo.snapshot).join()).toBe(false)
})
