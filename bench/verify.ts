/**
 * How long two people who verify each other wait for their machines: `npm run bench -- verify [rounds]`. By the code that one
 * screen shows and the other's camera reads, by the number that is read out and typed, and by the six pictures. Counted is
 * from the first press (*Verify*) on either side to *You verified* on the last; between the presses the time that people take is
 * none of it. Presses of both are counted. Build the client before: `npm start` once.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Locator, Page } from 'playwright-core'
import { createRoom, joinRoom, launch, openStage, reads, say } from '../tests/e2e/browsers.ts'
import { cameraSwitches, showNothing, showPicture } from '../tests/e2e/camera.ts'

const rounds = Number(process.argv[2] ?? 3)
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!

let presses = 0
async function press(on: Page | Locator, name: string): Promise<void> {
  presses++
  await on.getByRole('button', { name, exact: true }).click()
}

async function openVerify(page: Page, name: string): Promise<Locator> {
  presses++
  await page
    .getByRole('list', { name: 'People' })
    .getByRole('button', { name: new RegExp(`^(?!Actions).*${name}`) })
    .click()
  await press(page.getByRole('dialog', { name }), 'Verify')
  const dialog = page.getByRole('dialog', { name: 'Verify' })
  await dialog.getByText('Room code', { exact: true }).waitFor()
  return dialog
}

type Way = (ana: Page, ben: Page, camera: string) => Promise<void>

/** Each scans what the other shows; here one does, whose camera is pretended. */
const byCamera: Way = async (ana, ben, camera) => {
  const anas = await openVerify(ana, 'Ben')
  const code = anas.getByRole('img', { name: 'QR code' })
  await code.scrollIntoViewIfNeeded()
  await showPicture(camera, ana, code)
  const bens = await openVerify(ben, 'Ana')
  await press(bens, 'Scan their code')
  await bens.getByText('You verified Ana.').waitFor()
}

const byNumber: Way = async (ana, ben) => {
  const [anas, bens] = [await openVerify(ana, 'Ben'), await openVerify(ben, 'Ana')]
  const number = await anas.getByRole('region', { name: 'Compare a number' }).locator('.digits').innerText()
  await bens.getByRole('textbox', { name: 'Their number' }).fill(number)
  await press(bens, 'Check')
  await bens.getByText('You verified Ana.').waitFor()
}

const byPictures: Way = async (ana, ben) => {
  const anas = await openVerify(ana, 'Ben')
  await press(anas, 'Compare pictures')
  await ben.getByRole('alert').filter({ hasText: 'Ana wants to compare pictures with you.' }).waitFor()
  await press(ben, 'Compare')
  const bens = ben.getByRole('dialog', { name: 'Verify' })
  for (const dialog of [anas, bens]) await dialog.getByRole('list', { name: 'Six pictures' }).waitFor()
  for (const dialog of [anas, bens]) await press(dialog, 'They match')
  for (const dialog of [anas, bens]) await dialog.getByText(/You verified (Ana|Ben)/).waitFor()
}

async function measure(way: Way): Promise<{ seconds: number; presses: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-bench-'))
  const camera = path.join(folder, 'camera.y4m')
  showNothing(camera)
  const stage = await openStage()
  const bensBrowser = await launch(...cameraSwitches(camera))
  try {
    const ana = await stage.tab()
    const bens = { locale: 'en-GB', permissions: ['camera'], viewport: { width: 1280, height: 800 } }
    const ben = await stage.tab(await bensBrowser.newContext(bens))
    await joinRoom(ben, await createRoom(ana, stage.url, 'Ana'), 'Ben')
    await say(ben, 'hello')
    await reads(ana, 'hello')
    for (const page of [ana, ben]) {
      const list = page.getByRole('list', { name: 'People' })
      if (!(await list.isVisible())) await page.getByRole('button', { name: 'Room details' }).click()
      await list.waitFor()
    }
    presses = 0
    const began = performance.now()
    await way(ana, ben, camera)
    return { seconds: (performance.now() - began) / 1_000, presses }
  } finally {
    await bensBrowser.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const [name, way] of Object.entries({ byCamera, byNumber, byPictures })) {
  const runs: { seconds: number; presses: number }[] = []
  for (let round = 0; round < rounds; round++) runs.push(await measure(way))
  const seconds = runs.map((run) => run.seconds)
  const figures = { median: median(seconds), worst: Math.max(...seconds) }
  const rounded = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Math.round(value * 10) / 10]))
  console.log(
    JSON.stringify({ way: name, rounds, secondsOfTheMachine: rounded, presses: runs[0]!.presses, load: loadavg()[0] }),
  )
}
