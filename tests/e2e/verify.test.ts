/** Verifying a person in two browsers, by what a screen reader would hear, on a page of 360 pixels. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRoom, joinRoom, launch, openStage, reads, type Stage, say } from './browsers.ts'
import { cameraSwitches, showNothing, showPicture } from './camera.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let bensBrowser: Browser
let folder: string
let ana: Page
let ben: Page

beforeEach(async () => {
  stage = await openStage()
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-camera-'))
  // Ben's camera sees what stands in this file by the time he opens it.
  bensBrowser = await launch(...cameraSwitches(camera()))
  showNothing(camera())
  const windows = [await stage.window(), await bensBrowser.newContext({ locale: 'en-GB', permissions: ['camera'] })]
  ;[ana, ben] = (await Promise.all(windows.map((window) => phone(stage, window)))) as [Page, Page]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await say(ben, 'hello')
  await reads(ana, 'hello')
})
afterEach(async () => {
  await bensBrowser.close()
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
  expect(stage.problems).toEqual([])
})

const camera = (): string => path.join(folder, 'camera.y4m')

/** From the conversation to the dialog Verify for one person. */
async function openVerify(page: Page, name: string): Promise<Locator> {
  await button(page, 'Room details').click()
  await page
    .getByRole('list', { name: 'People' })
    .getByRole('button', { name: new RegExp(`^(?!Actions).*${name}`) })
    .click()
  await button(page.getByRole('dialog', { name }), 'Verify').click()
  const dialog = page.getByRole('dialog', { name: 'Verify' })
  await dialog.getByText('Room code', { exact: true }).waitFor()
  return dialog
}

async function roomCode(dialog: Locator): Promise<{ epoch: string; digits: string }> {
  const part = dialog.getByRole('region', { name: 'Room code' })
  return {
    epoch: await part.getByText(/^Room code of epoch/).innerText(),
    digits: await part.locator('.digits').innerText(),
  }
}

async function standsAs(page: Page, name: string, words: string): Promise<void> {
  const row = page
    .getByRole('list', { name: 'People' })
    .getByRole('button', { name: new RegExp(`^(?!Actions).*${name}`) })
  await row.filter({ hasText: words }).waitFor()
}

it('[E12] at 360 px two people compare pictures by accessible names alone, and each is verified for the other', async () => {
  const anas = await openVerify(ana, 'Ben')
  await button(anas, 'Compare pictures').click()
  await anas.getByText('Waiting for Ben to agree…').waitFor()
  await ben.getByRole('alert').filter({ hasText: 'Ana wants to compare pictures with you.' }).waitFor()
  await button(ben, 'Compare').click()
  const bens = ben.getByRole('dialog', { name: 'Verify' })
  const pictures = [anas, bens].map((dialog) => dialog.getByRole('list', { name: 'Six pictures' }))
  await Promise.all(pictures.map((list) => list.waitFor()))
  const seen = await Promise.all(
    pictures.map(async (list) => (await list.getByRole('listitem').allInnerTexts()).join()),
  )
  expect(seen[0]).toBe(seen[1])
  expect(seen[0]!.split(',')).toHaveLength(6)
  const [anasCode, bensCode] = await Promise.all([anas, bens].map(roomCode))
  expect(anasCode!.digits).toMatch(/^(\d{5}\s){7}\d{5}$/)
  // A refresh of keys may have come between the two dialogs: each names its epoch.
  expect(anasCode!.digits === bensCode!.digits).toBe(anasCode!.epoch === bensCode!.epoch)
  for (const [page, dialog] of [
    [ana, anas],
    [ben, bens],
  ] as const) {
    await isClean(page)
    await button(dialog, 'They match').click()
    await dialog.getByText(/You verified (Ana|Ben)/).waitFor()
  }
  await anas.getByText('Ben says that they match.').waitFor()
  await button(anas, 'Close').click()
  await standsAs(ana, 'Ben', 'Verified')
  await button(bens, 'Close').click()
  await button(ben, 'Room details').click()
  await standsAs(ben, 'Ana', 'Verified')
  // It stays after a reload, and the mark stands at the messages.
  await ana.reload()
  await ana.getByRole('article').filter({ hasText: 'hello' }).getByText('Verified').waitFor()
})

it('[E13] a code is scanned through the camera; that of another pair says what to do', async () => {
  const anas = await openVerify(ana, 'Ben')
  const code = anas.getByRole('img', { name: 'QR code' })
  await code.scrollIntoViewIfNeeded()
  const bens = await openVerify(ben, 'Ana')
  await showPicture(camera(), ana, code)
  await button(bens, 'Scan their code').click()
  await bens.getByText('You verified Ana.').waitFor()
  await button(bens, 'Close').click()
  await standsAs(ben, 'Ana', 'Verified')
  // The number, typed wrongly, is a mismatch, which undoes it and is loud.
  const again = await openAgain(ben, 'Ana')
  const digits = await again.getByRole('region', { name: 'Compare a number' }).locator('.digits').innerText()
  await again.getByRole('textbox', { name: 'Their number' }).fill(digits.replace(/\d$/, (d) => String((+d + 1) % 10)))
  await button(again, 'Check').click()
  await again.getByRole('alert').filter({ hasText: 'The codes do not match.' }).waitFor()
  await again.getByText('write nothing secret here').waitFor()
  await isClean(ben)
})

async function openAgain(page: Page, name: string): Promise<Locator> {
  await page
    .getByRole('list', { name: 'People' })
    .getByRole('button', { name: new RegExp(`^(?!Actions).*${name}`) })
    .click()
  await button(page.getByRole('dialog', { name }), 'Verify').click()
  return page.getByRole('dialog', { name: 'Verify' })
}
