/**
 * Draws the main screens for the documentation: on a desk and on a phone of 360 pixels, in the dark, in high contrast, and
 * in other languages. The words to press come from the page's own catalogue.
 *
 *     npm run screens [-- words in the names of the pictures]
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { type LanguageCode, languages, wordsOf } from '../src/language/languages.ts'
import { useLocale } from '../src/words/locale.ts'
import { linkWords } from '../src/words/membership.ts'
import { provenanceWords } from '../src/words/provenance.ts'
import { roomWords } from '../src/words/room.ts'
import { roomsWords } from '../src/words/rooms.ts'
import { serverWords } from '../src/words/server.ts'
import { speakWords } from '../src/words/translatable.ts'
import { drawAll, type Shot } from './draw.ts'
import { secret } from './fixtures.ts'
import { closed, open } from './site.ts'

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
const details = (page: Page): Promise<void> => press(page, roomWords.details)

const shots: readonly Shot[] = [
  { name: 'home', path: '/' },
  {
    name: 'rooms',
    path: '/?scene=returned',
    act: (page) => page.getByRole('heading', { name: roomsWords.title }).waitFor(),
  },
  { name: 'door', path: `${open}?scene=door` },
  { name: 'room', path: `${closed}?scene=talk` },
  { name: 'events', path: `${closed}?scene=events` },
  { name: 'details', path: `${closed}?scene=busy`, act: details },
  {
    name: 'quantum',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await details(page)
      await page.locator('.bits').scrollIntoViewIfNeeded()
    },
  },
  { name: 'people', path: `${closed}?scene=trusted`, act: details },
  {
    name: 'invite',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await press(page, roomWords.invite)
      await page.getByRole('group', { name: linkWords.title }).waitFor()
    },
  },
  {
    name: 'keys',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await details(page)
      await press(page, provenanceWords.open)
      await page.getByRole('list', { name: provenanceWords.list }).getByRole('listitem').first().waitFor()
    },
  },
  {
    name: 'server',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await details(page)
      const region = page.getByRole('region', { name: serverWords.title, exact: true })
      await region.getByRole('heading', { name: serverWords.stored }).waitFor()
      await region.evaluate((one) => one.scrollIntoView())
    },
  },
  { name: 'device', path: '/?scene=busy#device', act: (page) => page.locator('.kept li').first().waitFor() },
  { name: 'link', path: `${closed}?scene=link-door#d1.${secret}` },
]

const desk = { width: 960, height: 660 }
const phone = { width: 360, height: 740 }
const looks = [
  {
    name: 'desk',
    language: 'en',
    viewport: desk,
    names: ['home', 'rooms', 'door', 'room', 'events', 'details', 'quantum', 'people', 'device', 'link'],
  },
  { name: 'dark', language: 'en', viewport: desk, colorScheme: 'dark', names: ['home', 'room', 'quantum'] },
  { name: 'contrast', language: 'en', viewport: desk, contrast: 'more', names: ['room'] },
  { name: 'forced', language: 'en', viewport: desk, forcedColors: 'active', names: ['room', 'details'] },
  {
    name: 'phone',
    language: 'en',
    viewport: phone,
    isMobile: true,
    names: ['home', 'rooms', 'door', 'room', 'quantum', 'invite', 'keys', 'server'],
  },
  { name: 'de', language: 'de', viewport: desk, names: ['home', 'room'] },
  { name: 'fr', language: 'fr', viewport: desk, names: ['home', 'room'] },
  { name: 'es', language: 'es', viewport: desk, names: ['home', 'room'] },
  {
    name: 'ar',
    language: 'ar',
    viewport: desk,
    names: ['home', 'rooms', 'room', 'events', 'quantum', 'invite', 'device'],
  },
  { name: 'ar-phone', language: 'ar', viewport: phone, isMobile: true, names: ['home', 'room', 'quantum', 'invite'] },
] as const

const folder = path.resolve(import.meta.dirname, '../../../docs/screens')
await mkdir(folder, { recursive: true })
const faults = await drawAll(
  looks.map(({ name, names, language, ...options }) => ({
    name,
    names,
    language,
    options: { ...options, locale: language === 'en' ? 'en-GB' : language, timezoneId: 'Europe/Vienna' },
  })),
  ({ names }) => shots.filter(({ name }) => names.some((one) => one === name)),
  { folder, stepMs: 10_000, wanted: process.argv.slice(2), before: ({ language }) => speak(language) },
)
console.log(`docs/screens: ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1

/** So that the names of what is pressed are those that the page shows. */
async function speak(code: LanguageCode): Promise<void> {
  speakWords(await wordsOf(code))
  useLocale(code, languages.find((one) => one.code === code)!.direction)
}
