/** Stories in which something fails: the network, the relay, a frame on its way. RULES.md says which test tells which story. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RunningRelay, startRelay } from '@qsec/server'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { RelayProcess } from '../chaos/processes.ts'
import { openProxy, type TcpProxy } from '../system/proxy.ts'
import { until } from '../system/world.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button } from './phone.ts'
import { type Frame, tapWire } from './wire.ts'

let stage: Stage
let proxy: TcpProxy
beforeAll(async () => {
  stage = await openStage()
  proxy = await openProxy(() => stage.relay.port)
})
afterAll(async () => {
  await stage.close()
  await proxy.close()
  // Connections that these stories cut, those for the service worker's script among them; anything else is a fault.
  const isCut = /net::ERR_|WebSocket connection to|^An unknown error occurred when fetching the script\.$/
  expect(stage.problems.filter((words) => !isCut.test(words))).toEqual([])
})

const windows = new Set<BrowserContext>()
async function tab(): Promise<Page> {
  const page = await stage.tab()
  windows.add(page.context())
  return page
}
afterEach(async () => {
  for (const window of windows) await window.close()
  windows.clear()
})

const log = (page: Page) => page.getByRole('log', { name: 'Messages' })
const message = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text })

/** The same link by way of the proxy. */
function cuttable(link: string): string {
  const url = new URL(link)
  url.port = String(proxy.port)
  return url.href
}

/** What was said in the room, in order, as this device would save it. */
async function history(page: Page): Promise<string[]> {
  await button(page, 'Room details').click()
  await button(page, 'Export history').click()
  const saving = page.waitForEvent('download')
  await button(page.getByRole('dialog', { name: 'Export history' }), 'For programs (JSON)').click()
  const { items } = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as { items: { text?: string }[] }
  return items.flatMap(({ text }) => text ?? [])
}

it('[AS10] a tab that was asleep while 200 messages were said has them all, in order and once', async () => {
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, cuttable(link), 'Ben')
  const bot = await joinAsBot(stage, link, 'Echo')
  onTestFinished(() => bot.close())
  await until(bot, (s) => s.phase.at === 'member')
  await bot.send('good night')
  await reads(ben, 'good night')
  const browser = await ben.context().newCDPSession(ben)
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' })
  proxy.cut()
  await until(bot, (s) => s.people.some(({ name, present }) => name === 'Ben' && !present))
  const said = Array.from({ length: 200 }, (_, i) => `in the night ${i}.`)
  await Promise.all(said.map((text) => bot.send(text)))
  await reads(ana, 'in the night 199.', 60_000)
  proxy.mend()
  await browser.send('Page.setWebLifecycleState', { state: 'active' })
  await reads(ben, 'in the night 199.', 60_000)
  await ben.getByRole('status', { name: 'Connected' }).waitFor()
  expect(await log(ben).innerText()).not.toMatch(/could not be opened|missing here|lost for this device/)
  expect((await history(ben)).filter((text) => text.startsWith('in the night'))).toEqual(said)
})

it('[AS11] the relay is killed while two write: nothing that was marked as sent is lost, and all stands once, in one order', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-story-'))
  const relay = new RelayProcess(path.join(folder, 'qsec2.db'))
  onTestFinished(async () => {
    await relay.kill()
    rmSync(folder, { recursive: true, force: true })
  })
  await relay.start()
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, `http://localhost:${relay.port}`, 'Ana')
  await joinRoom(ben, link, 'Ben')
  const writes = async (page: Page, name: string) => {
    for (let i = 0; i < 15; i++) await say(page, `${name} ${i}.`)
  }
  const killed = reads(ben, 'Ana 6.').then(() => relay.kill())
  await Promise.all([writes(ana, 'Ana'), writes(ben, 'Ben'), killed])
  const sent = async (page: Page) => {
    const rows = await log(page)
      .getByRole('article')
      .filter({ hasText: /Sent|Delivered/ })
      .allInnerTexts()
    return rows.flatMap((row) => /(Ana|Ben) \d+\./.exec(row)?.[0] ?? [])
  }
  const markedSent = [...(await sent(ana)), ...(await sent(ben))]
  expect(markedSent.length).toBeGreaterThan(0)
  expect(markedSent.length, 'some were still on their way').toBeLessThan(30)
  await relay.start()
  for (const page of [ana, ben]) for (const name of ['Ana', 'Ben']) await reads(page, `${name} 14.`, 60_000)
  await message(ana, 'Ana 14.').getByText('Delivered').waitFor({ timeout: 30_000 })
  await message(ben, 'Ben 14.').getByText('Delivered').waitFor({ timeout: 30_000 })
  const [anas, bens] = [await history(ana), await history(ben)]
  expect(anas).toEqual(bens)
  expect(anas).toEqual(expect.arrayContaining(markedSent))
  for (const name of ['Ana', 'Ben']) {
    expect(anas.filter((text) => text.startsWith(name))).toEqual(Array.from({ length: 15 }, (_, i) => `${name} ${i}.`))
  }
})

it('[AS12] frames that are changed, said again or put in another order are shown as such, and the chat goes on', async () => {
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  const wire = await tapWire(ben)
  await joinRoom(ben, link, 'Ben')
  const isAnas = ({ name, payload }: Frame) => name === 'encrypted_message' && !payload.pair
  /** In the place of Ana's next frame; honest afterwards. */
  const once = (change: (frame: Frame) => string[]) => {
    wire.down = (frame, text) => {
      if (!isAnas(frame)) return [text]
      wire.down = (_, same) => [same]
      return change(frame)
    }
  }
  const goesOn = async (word: string) => {
    await say(ana, `${word}, Ana`)
    await reads(ben, `${word}, Ana`)
    await say(ben, `${word}, Ben`)
    await reads(ana, `${word}, Ben`)
  }
  await goesOn('before')
  // Receipts and names are frames as well: what is changed here need not be what is typed.
  const old: Frame[] = []
  wire.down = (frame, text) => {
    if (isAnas(frame)) old.push(frame)
    return [text]
  }
  await goesOn('kept by the relay')

  once((frame) => [frame.with({ ct: bent(frame.payload.ct) })])
  await say(ana, 'changed on its way')
  await log(ben)
    .getByText(/could not be opened: it was changed on its way/)
    .first()
    .waitFor()
  await goesOn('after a changed one')

  once((frame) => [frame.with({}), frame.with({}), ...old.map((one) => one.with({}))])
  await goesOn('said again')
  for (const text of ['said again, Ana', 'kept by the relay, Ana']) expect(await message(ben, text).count()).toBe(1)

  const gaps = () =>
    log(ben)
      .getByText(/something that they said before it did not arrive here/)
      .count()
  let before = await gaps()
  once((frame) => [frame.with({ ct: old[0]!.payload.ct, id: old[0]!.payload.id })])
  await say(ana, 'an old one came in its place')
  await goesOn('after a copy')
  await expect.poll(gaps).toBeGreaterThan(before)

  before = await gaps()
  let held: Frame | undefined
  wire.down = (frame, text) => {
    if (!isAnas(frame)) return [text]
    if (!held) {
      held = frame
      return []
    }
    wire.down = (_, same) => [same]
    const [first, second] = [held.payload, frame.payload]
    return [held.with({ ct: second.ct, id: second.id }), frame.with({ ct: first.ct, id: first.id })]
  }
  await say(ana, 'first of two')
  await say(ana, 'second of two')
  await expect.poll(gaps).toBeGreaterThan(before)
  await goesOn('after another order')
})

it('[AS13] a device that fell out comes back through a member, and both pages say that it rejoined', async () => {
  const own = await openStage()
  let later: RunningRelay | undefined
  onTestFinished(async () => {
    await later?.close()
    await own.close()
  })
  const [ana, ben] = [await own.tab(), await own.tab()]
  const link = await createRoom(ana, own.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await say(ben, 'before')
  await reads(ana, 'before')
  const [anas, bens] = [ana.url(), ben.url()]
  // Somebody comes in while Ben is away, then all go, and the server forgets what Ben missed.
  await ben.goto('about:blank')
  const cem = await joinAsBot(own, link, 'Cem')
  await until(cem, (s) => s.phase.at === 'member' && s.people.length === 3)
  await ana.goto('about:blank')
  await until(cem, (s) => s.people.filter(({ present }) => present).length === 1)
  await cem.close()
  const { port } = own.relay
  await own.relay.close()
  later = await startRelay({ port, host: '127.0.0.1', databasePath: own.databasePath })

  await ben.goto(bens)
  await button(ben, 'Go on without it').click({ timeout: 60_000 })
  await ana.goto(anas)
  await log(ben).getByText('Your device rejoined.').waitFor({ timeout: 60_000 })
  await log(ana).getByText('Ben’s device rejoined.').waitFor({ timeout: 60_000 })
  await say(ana, 'welcome back')
  await reads(ben, 'welcome back')
  await say(ben, 'here again')
  await reads(ana, 'here again')
})

it('[AS14] a file of 20 MB arrives through three lost connections', async () => {
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, cuttable(link), 'Ben')
  const buffer = randomBytes(20 * 1_048_576)
  const chooser = ana.waitForEvent('filechooser')
  await button(ana, 'Attach file').click()
  await (await chooser).setFiles({ name: 'film.bin', mimeType: 'application/octet-stream', buffer })
  let cut = proxy.cutAfter(3 * 1_048_576)
  await button(ana, 'Send').click()
  const progress = log(ben).getByRole('progressbar', { name: 'How much of film.bin has come' })
  const come = () => progress.evaluate((bar: HTMLProgressElement) => bar.value / bar.max)
  for (let cuts = 1; cuts <= 3; cuts++) {
    await cut
    await ben.getByRole('status', { name: 'Reconnecting…' }).waitFor()
    expect(await come(), 'some of it has come').toBeGreaterThan(0)
    expect(await come(), 'cut amid the file').toBeLessThan(1)
    if (cuts < 3) cut = proxy.cutAfter(5 * 1_048_576)
    // It may be cut again before anybody has seen it connected.
    proxy.mend()
  }
  await ben.getByRole('status', { name: 'Connected' }).waitFor({ timeout: 30_000 })
  const save = button(log(ben), 'Save film.bin')
  await save.waitFor({ timeout: 60_000 })
  const saving = ben.waitForEvent('download')
  await save.click()
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  expect(hash(readFileSync(await (await saving).path()))).toBe(hash(buffer))
})

/** The same sealed text with one bit of its middle turned. */
function bent(ct: string): string {
  const bytes = Buffer.from(ct, 'base64url')
  bytes[bytes.length >> 1]! ^= 1
  return bytes.toString('base64url')
}
