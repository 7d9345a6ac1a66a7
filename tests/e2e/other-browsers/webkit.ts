/** WebKitGTK's own small browser, by Debian's webkit2gtk-driver, on a screen that nobody sees (Xvfb). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { Builder, By, Key, type WebDriver, type WebElement } from 'selenium-webdriver'
import { type OtherBrowser, type OtherWindow, patienceMs } from './other-window.ts'

const lookAgainMs = 100
const driverStartMs = 10_000

/** Where Debian puts it: the folder names the architecture and the version of the library. */
export function miniBrowser(): string | undefined {
  const libraries = '/usr/lib'
  for (const architecture of readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu'))) {
    const folder = path.join(libraries, architecture)
    const version = readdirSync(folder).find((name) => name.startsWith('webkit2gtk-4'))
    if (version) return path.join(folder, version, 'MiniBrowser')
  }
  return undefined
}

export async function launchWebKit(): Promise<OtherBrowser> {
  const binary = miniBrowser()
  if (!binary) throw new Error('WebKitGTK is not installed (Debian: apt install webkit2gtk-driver)')
  const children: ChildProcess[] = []
  const sessions: WebDriver[] = []
  const display = await openScreen(children)
  const browser: OtherBrowser = {
    version: '',
    // A driver has one session.
    async window() {
      const driver = await openSession(binary, display, children)
      sessions.push(driver)
      browser.version ||= (await driver.getCapabilities()).getBrowserVersion() ?? 'WebKitGTK'
      return windowOf(driver)
    },
    async close() {
      await Promise.all(sessions.map((session) => session.quit()))
      await Promise.all(children.toReversed().map(stop))
    },
  }
  return browser
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

async function openScreen(children: ChildProcess[]): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const screen = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  children.push(screen)
  const [number] = await once(screen.stdio[3]!, 'data')
  return `:${String(number).trim()}`
}

async function openSession(binary: string, display: string, children: ChildProcess[]): Promise<WebDriver> {
  const port = await freePort()
  const env = { ...process.env, DISPLAY: display }
  const driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' })
  children.push(driver)
  const url = `http://127.0.0.1:${port}`
  await within(driverStartMs, `WebKitWebDriver at ${url}`, async () => {
    const status = await fetch(`${url}/status`).catch(() => undefined)
    return status?.ok ? status : undefined
  })
  return new Builder()
    .usingServer(url)
    .withCapabilities({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary, args: ['--automation'] },
    })
    .build()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function windowOf(driver: WebDriver): OtherWindow {
  /** The element on the screen that a screen reader calls so. */
  const one = (css: string, name: string): Promise<WebElement> =>
    within(patienceMs, name, async () => {
      for (const element of await driver.findElements(By.css(css))) {
        if ((await nameOf(element)) === name) return element
      }
      return undefined
    })
  const textbox = (name: string) => one('input, textarea', name)
  return {
    open: (url) => driver.get(url),
    reload: () => driver.navigate().refresh(),
    async fill(name, text) {
      const field = await textbox(name)
      await field.clear()
      await field.sendKeys(text)
    },
    press: async (name) => (await one('button', name)).click(),
    value: async (name) => (await textbox(name)).getProperty('value') as Promise<string>,
    shows: async (name) => void (await textbox(name)),
    async says(text) {
      await within(patienceMs, text, async () => {
        const words = await driver.executeScript<string>('return document.body.innerText')
        return words.includes(text) ? words : undefined
      })
    },
    key: (key) =>
      driver
        .actions()
        .sendKeys(key === 'Enter' ? Key.ENTER : Key.ESCAPE)
        .perform(),
  }
}

/** Undefined for one that is not on the screen, or is not in the document any more. */
async function nameOf(element: WebElement): Promise<string | undefined> {
  try {
    return (await element.isDisplayed()) ? await element.getAccessibleName() : undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'StaleElementReferenceError') return undefined
    throw error
  }
}

async function within<T>(ms: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > endMs) throw new Error(`waited ${ms} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
}
