/** What tests of a phone's width share: the page, its buttons by their names, and that nothing is wrong with it. */
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { violations } from './axe.ts'
import type { Stage } from './browsers.ts'

const size = { width: 360, height: 740 }

/** A tab of a phone's size; in a window of its own where none is given. */
export async function phone(stage: Stage, window?: BrowserContext): Promise<Page> {
  const page = await stage.tab(window)
  await page.setViewportSize(size)
  return page
}

export const button = (on: Page | Locator, name: string): Locator => on.getByRole('button', { name, exact: true })

/** Nothing lies outside the page, and axe finds nothing. */
export async function isClean(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width)
  expect(await violations(page)).toEqual([])
}
