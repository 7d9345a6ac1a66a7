/** The dialog *Key history*, by its names alone, against the real relay. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, joinRoom, openStage, type Stage } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
beforeAll(async () => {
  stage = await openStage()
  ;[ana, ben] = await Promise.all([stage.tab(), phone(stage)])
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Key history' })
const epochs = (page: Page) => dialog(page).getByRole('list', { name: 'Epochs' })

async function open(page: Page): Promise<void> {
  await button(page, 'Room details').click()
  await button(page, 'Key history').click()
  await epochs(page).getByText('Epoch').first().waitFor()
}

it('[KP20] it says for each epoch who, why, which keys, and how far the links reach, and follows what changes', async () => {
  await open(ana)
  await epochs(ana).getByText('You made the room here.').waitFor()
  await epochs(ana).getByText('Ben came in. Committed by you.').waitFor()
  // The key exchange that the room makes by itself.
  await epochs(ana).getByText('quantum (simulated); quantum links: 1 of 1').first().waitFor({ timeout: 60_000 })
  await epochs(ana).getByText('Handed over under keys from BB84 with simulated photons.').first().waitFor()
  await epochs(ana)
    .getByText(/^(Ben|You): under a key from simulated photons$/)
    .first()
    .waitFor()
  await epochs(ana)
    .getByText(/Renewed (with this epoch|last with epoch \d+) by/)
    .first()
    .waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await ana.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await violations(ana)).toEqual([])
  }
})

it('[KP21] it is saved as JSON, and read at a phone’s width', async () => {
  const [download] = await Promise.all([ana.waitForEvent('download'), button(dialog(ana), 'Save as JSON').click()])
  expect(download.suggestedFilename()).toMatch(/^qsec-key-history-.{8}\.json$/)
  const file = JSON.parse(readFileSync((await download.path())!, 'utf8')) as { format: string; epochs: unknown[] }
  expect([file.format, file.epochs.length > 1]).toEqual(['qsec-epochs-1', true])
  await button(dialog(ana), 'Close').click()
  await dialog(ana).waitFor({ state: 'hidden' })

  await open(ben)
  await epochs(ben).getByText('You came in here. What was before, this device does not know.').waitFor()
  await isClean(ben)
  await ben.keyboard.press('Escape')
  await dialog(ben).waitFor({ state: 'hidden' })
})
