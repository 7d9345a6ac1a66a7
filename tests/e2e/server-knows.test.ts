/** The region *What the server knows*, by its names alone, against the real relay. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
beforeAll(async () => {
  stage = await openStage({ limits: { logDeletionPauseMs: 0 } })
  ;[ana, ben] = await Promise.all([stage.tab(), phone(stage)])
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await say(ana, 'a word to be counted')
  await reads(ben, 'a word to be counted')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const region = (page: Page) => page.getByRole('region', { name: 'What the server knows', exact: true })

it('[WK20] the page shows every table in plain words, its rows on demand, when it was fetched, and fetches again', async () => {
  await button(ana, 'Room details').click()
  const server = region(ana)
  await server.getByText('The server answered this at').waitFor()
  await server.getByText('Devices in the room: 2 rows').click()
  const rows = server.getByRole('list', { name: 'Devices in the room: 2 rows' }).getByRole('listitem')
  await expect.poll(() => rows.count()).toBe(2)
  expect(await rows.first().innerText()).toMatch(/state\s+member/)
  expect(await server.innerText()).not.toContain('a word to be counted')
  await server.getByText('The internet address from which each device connects').waitFor()
  await server.getByText('Nobody here can check').waitFor()
  // A log of more than one page.
  const logTitle = server.getByText(/^Room log: \d+ rows$/)
  await logTitle.click()
  const log = server.getByRole('list', { name: /^Room log/ }).getByRole('listitem')
  await log.first().waitFor()
  const before = await logTitle.innerText()
  await say(ana, 'one more')
  await reads(ben, 'one more')
  await expect
    .poll(async () => {
      await button(ana, 'Refresh').click()
      await ana.waitForTimeout(300)
      return server.getByText(/^Room log: \d+ rows$/).innerText()
    })
    .not.toBe(before)
})

it('[WK21] it is clean for axe in both colours, and at a phone’s width, where nobody else may delete', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await ana.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await isCleanWide(ana)
  }
  await button(ben, 'Room details').click()
  await region(ben).getByText('The server answered this at').waitFor()
  await region(ben).getByText('The room: 1 row').click()
  await region(ben).getByRole('list', { name: 'The room: 1 row' }).waitFor()
  await isClean(ben)
  expect(await region(ben).getByRole('button', { name: 'Delete the server’s log' }).count()).toBe(0)
})

it('[WK22] the owner deletes the log after a question, and everybody in the room reads it', async () => {
  await button(region(ana), 'Delete the server’s log').click()
  const dialog = ana.getByRole('dialog', { name: 'Delete the server’s log of this room?' })
  await isCleanWide(ana)
  await button(dialog, 'Keep it').click()
  await dialog.waitFor({ state: 'hidden' })
  await button(region(ana), 'Delete the server’s log').click()
  await button(dialog, 'Delete the log').click()
  await dialog.waitFor({ state: 'hidden' })
  const line = /had the server delete its log of this room: \d+ lines/
  await ana.getByRole('log', { name: 'Messages' }).getByText(line).waitFor()
  await button(ben, 'Back to messages').click()
  await ben.getByRole('log', { name: 'Messages' }).getByText(line).waitFor()
  await expect.poll(() => ana.getByRole('log', { name: 'Room log' }).innerText()).not.toContain('ROOM_CREATED')
  expect(await ana.getByRole('log', { name: 'Room log' }).innerText()).toContain('ROOM_LOG_DELETED')
})

it('[WK23] without a connection it says so, and the page goes on', async () => {
  await stage.relay.close()
  await button(region(ana), 'Refresh').click()
  await region(ana).getByText('The server did not tell what it has stored.').waitFor({ timeout: 30_000 })
  stage.problems.length = 0 // connections that are refused
})

async function isCleanWide(page: Page): Promise<void> {
  const { violations } = await import('./axe.ts')
  expect(await violations(page)).toEqual([])
}
