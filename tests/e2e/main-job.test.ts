import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasText, until } from '../system/world.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, inRoom, joinRoom, openStage, people, reads, type Stage, say, texts } from './browsers.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

async function labelled(page: Page, label: string, timeout = 60_000): Promise<void> {
  await page.getByText(label, { exact: true }).first().waitFor({ timeout })
}

it('[E1] two windows and a bot talk all ways within 10 s of opening the link, then under a quantum key', async () => {
  const ana = await stage.tab()
  const ben = await stage.tab()
  const link = await createRoom(ana, stage.url, 'Ana')

  const opened = Date.now()
  const bot = await joinAsBot(stage, link, 'Echo')
  await joinRoom(ben, link, 'Ben')
  await until(bot, (s) => s.phase.at === 'member')
  await say(ben, 'from Ben')
  await say(ana, 'from Ana')
  await bot.send('from the bot')
  for (const page of [ana, ben]) {
    for (const text of ['from Ben', 'from Ana', 'from the bot']) await reads(page, text)
  }
  for (const text of ['from Ben', 'from Ana']) await until(bot, hasText(text))
  expect(Date.now() - opened).toBeLessThan(10_000)

  expect(new URL(ben.url()).hash).toBe('')
  await Promise.all([labelled(ana, 'quantum (simulated)'), labelled(ben, 'quantum (simulated)')])
  await until(bot, (s) => s.quantum.label === 'quantum (simulated)', 60_000)
  await say(ana, 'under the quantum key')
  await reads(ben, 'under the quantum key')
  await until(bot, hasText('under the quantum key'))
  await bot.close()
})

it('[E2] two tabs at one typed address are two people, and reloading both together never swaps them', async () => {
  const window = await stage.window()
  const [one, two] = [await stage.tab(window), await stage.tab(window)]
  await joinRoom(one, `${stage.url}/room/lab1`, 'One')
  await joinRoom(two, `${stage.url}/room/lab1`)
  await say(one, 'I am one')
  await reads(two, 'I am one')
  await say(two, 'I am two')
  await reads(one, 'I am two')
  const own = async (page: Page) =>
    (await page.getByRole('listitem').filter({ hasText: 'you' }).first().innerText()).split('\n')[1]
  const names = [await own(one), await own(two)]
  expect(names[0]).not.toBe(names[1])
  for (let round = 0; round < 3; round++) {
    await Promise.all([one.reload(), two.reload()])
    await Promise.all([inRoom(one), inRoom(two)])
    expect([await own(one), await own(two)]).toEqual(names)
  }
  await say(one, 'still one')
  await reads(two, 'still one')
  expect(await texts(one)).toContain('I am two')
})

it('[E3] who joins after 50 messages sees a clean line and none of them; who left reads nothing more', async () => {
  const [ana, ben, cleo] = [await stage.tab(), await stage.tab(), await stage.tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  for (let i = 1; i <= 50; i++) await say(i % 2 ? ana : ben, `early word ${i}.`)
  await reads(ana, 'early word 50.')
  await joinRoom(cleo, link, 'Cleo')
  await say(ana, 'welcome Cleo')
  await reads(cleo, 'welcome Cleo')
  expect(await texts(cleo)).not.toContain('early word')
  expect(await cleo.getByRole('log', { name: 'Messages' }).innerText()).toMatch(/cannot be read/)
})

it('[E4] an eavesdropper is shown to everyone, no key is made, the chat goes on, and the link recovers', async () => {
  const [ana, ben] = [await stage.tab(), await stage.tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  for (const page of [ana, ben]) await page.getByRole('button', { name: 'Room details' }).click()
  await ana.getByRole('switch', { name: 'Simulate eavesdropper' }).click()
  await ana.getByRole('button', { name: 'Run key exchange' }).click()
  for (const page of [ana, ben]) {
    await page.getByText('Eavesdropper detected, no key made').first().waitFor({ timeout: 60_000 })
    await labelled(page, 'post-quantum')
    expect(Number(await page.getByRole('meter', { name: 'QBER' }).getAttribute('aria-valuenow'))).toBeGreaterThan(0.2)
  }
  await say(ana, 'we talk on')
  await reads(ben, 'we talk on')
  await ben.getByRole('switch', { name: 'Simulate eavesdropper' }).click()
  for (const page of [ana, ben]) {
    await page.getByText('Key exchange completed').first().waitFor({ timeout: 60_000 })
    await labelled(page, 'quantum (simulated)')
  }
})

it('[E5] nothing that people say or keep secret can be found at the relay', async () => {
  const marker = 'Zebrafish-Quartz-7719'
  const name = 'Markername Xylo'
  const packets: string[] = []
  const [ana, ben] = [await stage.tab(), await stage.tab()]
  for (const page of [ana, ben]) {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => packets.push(String(payload)))
      socket.on('framereceived', ({ payload }) => packets.push(String(payload)))
    })
    page.on('request', (request) =>
      packets.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`),
    )
  }
  const link = await createRoom(ana, stage.url, name)
  await joinRoom(ben, link, 'Ben')
  await say(ana, marker)
  await reads(ben, marker)
  await Promise.all([labelled(ana, 'quantum (simulated)'), labelled(ben, 'quantum (simulated)')])
  expect(await people(ben)).toContain(name)

  const secret = new URL(link).hash.slice('#v1.'.length)
  for (const page of [ana, ben]) {
    const { entries } = await (await page.context().newCDPSession(page)).send('Page.getNavigationHistory')
    expect(entries.length).toBeGreaterThan(0)
    packets.push(entries.map(({ url }) => url).join('\n')) // where Back leads; what somebody typed is the browser's own
  }
  const stored = readdirSync(path.dirname(stage.databasePath)).map((file) =>
    readFileSync(path.join(path.dirname(stage.databasePath), file)).toString('latin1'),
  )
  const places = { packets: packets.join('\n'), stored: stored.join('\n'), output: stage.output.join('\n') }
  expect(places.packets.length).toBeGreaterThan(10_000)
  expect(places.stored.length).toBeGreaterThan(1_000)
  for (const [place, text] of Object.entries(places)) {
    for (const word of [marker, name, secret]) {
      for (const form of [
        word,
        Buffer.from(word).toString('base64url').slice(2, -3),
        Buffer.from(word).toString('hex'),
      ]) {
        expect(text.includes(form), `${word} in ${place}`).toBe(false)
      }
    }
  }
})
