/** What the status says where the browser knows of no network, and a connection may stand all the same. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openProxy, type TcpProxy } from '../system/proxy.ts'
import { createRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'

let stage: Stage
let proxy: TcpProxy
let ana: Page
let ben: Page
beforeAll(async () => {
  stage = await openStage()
  proxy = await openProxy(() => stage.relay.port)
  ana = await stage.tab()
  ben = await stage.tab()
  const link = new URL(await createRoom(ben, stage.url, 'Ben'))
  link.port = String(proxy.port)
  await joinRoom(ana, link.href, 'Ana')
})
afterAll(async () => {
  await stage.close()
  await proxy.close()
  // Connections that this story takes away; anything else is a fault.
  expect(stage.problems.filter((words) => !/net::ERR_|WebSocket connection to/.test(words))).toEqual([])
})

const status = (page: Page) => page.getByRole('status').filter({ hasText: /^(Connected|Reconnecting…|Offline)$/ })
const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

it('[PV31] with the browser offline and a connection that stands, the status says within seconds what becomes of a message', async () => {
  const window = ana.context()
  await status(ana).getByText('Connected').waitFor()
  // The line goes silent: no end of it is told, and the browser alone knows.
  proxy.freeze()
  await say(ana, 'into silence')
  expect(await status(ana).innerText()).toBe('Connected')
  await window.setOffline(true)
  await status(ana).getByText('Offline').waitFor({ timeout: 15_000 })
  await article(ana, 'into silence').getByText('Sending').waitFor()
  await window.setOffline(false)
  proxy.mend()
  await status(ana).getByText('Connected').waitFor({ timeout: 20_000 })
  await reads(ben, 'into silence')

  // The browser says that there is no network, and the line may live: then it is true that messages go.
  await window.setOffline(true)
  await ana.waitForTimeout(6_000)
  const said = await status(ana).innerText()
  await say(ana, 'without a network')
  if (said === 'Connected') await reads(ben, 'without a network')
  else {
    expect(said).toBe('Offline')
    await article(ana, 'without a network').getByText('Sending').waitFor()
    expect(await article(ben, 'without a network').count()).toBe(0)
  }
  await window.setOffline(false)
  await status(ana).getByText('Connected').waitFor({ timeout: 20_000 })
  await reads(ben, 'without a network')
})
