/** The page that a browser keeps: offline, one version at a time, and another one only when a person says so. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { aboutWords, keptWords } from '../../apps/web/src/words/kept.ts'
import { violations } from './axe.ts'
import { createRoom, launch, reads, say } from './browsers.ts'
import { Deployment, hashOf, markOf, newSecret, sign, untilKept } from './deployment.ts'

let browser: Browser
let open: Deployment[] = []
let windows: BrowserContext[] = []

beforeAll(async () => {
  browser = await launch()
})
afterEach(async () => {
  await Promise.all(windows.map((window) => window.close()))
  await Promise.all(open.map((deployment) => deployment.close()))
  open = []
  windows = []
})
afterAll(() => browser?.close())

async function deploy(edit?: (folder: string) => void): Promise<Deployment> {
  const deployment = await Deployment.open(edit)
  open.push(deployment)
  return deployment
}

async function newWindow(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const window = await browser.newContext({ locale: 'en-GB', ...options })
  windows.push(window)
  return window
}

/** A page of the deployment that this browser keeps already. */
async function keptPage({ url }: Deployment): Promise<Page> {
  const page = await (await newWindow()).newPage()
  await page.goto(url)
  await button(page, aboutWords.title).click() // begins at once what otherwise waits for a quiet moment
  await untilKept(page)
  await page.reload()
  return page
}

const bar = (page: Page) => page.getByRole('region', { name: keptWords.region })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
async function lookNow(page: Page): Promise<void> {
  await button(page, aboutWords.title).click()
  await button(page, aboutWords.lookNow).click()
  await page.locator('[aria-busy=true]').waitFor({ state: 'hidden' })
  await page.keyboard.press('Escape')
  // Behind an open dialog nothing can be pressed.
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

it('[SV2] without a server the page starts from this browser, and the history of its room can be read', async () => {
  const deployment = await deploy()
  const page = await (await newWindow()).newPage()
  await createRoom(page, deployment.url, 'Ana')
  await say(page, 'before the server went')
  await reads(page, 'before the server went')
  await untilKept(page)
  await deployment.stop()
  await page.reload()
  await reads(page, 'before the server went', 30_000)
  await page.goto(deployment.url)
  await button(page, 'Create room').waitFor()
  await button(page, aboutWords.title).click()
  await button(page, aboutWords.lookNow).click()
  await page.getByText(aboutWords.unreachable).waitFor()
})

it('[SV3] another version waits until a person takes it, and no page ever has files of two', async () => {
  const deployment = await deploy()
  let page = await keptPage(deployment)
  let other = await page.context().newPage()
  await other.goto(deployment.url)
  const first = { html: 'first', notices: 'first' }
  expect(await markOf(page)).toEqual(first)

  const second = deployment.build(undefined, '9.8.7')
  await deployment.serve(second)
  await page.reload()
  expect(await markOf(page)).toEqual(first)
  await lookNow(page)
  await bar(page).getByText(keptWords.offered('9.8.7')).waitFor()
  await bar(page).getByText(hashOf(second)).waitFor()
  await bar(page).getByText(keptWords.code).waitFor()
  await bar(page).getByText(keptWords.signature.none).waitFor()
  expect(await markOf(page)).toEqual(first)
  await button(page, keptWords.later).click()
  await page.reload()
  expect(await markOf(page)).toEqual(first)

  // With no page open the browser lets the new worker script take the place of the old one. It keeps to the same version.
  const scripts = () =>
    page.evaluate(async () => {
      const { active, waiting } = (await navigator.serviceWorker.getRegistration())!
      return [active !== null, waiting !== null]
    })
  await expect.poll(scripts, { timeout: 30_000 }).toEqual([true, true])
  const window = page.context()
  await Promise.all([page.close(), other.close()])
  ;[page, other] = [await window.newPage(), await window.newPage()]
  for (const one of [page, other]) {
    await one.goto(deployment.url)
    expect(await markOf(one)).toEqual(first)
  }
  await expect.poll(scripts, { timeout: 30_000 }).toEqual([true, false])
  await lookNow(other)

  await lookNow(page)
  await button(page, keptWords.take).click()
  await page.waitForFunction(() => document.querySelector('meta[name=description][content^="9.8.7"]') !== null)
  expect(await markOf(page)).toEqual({ html: '9.8.7', notices: '9.8.7' })
  await bar(other).getByText(keptWords.taken).waitFor()
  expect((await markOf(other)).html).toBe('first')
  await button(other, keptWords.reload).click()
  await other.waitForFunction(() => document.querySelector('meta[name=description][content^="9.8.7"]') !== null)

  // The first again: it is another version too, and asked for.
  await deployment.serve(deployment.build())
  await lookNow(page)
  await button(page, keptWords.take).waitFor()
})

it('[SV4] who signed the other version is said: the same key, another, nobody any more, or earlier than before', async () => {
  const deployment = await deploy()
  const [ours, theirs] = [newSecret(), newSecret()]
  const page = await keptPage(deployment)
  let builds = 0
  /** Serves a further version, and what the page says of it. */
  async function offer(prepare: (folder: string) => Promise<void> | void): Promise<string> {
    const version = `2.0.${++builds}`
    const folder = deployment.build(undefined, version)
    await prepare(folder)
    await deployment.serve(folder)
    await lookNow(page)
    await bar(page).getByText(keptWords.offered(version)).waitFor()
    return bar(page).innerText()
  }
  async function take(): Promise<void> {
    await button(page, keptWords.take).click()
    await page.waitForFunction((version) => {
      return document.querySelector(`meta[name=description][content^="${version}"]`) !== null
    }, `2.0.${builds}`)
  }
  const now = Date.now()
  expect(await offer((folder) => sign(folder, ours, new Date(now)))).toContain(keptWords.signature['first-key'])
  await take()
  expect(await offer((folder) => sign(folder, ours, new Date(now + 60_000)))).toContain(keptWords.signature['same-key'])
  await take()
  expect(await offer((folder) => sign(folder, theirs))).toContain(keptWords.signature['other-key'])
  expect(await offer(() => undefined)).toContain(keptWords.signature['no-longer'])
  expect(await offer((folder) => writeFileSync(path.join(folder, 'qsec-files.json.sig'), 'x'))).toContain(
    keptWords.signature.wrong,
  )
  expect(await offer((folder) => sign(folder, ours, new Date(now - 60_000)))).toContain(keptWords.older)
  expect(await offer((folder) => sign(folder, ours, new Date(now + 120_000)))).not.toContain(keptWords.older)
})

it('[SV5] files that are not those of the server’s own list are told and never kept', async () => {
  const deployment = await deploy()
  const page = await keptPage(deployment)
  const wrong = deployment.build(undefined, '9.8.7')
  const file = 'third-party-notices.txt'
  writeFileSync(path.join(wrong, file), 'others\n')
  await deployment.serve(wrong)
  await lookNow(page)
  await bar(page)
    .getByText(keptWords.fault({ type: 'not-listed', file }))
    .waitFor()
  await bar(page).getByText(keptWords.faultKept).waitFor()
  await page.reload()
  expect(await markOf(page)).toEqual({ html: 'first', notices: 'first' })
  // Who comes for the first time is told too.
  const newcomer = await (await newWindow()).newPage()
  await newcomer.goto(deployment.url)
  await button(newcomer, aboutWords.title).click()
  await newcomer.getByText(keptWords.faultNotKept).waitFor()
  await newcomer.keyboard.press('Escape')
  expect(await newcomer.evaluate(() => caches.keys())).toEqual(['qsec-page-note'])
  // Once it is right again, the newcomer keeps it, and the other one is asked.
  await deployment.serve(deployment.build(undefined, '9.8.8'))
  await lookNow(newcomer)
  expect(await untilKept(newcomer)).toMatch(/^[0-9a-f]{64}$/)
  await lookNow(page)
  await bar(page).getByText(keptWords.offered('9.8.8')).waitFor()
})

it('[SV6] nothing is kept but the files of the list, the list, who signed it and where the relay is', async () => {
  const deployment = await deploy()
  const page = await keptPage(deployment)
  await createRoom(page, deployment.url, 'Ana')
  await say(page, 'a secret')
  await page.goto(`${deployment.url}/healthz`)
  await page.goto(deployment.url)
  const kept = await page.evaluate(async () => {
    const names = await caches.keys()
    const of = async (name: string) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)
    return Promise.all(names.map(async (name) => [name, (await of(name)).sort()] as const))
  })
  const list = JSON.parse(await (await page.request.get(`${deployment.url}/qsec-files.json`)).text()) as {
    files: { path: string }[]
  }
  const listed = list.files.map((file) => `/${file.path}`).filter((file) => !file.startsWith('/plain/'))
  expect(listed.length).toBeLessThan(list.files.length)
  const unlisted = ['/qsec-files.json', '/qsec-files.json.sig', '/qsec-relay.json']
  const [note, version, ...others] = kept.toSorted(([, a], [, b]) => a.length - b.length)
  expect(note).toEqual(['qsec-page-note', ['/qsec-kept']])
  expect(version![1]).toEqual([...listed, ...unlisted].sort())
  expect(others).toEqual([])
})

it('[SV7] other headers are another version: the policy that came with the page stays until a person takes another one', async () => {
  const deployment = await deploy()
  const page = await keptPage(deployment)
  // The relay of the page is part of a version too.
  await deployment.serve(
    deployment.build((folder) =>
      writeFileSync(path.join(folder, 'qsec-relay.json'), '{"relay":"https://evil.example"}'),
    ),
  )
  await lookNow(page)
  await bar(page).getByText(keptWords.relay).waitFor()
  expect(await page.evaluate(async () => (await fetch('/qsec-relay.json')).json())).toEqual({ relay: 'self' })
  const policy = () => page.evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy'))
  expect(await policy()).toContain("require-trusted-types-for 'script'")
})

it('[SV8] the worker reaches nothing but its own server', async () => {
  const deployment = await deploy()
  const elsewhere = await deploy()
  const page = await keptPage(deployment)
  const [worker] = page.context().serviceWorkers()
  const tried = await worker!.evaluate(async (url) => {
    const reach = (address: string) =>
      fetch(address, { mode: 'no-cors' }).then(
        () => 'reached',
        () => 'stopped',
      )
    return [await reach('/healthz'), await reach(`${url}/healthz`)]
  }, elsewhere.url)
  expect(tried).toEqual(['reached', 'stopped'])
})

it('[SV9] the switch of the operations page ends the keeping in every browser', async () => {
  const deployment = await deploy()
  const page = await keptPage(deployment)
  const operations = readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8')
  const [, off] = /```js\n\/\/ sw\.js[^\n]*\n([\s\S]*?)```/.exec(operations)!
  await deployment.serve(deployment.build((folder) => writeFileSync(path.join(folder, 'sw.js'), off!), '9.8.7'))
  await page.goto(deployment.url)
  await expect.poll(() => page.evaluate(() => caches.keys()), { timeout: 30_000 }).toEqual([])
  await page.goto(deployment.url)
  expect(await markOf(page)).toEqual({ html: '9.8.7', notices: '9.8.7' })
})

it('[SV10] the page can be installed', async () => {
  const deployment = await deploy()
  const page = await keptPage(deployment)
  const session = await page.context().newCDPSession(page)
  const { errors, data } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  const manifest = JSON.parse(data!) as { icons: { src: string; sizes: string }[] }
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (address) => {
      const image = new Image()
      image.src = address
      await image.decode()
      return `${image.naturalWidth}x${image.naturalHeight}`
    }, src)
    expect([src, size]).toEqual([src, sizes])
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // Windows of tests count as private ones, in which nothing is installed; everything else is as it should be.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
})

it('[SV11] where a browser keeps no copy the page works, and says that each visit takes what the server gives', async () => {
  const deployment = await deploy()
  const window = await newWindow()
  await window.addInitScript(() => Object.defineProperty(navigator, 'serviceWorker', { value: undefined }))
  const page = await window.newPage()
  await createRoom(page, deployment.url, 'Ana')
  await page.goto(deployment.url)
  await button(page, aboutWords.title).click()
  await page.getByText(aboutWords.keeping.impossible).waitFor()
  await page.getByText('No: built here, unsigned').waitFor()
})

it('[SV12] *About* and the bar are read and used by keyboard alone at 360 px, and axe finds nothing in them', async () => {
  const deployment = await deploy()
  const page = await (await newWindow({ viewport: { width: 360, height: 740 } })).newPage()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(deployment.url)
  await button(page, aboutWords.title).focus()
  await page.keyboard.press('Enter')
  const about = page.getByRole('dialog', { name: aboutWords.title })
  const hash = await untilKept(page)
  await about.getByText(aboutWords.same).waitFor()
  const said = (await about.innerText()).replaceAll(/\s/g, '')
  expect(said).toContain(hash)
  expect(said).toContain(deployment.url)
  for (const words of ['0.1.0', 'builthere,unsigned', 'qsecverify']) expect(said).toContain(words)
  await about.getByText(aboutWords.notices).focus()
  await page.keyboard.press('Enter')
  await about.getByText('Jason Miller').waitFor()
  const beyond = () =>
    page.evaluate(() => {
      const within = [...document.querySelectorAll('dialog *, .kept-bar, .kept-bar *')]
      return Math.max(
        document.documentElement.scrollWidth - window.innerWidth,
        ...within.map((one) => one.getBoundingClientRect().right - window.innerWidth),
      )
    })
  expect(await beyond()).toBeLessThanOrEqual(0)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page)).toEqual([])
    await picture(page, `about-${colorScheme}`)
  }
  await page.keyboard.press('Escape')
  await about.waitFor({ state: 'hidden' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(aboutWords.title)

  await page.reload() // from what is kept, with what watches it
  await deployment.serve(deployment.build(undefined, '9.8.7'))
  await lookNow(page)
  await bar(page).getByText(keptWords.offered('9.8.7')).waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page)).toEqual([])
    await picture(page, `bar-${colorScheme}`)
  }
  expect(await beyond()).toBeLessThanOrEqual(0)
  for (const one of await bar(page).getByRole('button').all()) {
    expect((await one.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  }
  await button(page, keptWords.take).focus()
  await page.keyboard.press('Enter')
  await expect
    .poll(() => markOf(page).catch(() => undefined), { timeout: 30_000 })
    .toEqual({ html: '9.8.7', notices: '9.8.7' })
})

/** For people to look at: QSEC_PICTURES names a folder for them. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.QSEC_PICTURES
  if (folder !== undefined) await page.screenshot({ path: path.join(folder, `${name}.png`) })
}
