/** The page in other languages: from the start page to a message, by its own words alone. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emojiWordsOf } from '../../apps/web/src/language/emoji-words.ts'
import { type LanguageCode, languages, wordsOf } from '../../apps/web/src/language/languages.ts'
import type { Catalogue } from '../../apps/web/src/words/catalogue.ts'
import { texts as textsOf } from '../../apps/web/src/words/languages.samples.ts'
import { pngPicture } from '../pictures.ts'
import { violations } from './axe.ts'
import { createRoom, openStage, reads, type Stage, say } from './browsers.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

/** The texts of every group of English words; what a function says is not among them. */
async function englishGroups(): Promise<object> {
  const folder = path.resolve(import.meta.dirname, '../../apps/web/src/words')
  const files = readdirSync(folder).filter((file) => /^[a-z]+\.ts$/.test(file))
  const modules = await Promise.all(files.map((file) => import(path.join(folder, file)) as Promise<object>))
  const exported = modules.flatMap((module): [string, unknown][] => Object.entries(module))
  return Object.fromEntries(exported.filter(([, value]) => typeof value === 'object'))
}

const english = await englishGroups()

/** Nothing on the page, seen or heard, is an English text of the catalogue that this language says otherwise. */
async function saysNothingInEnglish(page: Page, words: Catalogue): Promise<void> {
  const own = new Set(textsOf(words))
  const foreign = textsOf(english).filter((text) => !own.has(text))
  expect(foreign.length).toBeGreaterThan(500)
  const said = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    while (walker.nextNode()) found.push(walker.currentNode.textContent!.trim())
    for (const element of document.querySelectorAll('*')) {
      for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name)?.trim() ?? '')
    }
    return found
  })
  expect(said.filter((text) => foreign.includes(text))).toEqual([])
}

/** As `locale` asks for it, a room is made, somebody comes by the link, and both talk. */
async function talk(code: LanguageCode, locale: string): Promise<void> {
  const words: Catalogue = { ...(await wordsOf(code))!, ...(await emojiWordsOf(code))! }
  const [ana, ben] = [await stage.tab(await stage.window(locale)), await stage.tab(await stage.window(locale))]
  await ana.goto(stage.url)
  await ana.getByRole('button', { name: words.homeWords.create, exact: true }).waitFor()
  const { lang, dir } = await ana.evaluate(() => {
    const root = document.documentElement
    return { lang: root.lang, dir: root.dir }
  })
  expect([lang, dir]).toEqual([code, languages.find((one) => one.code === code)!.direction])
  await saysNothingInEnglish(ana, words)
  expect(await violations(ana)).toEqual([])

  await ana.getByRole('textbox', { name: words.homeWords.name }).fill('Ana')
  await ana.getByRole('button', { name: words.homeWords.create, exact: true }).click()
  await ana.getByRole('textbox', { name: words.roomWords.message }).waitFor()
  await ana.getByRole('button', { name: words.roomWords.invite, exact: true }).first().click()
  const link = await ana.getByRole('dialog').getByRole('textbox', { name: words.inviteWords.link }).inputValue()
  await saysNothingInEnglish(ana, words)
  expect(await violations(ana)).toEqual([])
  await ana.keyboard.press('Escape')

  await ben.goto(link)
  const door = ben.getByRole('dialog', { name: words.doorWords.title })
  await door.getByRole('textbox', { name: words.doorWords.name }).fill('Ben')
  await saysNothingInEnglish(ben, words)
  await door.getByRole('button', { name: words.doorWords.join, exact: true }).click()
  await ben.getByRole('textbox', { name: words.roomWords.message }).fill('Hello, hallo, مرحبا')
  await ben.getByRole('button', { name: words.roomWords.send }).click()
  const log = ana.getByRole('log', { name: words.roomWords.messages, exact: true })
  await log.getByRole('article').filter({ hasText: 'مرحبا' }).waitFor()
  await log.getByText('Ben').first().waitFor()

  await log.getByRole('article').filter({ hasText: 'مرحبا' }).hover()
  await ana.getByRole('toolbar').getByRole('button', { name: words.messageWords.react, exact: true }).click()
  const emoji = ana.getByRole('dialog', { name: words.messageWords.react })
  await emoji.getByRole('group', { name: words.emojiWords.groups.faces }).waitFor()
  await saysNothingInEnglish(ana, words)
  await emoji.getByRole('searchbox', { name: words.emojiWords.search }).fill(words.emojiWords.names['🚀'])
  await emoji.getByRole('button', { name: words.emojiWords.names['🚀'] }).click()
  await log.getByRole('button', { name: /^🚀 1/ }).waitFor()

  await ana.getByRole('button', { name: words.roomWords.details, exact: true }).click()
  await ana.getByRole('meter', { name: words.quantumWords.qber }).waitFor()
  await ana.getByText(words.serverWords.memoryHelp).waitFor()
  await ana.getByRole('group', { name: words.notifyWords.about }).waitFor()
  await saysNothingInEnglish(ana, words)
  expect(await violations(ana)).toEqual([])

  await ana.getByRole('button', { name: words.provenanceWords.open, exact: true }).click()
  await ana.getByRole('list', { name: words.provenanceWords.list }).getByText(words.epochReasonWords.created).waitFor()
  await saysNothingInEnglish(ana, words)
  expect(await violations(ana)).toEqual([])
  await ana.keyboard.press('Escape')

  const chooser = ben.waitForEvent('filechooser')
  await ben.getByRole('button', { name: words.fileWords.attach, exact: true }).click()
  await (await chooser).setFiles({ name: 'lake.png', mimeType: 'image/png', buffer: Buffer.from(pngPicture) })
  await ben.getByText(words.fileWords.bare).waitFor()
  await saysNothingInEnglish(ben, words)
  expect(await violations(ben)).toEqual([])
}

it('[LG20] in German: made, entered by the link, talked, and no English word is left on the screen', async () => {
  await talk('de', 'de-AT')
})

it('[LG21] in Arabic, from right to left: the same', async () => {
  await talk('ar', 'ar')
})

it('[LG24] where it is read from the right, what has a side stands on the other: names, corners, marks and arrows', async () => {
  const words = (await wordsOf('ar'))!
  const [ana, ben] = [await stage.tab(), await stage.tab(await stage.window('ar'))]
  await ben.goto(await createRoom(ana, stage.url, 'Ana'))
  const door = ben.getByRole('dialog', { name: words.doorWords.title })
  await door.getByRole('textbox', { name: words.doorWords.name }).fill('Ben')
  await door.getByRole('button', { name: words.doorWords.join, exact: true }).click()
  await ben.getByRole('textbox', { name: words.roomWords.message }).fill('first')
  await ben.getByRole('button', { name: words.roomWords.send }).click()
  await reads(ana, 'first')
  await say(ana, 'hi @Ben')
  const chooser = ana.waitForEvent('filechooser')
  await ana.getByRole('button', { name: 'Attach file' }).click()
  const picture = { mimeType: 'image/png', buffer: Buffer.from(pngPicture) }
  await (await chooser).setFiles(['lake.png', 'hill.png'].map((name) => ({ name, ...picture })))
  await say(ana, 'two pictures')

  // Latin names in the list begin at the right edge of what stands under them.
  const names = ben.getByRole('list', { name: words.peopleWords.title, exact: true }).locator('.person-name')
  await expect.poll(() => names.count()).toBe(2)
  const ends = await names.evaluateAll((all) =>
    all.map((one) => {
      const lines = one.parentElement!
      return lines.getBoundingClientRect().right - one.firstElementChild!.getBoundingClientRect().right
    }),
  )
  for (const end of ends) expect(Math.abs(end)).toBeLessThan(1)

  const bubble = (text: string) => ben.getByRole('article').filter({ hasText: text }).locator('.bubble').first()
  const look = (text: string) =>
    bubble(text).evaluate((one) => {
      const { borderTopLeftRadius, borderBottomRightRadius, boxShadow } = getComputedStyle(one)
      return { left: borderTopLeftRadius, right: borderBottomRightRadius, shadow: boxShadow }
    })
  const pictures = bubble('two pictures').getByRole('img')
  await pictures.nth(1).waitFor()
  for (const one of await pictures.all()) await one.evaluate((image: HTMLImageElement) => image.decode())
  // Own ones end at the left, with a run's first corner round; those of others begin at the right.
  expect(await look('first')).toMatchObject({ left: '18px', right: '18px' })
  expect(await bubble('first').evaluate((one) => getComputedStyle(one).borderTopRightRadius)).toBe('18px')
  expect(await look('hi @Ben')).toEqual({
    left: '18px',
    right: '6px',
    shadow: expect.stringMatching(/ -3px 0px 0px 0px inset/),
  })
  expect(
    await ben
      .getByRole('article')
      .first()
      .evaluate((one) => {
        one.classList.add('swiped')
        const { content } = getComputedStyle(one, '::before')
        one.classList.remove('swiped')
        return content
      }),
  ).toBe('"↪"')

  // The bar of a short message stays on the page.
  await bubble('first').hover()
  const bar = ben.getByRole('toolbar')
  await bar.waitFor()
  const log = (await ben.getByRole('log').boundingBox())!
  expect((await bar.boundingBox())!.x).toBeGreaterThan(log.x)
  await bar.getByRole('button', { name: words.messageWords.more }).click()
  expect((await ben.getByRole('menu').boundingBox())!.x).toBeGreaterThan(log.x)
  await ben.keyboard.press('Escape')

  await bubble('two pictures')
    .getByRole('button', { name: /lake\.png/ })
    .click()
  const gallery = ben.getByRole('dialog')
  for (const name of [words.fileWords.previous, words.fileWords.next]) {
    const arrow = gallery.getByRole('button', { name }).locator('path')
    // Turned once, and not twice.
    expect([name, await arrow.evaluate((one: SVGPathElement) => one.getScreenCTM()!.a)]).toEqual([name, -1])
  }
  await gallery.getByText(words.fileWords.gallery(1, 2)).waitFor()
  await ben.keyboard.press('ArrowLeft')
  await gallery.getByText(words.fileWords.gallery(2, 2)).waitFor()
})

it('[LG22] a language chosen on the start page is spoken at once and after a reload, and the choice keeps the focus', async () => {
  const page = await stage.tab()
  await page.goto(stage.url)
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Español' })
  await page.getByRole('button', { name: 'Crear sala', exact: true }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT')
  await page.reload()
  await page.getByRole('button', { name: 'Crear sala', exact: true }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('es')
  await page.getByRole('combobox', { name: 'Idioma' }).selectOption({ label: 'English' })
  await page.getByRole('button', { name: 'Create room', exact: true }).waitFor()
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('ltr')
})

it('[LG23] where the words of a language do not come, the page speaks English and says so', async () => {
  const page = await stage.tab(await stage.window('fr'))
  await page.route(/\/assets\/.*\.js/, async (route) => {
    const answer = await route.fetch()
    const body = await answer.text()
    await (body.includes('Créer un salon') ? route.abort() : route.fulfill({ response: answer, body }))
  })
  await page.goto(stage.url)
  await page.getByRole('button', { name: 'Create room', exact: true }).waitFor()
  await page.getByText('The words of that language could not be loaded.').waitFor()
  stage.problems.length = 0 // the browser reports the missing file itself
})
