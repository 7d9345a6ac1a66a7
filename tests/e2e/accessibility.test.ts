import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'

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
  await say(ana, 'a message to look at')
  await reads(ben, 'a message to look at')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

it('[E6] start page, door, room, panels and invite have no violation that axe can find, light and dark', async () => {
  const guest = await stage.tab()
  await guest.goto(stage.url)
  await guest.getByRole('heading', { name: 'QSEC' }).waitFor()
  expect(await violations(guest)).toEqual([])
  await guest.goto(link)
  await guest.getByRole('dialog', { name: 'Join room' }).waitFor()
  expect(await violations(guest)).toEqual([])
  await guest.close()

  for (const colorScheme of ['light', 'dark'] as const) {
    // Without motion: colours on their way from one scheme to the other have no contrast to speak of.
    await ana.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await violations(ana)).toEqual([])
    await ana.getByRole('button', { name: 'Room details' }).click()
    await ana.getByRole('region', { name: 'Quantum link' }).waitFor()
    expect(await violations(ana)).toEqual([])
    await ana.keyboard.press('Escape')
    await ana.getByRole('button', { name: 'Invite', exact: true }).first().click()
    await ana.getByRole('dialog', { name: 'Invite people' }).waitFor()
    expect(await violations(ana)).toEqual([])
    await ana.keyboard.press('Escape')
  }
})

it('[E7] at 360 px nothing lies outside the page, and a message is written and read by keyboard alone', async () => {
  await ben.setViewportSize({ width: 360, height: 640 })
  const wide = await ben.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(360)
  await ben.getByRole('textbox', { name: 'Message' }).focus()
  await ben.keyboard.type('typed on a small page')
  await ben.keyboard.press('Enter')
  await reads(ana, 'typed on a small page')
  const box = await ben.getByRole('textbox', { name: 'Message' }).boundingBox()
  expect(box!.y + box!.height).toBeLessThanOrEqual(640)
  await ben.getByRole('button', { name: 'Room details' }).click()
  for (const name of ['Quantum link']) await ben.getByRole('region', { name }).waitFor()
  await ben.getByRole('log', { name: 'Room log' }).waitFor()
  expect(await violations(ben)).toEqual([])
})

it('[E8] a bare address of a closed room asks for the full link, and an unknown path is no page', async () => {
  const guest = await stage.tab()
  await guest.goto(link.split('#')[0]!)
  await guest.getByText('You need the full invite link').first().waitFor()
  const response = await guest.request.get(`${stage.url}/no/such/page`)
  expect(response.status()).toBe(404)
  await guest.close()
})

it('[E9] a word on the start page joins that open room under the name given there; ?username= prefills and leaves', async () => {
  const guest = await stage.tab()
  await guest.goto(stage.url)
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Gus')
  await guest.getByRole('textbox', { name: 'Room ID' }).fill('lab9')
  await guest.getByRole('spinbutton', { name: 'Expected people' }).fill('2')
  await guest.getByRole('button', { name: 'Join room' }).click()
  await inRoom(guest)
  expect(new URL(guest.url()).pathname).toBe('/room/lab9')
  const other = await stage.tab()
  await other.goto(`${stage.url}/room/lab9?username=Hanna&expected=3`)
  const dialog = other.getByRole('dialog', { name: 'Join room' })
  await dialog.waitFor()
  expect(await dialog.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Hanna')
  expect(new URL(other.url()).search).toBe('')
  await dialog.getByRole('button', { name: 'Join', exact: true }).click()
  await inRoom(other)
  await say(other, 'hello Gus')
  await reads(guest, 'hello Gus')
  const third = await stage.tab()
  await third.goto(`${stage.url}/room/lab9`)
  await third.getByRole('dialog', { name: 'Join room' }).getByRole('button', { name: 'Join', exact: true }).click()
  await third.getByText(/full/i).first().waitFor()
})
