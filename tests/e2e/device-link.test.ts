/** A person brings a phone into a room by what the pages say, and takes it out again; on a phone's width. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone as narrowTab } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
let phone: Page

beforeAll(async () => {
  stage = await openStage()
  ;[ana, ben, phone] = await Promise.all([narrowTab(stage), narrowTab(stage), narrowTab(stage)])
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const log = (page: Page): Locator => page.getByRole('log', { name: 'Messages' })

/** Opens the dialog by keyboard, and reads the link. */
async function makeLink(): Promise<{ dialog: Locator; link: string }> {
  await button(ana, 'Link another device').focus()
  await ana.keyboard.press('Enter')
  const dialog = ana.getByRole('dialog', { name: 'Link another device' })
  const link = await dialog.getByRole('textbox', { name: 'Device link' }).inputValue()
  return { dialog, link }
}

it('[LW9] the phone comes in under Ana’s name by the link alone, and the link stays in no address bar', async () => {
  await button(ana, 'Room details').click()
  const { dialog, link } = await makeLink()
  expect(link).toMatch(/\/room\/[\w-]{22}#d1\.[\w-]{43}$/)
  await dialog.getByRole('img', { name: 'QR code' }).waitFor()
  await dialog
    .getByRole('timer')
    .getByText(/^Ends in (10:00|9:\d\d)$/)
    .waitFor()
  await isClean(ana)

  await phone.goto(link)
  await phone.getByRole('heading', { name: 'Link this browser to your other device?' }).waitFor()
  expect(phone.url()).not.toContain('#')
  await isClean(phone)
  await button(phone, 'Link this device').press('Enter')
  await inRoom(phone)
  expect(phone.url()).not.toContain('#')
  await dialog.getByText('It is in').waitFor()
  await isClean(ana)
  await ana.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })

  await say(phone, 'from the phone')
  await log(ben).getByText('Ana added a device.').waitFor()
  await reads(ben, 'from the phone')
  await say(ben, 'hello to both')
  await reads(phone, 'hello to both')
  await button(ben, 'Room details').click()
  const list = ben.getByRole('list', { name: 'People' })
  await list.getByText('2 devices').waitFor()
  expect(await list.getByRole('listitem').count()).toBe(2)
  await isClean(ben)
})

it('[LW10] the link is used up, and an ended one leads nowhere: both pages say so', async () => {
  const late = await narrowTab(stage)
  const { dialog, link } = await makeLink()
  await button(dialog, 'Cancel').click()
  await dialog.waitFor({ state: 'hidden' })
  await late.goto(link)
  await button(late, 'Link this device').click()
  await late.getByRole('heading', { name: 'This device link has ended' }).waitFor()
  await isClean(late)
  await late.close()
})

it('[LW11] Ana removes the phone, whose page says so and has nothing left; her own goes on', async () => {
  await phone.reload()
  await inRoom(phone)
  const devices = ana.getByRole('list', { name: 'Your devices in this room' })
  await devices.getByRole('button', { name: /^Remove this device/ }).press('Enter')
  const dialog = ana.getByRole('dialog', { name: 'Remove this device from the room?' })
  await isClean(ana)
  await button(dialog, 'Remove and make new keys').click()
  await dialog.waitFor({ state: 'hidden' })
  await phone.getByRole('heading', { name: 'This device was removed' }).waitFor()
  await isClean(phone)
  expect(await devices.getByRole('listitem').count()).toBe(1)
  await button(ben, 'Back to messages').click()
  await log(ben).getByText('Ana removed one of their devices.').waitFor()
  await button(ana, 'Back to messages').click()
  await say(ana, 'still here')
  await reads(ben, 'still here')
  expect(stage.output.join()).not.toContain('#d1')
})
