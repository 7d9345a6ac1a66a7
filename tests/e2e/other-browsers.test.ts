/** The main path in Debian's Firefox ESR and in WebKitGTK, where they are installed, with Chromium in the same room. */
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { launchFirefox } from './other-browsers/firefox.ts'
import type { OtherBrowser } from './other-browsers/other-window.ts'
import { launchWebKit } from './other-browsers/webkit.ts'

const has = (command: string): boolean => spawnSync('which', [command]).status === 0
const hasFirefox = process.env.QSEC_FIREFOX !== undefined || has('firefox-esr')
const hasWebKit = has('WebKitWebDriver') && has('Xvfb')
if (!hasFirefox) console.info('[OB1] skipped: no Firefox ESR (Debian: apt install firefox-esr)')
if (!hasWebKit) console.info('[OB2] skipped: no WebKitGTK (Debian: apt install webkit2gtk-driver xvfb)')

let stage: Stage
let browser: OtherBrowser | undefined
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await browser?.close()
  await stage.close()
  expect(stage.problems).toEqual([])
})

async function mainPath({ window }: OtherBrowser): Promise<void> {
  const ana = await window()
  await ana.open(stage.url)
  await ana.fill('Your name', 'Ana')
  await ana.press('Create room')
  await ana.shows('Message')
  await ana.press('Invite')
  const link = await ana.value('Invite link')
  await ana.key('Escape')

  const ben = await window()
  await ben.open(link)
  await ben.fill('Your name', 'Ben')
  await ben.press('Join')
  await ben.shows('Message')
  await ben.fill('Message', 'from Ben')
  await ben.press('Send')
  await ana.says('from Ben')
  await ana.fill('Message', 'from Ana')
  await ana.key('Enter')
  await ben.says('from Ana')
  // BB84 between two of its workers.
  await ana.says('quantum (simulated)')

  const cem = await stage.tab()
  await joinRoom(cem, link, 'Cem')
  await say(cem, 'from Chromium')
  await ana.says('from Chromium')
  await ana.reload()
  await ana.says('from Ben')
  await ana.fill('Message', 'still Ana')
  await ana.press('Send')
  await reads(cem, 'still Ana')
  await ben.says('still Ana')
}

it.skipIf(!hasFirefox)(
  '[OB1] two people in Firefox ESR and one in Chromium meet by a link, talk, make a quantum key, and are still there after a reload',
  async () => {
    browser = await launchFirefox(stage.problems)
    console.info(`[OB1] ${browser.version}`)
    await mainPath(browser)
  },
)

it.skipIf(!hasWebKit)('[OB2] so do two in WebKitGTK', async () => {
  browser = await launchWebKit()
  await mainPath(browser)
  console.info(`[OB2] WebKitGTK ${browser.version}`)
})
