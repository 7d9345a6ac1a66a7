/** What a real Chromium keeps, and what protects it: passphrase, backup, wipe, and one device for one tab. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'

let stage: Stage
let folder = ''
beforeEach(async () => {
  stage = await openStage()
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-at-rest-'))
})
afterEach(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
  expect(stage.problems).toEqual([])
})

const passphrase = 'correct horse battery staple'

async function openDevicePage(page: Page): Promise<void> {
  await page.goto(`${stage.url}/#device`)
  await page.getByRole('heading', { name: 'This device', exact: true }).waitFor()
}

/** Sets the passphrase on the page *This device*, and gives the recovery code. */
async function protect(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Set a passphrase' }).click()
  await page.getByLabel('New passphrase').fill(passphrase)
  await page.getByLabel('The same again').fill(passphrase)
  await page.getByRole('button', { name: 'Next' }).click()
  const code = await page.getByRole('status', { name: 'Your recovery code' }).innerText()
  await page.getByRole('textbox', { name: 'Type it here' }).fill(code.replaceAll(/\s+/g, ' ').toLowerCase())
  await page.getByRole('button', { name: 'Set the passphrase' }).click()
  await page.getByText('The passphrase is set.').waitFor()
  return code
}

async function unlock(page: Page, typed = passphrase): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(typed)
  await page.getByRole('button', { name: 'Unlock' }).click()
}

/** Everything that scripts of this origin could read, as one text: databases, both storages, and names of caches. */
function everythingStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]
    parts.push(...(await caches.keys()))
    const asText = (value: unknown): string => {
      if (value instanceof Uint8Array) return Array.from(value, (byte) => String.fromCharCode(byte)).join('')
      if (value instanceof CryptoKey) return `CryptoKey extractable=${value.extractable}`
      return JSON.stringify(value) ?? ''
    }
    for (const { name } of await indexedDB.databases()) {
      const request = indexedDB.open(name!)
      await new Promise((resolve) => {
        request.onsuccess = resolve
      })
      const db = request.result
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store)
        const [keys, values] = [all.getAllKeys(), all.getAll()]
        await new Promise((resolve) => {
          values.onsuccess = resolve
        })
        parts.push(...keys.result.map(String), ...values.result.map(asText))
      }
      db.close()
    }
    return parts.join('\n')
  })
}

/** How words may stand in stored bytes: as they are, in UTF-16 and in base64 at each alignment. */
function forms(words: Buffer): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), words])
      .toString('base64url')
      .slice(4, -4),
  )
  return [words.toString('latin1'), Buffer.from(words.toString('latin1'), 'utf16le').toString('latin1'), ...shifted]
}

it('[AR50] with a passphrase set, a room opens only after it; the recovery code opens it too, and nothing else does', async () => {
  const window = await stage.window()
  const [ana, other] = [await stage.tab(window), await stage.tab(window)]
  const link = await createRoom(ana, stage.url, 'Ana')
  const room = new URL(link).origin + new URL(link).pathname
  await say(ana, 'before the passphrase')
  await reads(ana, 'before the passphrase')
  await openDevicePage(other)
  const code = await protect(other)
  // The tab with the room begins anew, and asks.
  await ana.getByRole('heading', { name: 'QSEC is locked' }).waitFor()
  await unlock(ana, 'incorrect horse')
  await ana.getByText('That does not open it').waitFor({ timeout: 30_000 })
  await unlock(ana)
  await inRoom(ana)
  await reads(ana, 'before the passphrase')
  await say(ana, 'under the passphrase')
  await reads(ana, 'under the passphrase')
  await ana.close()

  const back = await stage.tab(window)
  await back.goto(room)
  await back.getByRole('heading', { name: 'QSEC is locked' }).waitFor()
  expect(await everythingStored(back)).not.toContain('CryptoKey')
  await back.getByRole('button', { name: 'Use the recovery code' }).click()
  await back.getByRole('textbox', { name: 'Recovery code' }).fill(`${code.slice(0, -1)}`)
  await back.getByRole('button', { name: 'Unlock' }).click()
  await back.getByText('one of its characters is wrong').waitFor()
  await back.getByRole('textbox', { name: 'Recovery code' }).fill(code)
  await back.getByRole('button', { name: 'Unlock' }).click()
  await inRoom(back)
  expect(await texts(back)).toContain('under the passphrase')

  await other.getByRole('button', { name: 'Remove the passphrase' }).click()
  await other.getByRole('button', { name: 'Remove it' }).click()
  await other.getByRole('button', { name: 'Set a passphrase' }).waitFor()
  await inRoom(back)
  expect(await texts(back)).toContain('under the passphrase')
})

it('[AR51] a backup made in one browser opens in another: history to be read, and no room to speak in', async () => {
  const [ana, ben] = [await stage.tab(), await stage.tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await say(ben, '<b>from Ben</b>')
  await reads(ana, '<b>from Ben</b>')
  await ana.getByRole('button', { name: 'Room details' }).click()
  await ana.getByRole('button', { name: 'This device' }).click()
  await ana.getByRole('button', { name: 'Make a backup' }).click()
  await ana.getByLabel('New passphrase').fill(passphrase)
  await ana.getByLabel('The same again').fill(passphrase)
  const saved = ana.waitForEvent('download')
  await ana.getByRole('button', { name: 'Save the file' }).click()
  const file = path.join(folder, 'backup.qsec')
  await (await saved).saveAs(file)
  expect(readFileSync(file).includes('from Ben')).toBe(false)

  const elsewhere = await stage.tab()
  await openDevicePage(elsewhere)
  await elsewhere.getByRole('button', { name: 'Restore a backup' }).click()
  const bent = readFileSync(file)
  bent[bent.length >> 1]! ^= 1
  const restore = async (bytes: Buffer) => {
    await elsewhere.getByLabel('Backup file').setInputFiles({ name: 'b.qsec', mimeType: '', buffer: bytes })
    await elsewhere.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase)
    await elsewhere.getByRole('button', { name: 'Restore', exact: true }).click()
  }
  await restore(bent)
  await elsewhere.getByText('the file was changed').waitFor({ timeout: 30_000 })
  await restore(readFileSync(file))
  await elsewhere.getByText('Restored: 1 room with 1 message.').waitFor({ timeout: 30_000 })
  await elsewhere.getByRole('button', { name: /^Read / }).click()
  await elsewhere.getByText('<b>from Ben</b>').waitFor()
  await elsewhere.getByText('to be read only').waitFor()
  const pathname = new URL(link).pathname
  await elsewhere.goto(stage.url + pathname)
  await elsewhere.getByText('You need the full invite link').waitFor()
  // With the link she comes in as the same person.
  await joinRoom(elsewhere, link, 'Ana')
  await say(elsewhere, 'from the other browser')
  await reads(ben, 'from the other browser')
})

it('[AR52] an export from the room is a page that runs nothing, and the same as JSON', async () => {
  const ana = await stage.tab()
  await createRoom(ana, stage.url, 'Ana')
  await say(ana, '<img src=x onerror=document.title=1>')
  await reads(ana, '<img src=x')
  await ana.getByRole('button', { name: 'Room details' }).click()
  for (const [button, ending] of [
    ['Readable page (HTML)', 'html'],
    ['For programs (JSON)', 'json'],
  ] as const) {
    await ana.getByRole('button', { name: 'Export history' }).click()
    const saved = ana.waitForEvent('download')
    await ana.getByRole('dialog', { name: 'Export history' }).getByRole('button', { name: button }).click()
    await (await saved).saveAs(path.join(folder, `history.${ending}`))
  }
  const reader = await stage.tab()
  await reader.goto(`file://${folder}/history.html`)
  expect(await reader.getByRole('listitem').last().innerText()).toContain('<img src=x onerror=document.title=1>')
  expect(await reader.title()).toContain('room')
  expect(await reader.locator('script, img, a, iframe').count()).toBe(0)
  const json = JSON.parse(readFileSync(path.join(folder, 'history.json'), 'utf8')) as { items: { text?: string }[] }
  expect(json.items.some(({ text }) => text?.startsWith('<img'))).toBe(true)
})

it('[AR53] after use nothing that scripts or the disk show holds a text, a name, a link secret or a key', async () => {
  const marker = 'Zebrafish-Quartz-7719'
  const profile = path.join(folder, 'profile')
  const context = await persistent(profile)
  const ana = await stage.tab(context)
  const ben = await stage.tab()
  const link = await createRoom(ana, stage.url, 'Markername Xylo')
  await joinRoom(ben, link, 'Benedikt Qwertz')
  await say(ana, marker)
  await reads(ben, marker)
  await ana.getByText('quantum (simulated)', { exact: true }).first().waitFor({ timeout: 60_000 })
  const stored = await everythingStored(ana)
  expect(stored.length).toBeGreaterThan(10_000)
  expect(stored).toContain('CryptoKey extractable=false')
  const secret = Buffer.from(new URL(link).hash.slice('#v1.'.length), 'base64url')
  const words = ['Markername Xylo', 'Benedikt Qwertz', marker].map((word) => Buffer.from(word))
  for (const word of [...words, secret, Buffer.from(new URL(link).hash.slice(4))]) {
    for (const form of forms(word)) expect(stored.includes(form), word.toString()).toBe(false)
  }
  await ana.goto('about:blank')
  await context.close()
  // On the disk too, in whatever files this profile has; except that Chromium itself notes what is typed into forms.
  const files = filesOf(profile).filter((file) => !/Web Data|History|Sessions|Preferences/.test(file))
  expect(files.some((file) => file.includes('indexeddb'))).toBe(true)
  for (const file of files) {
    const bytes = readFileSync(file).toString('latin1')
    for (const word of [Buffer.from(marker), secret]) {
      for (const form of forms(word)) expect(bytes.includes(form), `${word.toString('latin1')} in ${file}`).toBe(false)
    }
  }
})

it('[AR54] erasing everything empties databases, storages and caches, ends the other tabs, and is found on the disk', async () => {
  const profile = path.join(folder, 'profile')
  const context = await persistent(profile)
  const [ana, second] = [await stage.tab(context), await stage.tab(context)]
  const ben = await stage.tab()
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await joinRoom(second, `${stage.url}/room/lab1`, 'Second')
  await say(ana, 'to be erased')
  await reads(ben, 'to be erased')
  const { pathname } = new URL(link)
  await openDevicePage(ana)
  await ana.getByRole('button', { name: 'Erase everything on this device' }).click()
  await ana.getByRole('button', { name: 'Erase everything', exact: true }).click()
  for (const page of [ana, second]) {
    await page.getByRole('button', { name: 'Create room' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await everythingStored(page)).toBe('{}\n{}')
  }
  // The relay sees neither of them any more.
  await ben.getByRole('listitem').filter({ hasText: 'Ana' }).filter({ hasText: 'away' }).waitFor()
  await ana.goto(stage.url + pathname)
  await ana.getByText('You need the full invite link').waitFor()
  await ana.goto('about:blank')
  await second.goto('about:blank')
  await context.close()
  const found = filesOf(profile).filter((file) => {
    if (!/indexeddb|Local Storage|Session Storage/i.test(file)) return false
    return readFileSync(file).toString('latin1').includes(pathname.slice('/room/'.length))
  })
  console.log(`files of the profile that still name the room: ${found.map((file) => path.relative(profile, file))}`)
  expect(found.filter((file) => /indexeddb/.test(file))).toEqual([])
})

function persistent(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
  })
}

function filesOf(profile: string): string[] {
  return readdirSync(profile, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}
