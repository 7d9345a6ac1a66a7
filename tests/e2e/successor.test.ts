/** People close an open room by what its page says, on a phone's width, and go on in a closed one. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
let cleo: Page

beforeAll(async () => {
  stage = await openStage()
  ;[ana, ben, cleo] = await Promise.all([phone(stage), phone(stage), phone(stage)])
  await joinRoom(ana, `${stage.url}/room/garden`, 'Ana')
  await joinRoom(ben, `${stage.url}/room/garden`, 'Ben')
  await joinRoom(cleo, `${stage.url}/room/garden`, 'Cleo')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

it('[SW2] by keyboard, Ana closes the room for herself and Ben; nobody is invited whom she did not tick', async () => {
  await say(ana, 'last words')
  for (const page of [ben, cleo]) await reads(page, 'last words')
  await button(ben, 'Room details').click()
  expect(await button(ben, 'Close this room…').count()).toBe(0)
  await button(ben, 'Back to messages').click()

  await button(ana, 'Room details').press('Enter')
  await button(ana, 'Close this room…').press('Enter')
  const dialog = ana.getByRole('dialog', { name: 'Close this room?' })
  await button(dialog, 'Close the room').press('Enter')
  await dialog.getByText('Tick somebody to invite.').waitFor()
  await dialog.getByRole('checkbox', { name: /^Cleo/, checked: false }).waitFor()
  expect(await dialog.getByRole('checkbox', { name: /^End the open room now/ }).isChecked()).toBe(true)
  await dialog.getByRole('checkbox', { name: /^Ben/ }).press('Space')
  await isClean(ana)
  await button(dialog, 'Close the room').press('Enter')
  await dialog
    .getByRole('status')
    .filter({ hasText: 'The closed room is ready. The open room has ended.' })
    .waitFor({ timeout: 30_000 })
  await dialog.getByText('has the invitation').waitFor()
  await isClean(ana)
})

it('[SW4] Ben reads who invites him, also after a reload; Cleo sees the end alone; the secret stands nowhere', async () => {
  for (const page of [ben, cleo])
    await page.getByText('Ana ended this room.', { exact: true }).waitFor({ timeout: 20_000 })
  const bar = ben.getByRole('region', { name: 'Where this room goes on' })
  await bar.getByText('Ana closed this room and invites you to a private one.').waitFor()
  expect(await cleo.getByText('invites you').count()).toBe(0)
  await isClean(ben)
  await ben.reload()
  await reads(ben, 'last words')
  await bar.waitFor()
  expect(await ben.content()).not.toMatch(/v1\.[A-Za-z0-9_-]{43}/)
  const written = await ben.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]))
  expect(written).not.toContain('v1.')
})

it('[SW5] one button leads each of them into the closed room, and the two talk there', async () => {
  const enter = button(ana.getByRole('dialog'), 'Go to the closed room')
  expect(await enter.evaluate((one) => one === document.activeElement)).toBe(true)
  await ana.keyboard.press('Enter')
  await inRoom(ana)
  await button(ben, 'Join the closed room').press('Enter')
  await inRoom(ben)
  for (const page of [ana, ben]) {
    expect(new URL(page.url()).pathname).toMatch(/^\/room\/[A-Za-z0-9_-]{22}$/)
    expect(page.url()).not.toContain('#')
  }
  await say(ben, 'here we are')
  await reads(ana, 'here we are')
  await ana
    .getByRole('log', { name: 'Messages' })
    .getByText(/^Ben joined/)
    .first()
    .waitFor()
  // Back in the ended room its history and the way on are still there.
  await ben.goBack()
  await reads(ben, 'last words')
  await button(ben, 'Join the closed room').click()
  await reads(ben, 'here we are')
})
