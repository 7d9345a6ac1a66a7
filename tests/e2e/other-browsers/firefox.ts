/** Debian's Firefox ESR over WebDriver BiDi, which it speaks by itself. */
import puppeteer, { type Page } from 'puppeteer-core'
import { type OtherBrowser, type OtherWindow, patienceMs } from './other-window.ts'

export async function launchFirefox(problems: string[]): Promise<OtherBrowser> {
  const executablePath = process.env.QSEC_FIREFOX ?? '/usr/bin/firefox-esr'
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true })
  return {
    version: await browser.version(),
    async window() {
      const page = await (await browser.createBrowserContext()).newPage()
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      page.on('pageerror', (error) => problems.push(String(error)))
      return windowOf(page)
    },
    close: () => browser.close(),
  }
}

function windowOf(page: Page): OtherWindow {
  const one = (role: string, name: string) =>
    page.locator(`::-p-aria([name="${name}"][role="${role}"])`).setTimeout(patienceMs)
  return {
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    fill: (name, text) => one('textbox', name).fill(text),
    press: (name) => one('button', name).click(),
    async value(name) {
      const field = await one('textbox', name).waitHandle()
      return field.evaluate((element) => (element as HTMLInputElement).value)
    },
    shows: async (name) => void (await one('textbox', name).wait()),
    async says(text) {
      const isThere = (words: string) => document.body.innerText.includes(words)
      await page.waitForFunction(isThere, { timeout: patienceMs }, text)
    },
    key: (key) => page.keyboard.press(key),
  }
}
