/** Draws scenes in Chromium, each on a page of its own, and tells what no picture shows: errors, policy violations, faults that axe finds. */
import path from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { faultsByAxe, serveScenes } from './site.ts'

/** One picture: what is opened, and what is done there first. */
export interface Shot {
  name: string
  path: string
  act?(page: Page): Promise<unknown>
}

/** How it is looked at. */
export interface Look {
  name: string
  /** The size of the window, its colours, its language. */
  options: BrowserContextOptions
}

interface Options<L> {
  /** Where the pictures go. */
  folder: string
  /** What a step may take at most. */
  stepMs: number
  /** Only pictures in whose names one of these stands; all, where there is none. */
  wanted: readonly string[]
  /** Called before the pictures of a look. */
  before?(look: L): Promise<void>
}

/**
 * Writes `<shot>-<look>.png` for each of them and says on the console what is wrong with it.
 *
 * @param shotsOf - the shots of a look
 * @returns how many faults there were
 */
export async function drawAll<L extends Look>(
  looks: readonly L[],
  shotsOf: (look: L) => readonly Shot[],
  { folder, stepMs, wanted, before }: Options<L>,
): Promise<number> {
  const site = await serveScenes()
  const browser = await chromium.launch({
    executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  })
  let faults = 0
  try {
    for (const look of looks) {
      const named = shotsOf(look).map((shot) => ({ ...shot, name: `${shot.name}-${look.name}` }))
      const shots = named.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
      if (shots.length === 0) continue
      await before?.(look)
      await drawLook(browser, look, shots)
    }
  } finally {
    await browser.close()
    await site.close()
  }
  return faults

  async function drawLook(from: Browser, { options }: Look, shots: readonly Shot[]): Promise<void> {
    const context = await from.newContext({
      reducedMotion: 'reduce',
      locale: 'en-GB',
      hasTouch: options.isMobile === true,
      ...options,
    })
    for (const { name, path: at, act } of shots) {
      const page = await context.newPage()
      page.setDefaultTimeout(stepMs)
      page.on('console', (line) => line.type() === 'error' && fault(name, line.text()))
      page.on('pageerror', (error) => fault(name, String(error)))
      try {
        await page.goto(site.origin + at)
        await page.locator('h1').first().waitFor()
        await act?.(page)
        await page.waitForTimeout(200)
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        if (wide > 0) fault(name, `${wide} px too wide`)
        await page.screenshot({ path: path.join(folder, `${name}.png`) })
        for (const found of await faultsByAxe(page)) fault(name, `axe ${found}`)
      } catch (error) {
        fault(name, String(error))
      } finally {
        await page.close()
      }
    }
    await context.close()
  }

  function fault(name: string, words: string): void {
    faults++
    console.log(`${name}: ${words}`)
  }
}
