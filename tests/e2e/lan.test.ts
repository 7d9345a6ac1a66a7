/** `npm start -- --lan` as people meet it: a second machine, from nothing to the chat, by what the pages say. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { createRoom, joinRoom, reads, say } from './browsers.ts'
import { missingForSecondMachine, openSecondMachine, type SecondMachine } from './second-machine.ts'

const main = path.resolve(import.meta.dirname, '../../packages/server/src/main.ts')
const missing = missingForSecondMachine()

describe.skipIf(missing !== undefined)(
  `a second machine${missing === undefined ? '' : ` (skipped: without ${missing})`}`,
  () => {
    let machine: SecondMachine
    let relay: ChildProcess
    let said = ''
    const data = mkdtempSync(path.join(tmpdir(), 'qsec-lan-'))
    const browsers: Browser[] = []
    const problems: string[] = []
    let guide = ''
    let origin = ''

    beforeAll(async () => {
      machine = openSecondMachine()
      relay = spawn(process.execPath, [main, '--lan', '--port', '0'], {
        env: { PATH: process.env.PATH, QSEC_DATA_DIR: data, QSEC_HTTP_PORT: '0' },
      })
      for (const stream of [relay.stdout!, relay.stderr!])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
        })
      while (!/Fingerprint[^\n]+\n(?: {2}(?:[0-9A-F]{2} ?){8}\n){4}/.test(said)) {
        if (relay.exitCode !== null) throw new Error(said)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      guide = `http://${machine.here}:${/open http:\/\/\S+:(\d+)\n/.exec(said)![1]}`
      origin = `https://${machine.here}:${/serving on https:\/\/\S+:(\d+)\n/.exec(said)![1]}`
    })
    afterAll(async () => {
      for (const browser of browsers) await browser.close()
      relay?.kill('SIGTERM')
      if (relay && relay.exitCode === null) await once(relay, 'exit')
      machine?.close()
      rmSync(data, { recursive: true, force: true })
      expect(problems).toEqual([])
    })

    async function tab(browser: Browser, dark = false): Promise<Page> {
      const viewport = { width: 360, height: 780 }
      const context = await browser.newContext({ viewport, locale: 'en-GB', colorScheme: dark ? 'dark' : 'light' })
      const page = await context.newPage()
      page.on('console', (line) => {
        // What Chromium says itself of a certificate that it does not trust yet.
        if (line.type() === 'error' && !/ERR_CERT_AUTHORITY_INVALID/.test(line.text())) problems.push(line.text())
      })
      page.on('pageerror', (error) => problems.push(error.message))
      return page
    }

    it('[LN40] plain HTTP shows it the guide, at the address of a room too, and no form; the secret of a link stays with it', async () => {
      const browser = await machine.browser()
      browsers.push(browser)
      const page = await tab(browser, true)
      const asked: string[] = []
      page.on('request', (request) => asked.push(`${request.url()} ${JSON.stringify(request.headers())}`))
      const secret = 'A'.repeat(43)
      const room = '/room/q7VnB3hZkP2mXw9RtLsYdA'
      await page.goto(`${guide}${room}#v1.${secret}`)
      await page.getByText('This browser does not trust the certificate yet.').waitFor()
      await page.getByText('Your link came over a way without encryption.').waitFor()
      expect(page.url()).toBe(guide + room)
      expect(await page.getByRole('link', { name: 'Open QSEC' }).last().getAttribute('href')).toBe(
        `${origin}${room}#v1.${secret}`,
      )
      expect(asked.join('\n')).not.toContain(secret)
      expect(await page.locator('form, input, textarea, button').count()).toBe(0)
      expect(await violations(page)).toEqual([])
      const shown = await page.locator('#fingerprint').innerText()
      expect(said.replace(/\s+/g, ' ')).toContain(shown.replace(/\s+/g, ' '))
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
      // Before it trusts the certificate, the browser lets nobody in.
      await expect(page.goto(origin)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/)
    })

    it('[LN41] the laboratory runs there on plain HTTP, with and without Eve, and says that it is simulated', async () => {
      const page = await tab(browsers[0]!)
      await page.goto(`${guide}/lab`)
      expect(await page.evaluate(() => isSecureContext)).toBe(false)
      await page.getByRole('button', { name: 'Run BB84' }).click()
      await page
        .getByRole('status')
        .filter({ hasText: /A key of [\d,]+ secret bits \(simulated\)/ })
        .waitFor()
      expect(await page.getByRole('meter', { name: 'QBER' }).getAttribute('aria-valuetext')).toMatch(
        /^[0-4]\.\d\u00a0%$/,
      )
      await page.getByRole('switch', { name: 'Eavesdropper' }).click()
      await page.getByRole('button', { name: 'Run BB84' }).click()
      await page
        .getByRole('status')
        .filter({ hasText: 'No key. There were more wrong bits than the limit allows' })
        .waitFor()
      expect(await page.getByRole('meter', { name: 'QBER' }).getAttribute('aria-valuetext')).toMatch(/^2\d\.\d\u00a0%$/)
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    })

    it('[LN42] with the certificate compared and trusted it joins by a link that somebody on localhost copied, and both talk', async () => {
      const plain = await tab(browsers[0]!)
      const certificate = await (await plain.request.get(`${guide}/qsec-ca.crt`)).body()
      const digest = createHash('sha256').update(certificate).digest('hex').toUpperCase()
      expect(said.replace(/\s+/g, '')).toContain(digest)
      machine.trust(certificate)
      await browsers.pop()!.close()
      const [there, here] = await Promise.all([machine.browser(), machine.browserHere()])
      browsers.push(there, here)

      const ana = await tab(here)
      const link = await createRoom(ana, origin.replace(machine.here, 'localhost'), 'Ana')
      expect(link).toMatch(/^https:\/\/(?!localhost)[^/]+\/room\/[^#]+#v1\./)
      await ana.getByRole('button', { name: 'Invite', exact: true }).first().click()
      await ana.getByText('Phones and computers that have never been here open this address first').first().waitFor()
      expect(await ana.getByText('Only this computer can open this link').count()).toBe(0)
      await ana.keyboard.press('Escape')

      const start = await tab(there)
      await start.goto(guide)
      await start.getByText('This browser trusts the certificate.').waitFor()
      await start.getByRole('link', { name: 'Open QSEC' }).first().click()
      await start.getByRole('button', { name: 'Create room' }).waitFor()
      expect(new URL(start.url()).origin).toBe(origin)

      const ben = await tab(there)
      await joinRoom(ben, link, 'Ben')
      await say(ben, 'hello from the other machine')
      await reads(ana, 'hello from the other machine')
      await say(ana, 'welcome')
      await reads(ben, 'welcome')
      expect(await ben.evaluate(() => isSecureContext)).toBe(true)
    })

    it('[LN43] where its WebSockets fail it talks by polling', async () => {
      const [there, here] = browsers as [Browser, Browser]
      const ana = await tab(here)
      const link = await createRoom(ana, origin, 'Ana')
      const ben = await tab(there)
      let refused = 0
      await ben.routeWebSocket(/socket\.io/, (socket) => {
        refused++
        return socket.close()
      })
      await joinRoom(ben, link, 'Ben')
      await say(ben, 'by polling')
      await reads(ana, 'by polling')
      expect(refused).toBeGreaterThan(0)
    })
  },
)
