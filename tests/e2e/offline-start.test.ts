/** A room that is opened without a network, by the page that the browser keeps: one writes there as ever. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'
import { untilKept } from './deployment.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage.close()
  // Connections that this story takes away; anything else is a fault.
  expect(stage.problems.filter((words) => !/net::ERR_|WebSocket connection to/.test(words))).toEqual([])
})

const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })
const waits = (page: Page, text: string) => article(page, text).getByText('Sending').waitFor()

it('[PV32] what is written in a room that was opened without a network outlives the tab, and reaches the others once', {
  timeout: 120_000,
}, async () => {
  const ben = await stage.tab()
  const window = await stage.window()
  let ana = await stage.tab(window)
  await joinRoom(ana, await createRoom(ben, stage.url, 'Ben'), 'Ana')
  const address = ana.url()
  await say(ben, 'see you on the train')
  await reads(ana, 'see you on the train')
  await untilKept(ana)

  await window.setOffline(true)
  await ana.reload()
  await inRoom(ana)
  await say(ana, 'from the tunnel')
  await waits(ana, 'from the tunnel')
  await ana.getByText('What you write is kept on this device').waitFor()
  await ana.reload()
  await waits(ana, 'from the tunnel')
  await say(ana, 'still in there')
  await waits(ana, 'still in there')
  await ana.close()
  expect(await article(ben, 'from the tunnel').count()).toBe(0)

  await window.setOffline(false)
  ana = await stage.tab(window)
  await ana.goto(address)
  for (const text of ['from the tunnel', 'still in there']) {
    await reads(ben, text)
    await article(ana, text).getByText('Delivered').waitFor({ timeout: 30_000 })
  }
  await say(ana, 'out again')
  await reads(ben, 'out again')
  const read = (await texts(ben)).match(/from the tunnel|still in there|out again/g)
  expect(read).toEqual(['from the tunnel', 'still in there', 'out again'])

  // Opened offline and mended while the page stands, with half a message in the field.
  await window.setOffline(true)
  await ana.reload()
  await say(ana, 'once more')
  await waits(ana, 'once more')
  const field = ana.getByRole('textbox', { name: 'Message' })
  await field.fill('half a')
  await window.setOffline(false)
  await reads(ben, 'once more')
  await article(ana, 'once more').getByText('Delivered').waitFor({ timeout: 30_000 })
  expect(await field.inputValue()).toBe('half a')
  expect(await article(ben, 'once more').count()).toBe(1)
})
