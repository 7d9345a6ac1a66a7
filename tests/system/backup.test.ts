/** Backups of real devices: what is in them, what is not, and what they give back elsewhere. */
import { joinRoom, newRecoverySecret, parseLinkFragment } from '@qsec/client'
import {
  historyAsHtml,
  historyAsJson,
  isBackup,
  makeBackup,
  readHistory,
  restoreBackup,
  restoredHistories,
  storedDevices,
} from '@qsec/client/backup'
import { type MemoryStorage, nodeRandom, openMemoryStorage, stretchInNode } from '@qsec/client/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { historyPageWords } from '../../apps/web/src/words/history.ts'
import { openBackup, sealBackup } from '../../packages/client/src/backup/file.ts'
import { hasText, openWorld, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const passphrase = 'correct horse battery staple'
const recovery = newRecoverySecret(nodeRandom)
const cost = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 }
const describe = (event: { type: string }) => `happened: ${event.type}`
const tools = { describe, nowMs: 1_800_000_000_000, random: nodeRandom, stretch: stretchInNode, cost }
const backupOf = (storage: MemoryStorage) => makeBackup(storage, { secrets: { passphrase, recovery }, ...tools })

const nasty = '<img src=x onerror=alert(1)> & "quoted" <script>alert(2)</script>'

/** Ana and Ben have talked, made quantum keys and verified each other; Ana's storage is what is backed up. */
async function talked() {
  const env = world.env()
  const storage = env.storage as MemoryStorage
  const ana = await world.create('Ana', undefined, env)
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, ({ phase }) => phase.at === 'member')
  await ana.changeRoom({ title: 'Tea & <b>biscuits' })
  await ana.send('from Ana')
  await ben.send(nasty)
  await until(ana, hasText(nasty))
  await until(ana, ({ quantum }) => quantum.label === 'quantum (simulated)', 60_000)
  const verified = { key: 'trust/someone/verified', value: new TextEncoder().encode('{"how":"scan"}') }
  await storage.apply([{ type: 'put', ...verified }])
  return { ana, ben, storage, verified }
}

it('[AR40] a backup opens elsewhere and gives back history, verified keys and the person, but no device', async () => {
  const { ana, ben, storage, verified } = await talked()
  const file = await backupOf(storage)
  expect(isBackup(file)).toBe(true)
  const elsewhere = world.env()
  const there = elsewhere.storage as MemoryStorage
  const outcome = await restoreBackup(there, file, { recovery }, stretchInNode)
  expect(outcome).toEqual({ ok: true, restored: { rooms: 1, messages: 2, keptOwnProfile: false } })
  const [history] = await restoredHistories(there)
  const said = history!.items.flatMap((item) => (item.type === 'message' ? [item.text] : []))
  expect(said).toEqual(['from Ana', nasty])
  expect(history!.people.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben'])
  expect(history!.items.some((item) => item.type === 'event' && item.words === 'happened: created')).toBe(true)
  expect(await there.get(verified.key)).toEqual(verified.value)
  expect(await storedDevices(there)).toEqual([])

  // By a link she comes in as the same person, on a device of its own.
  const before = ben.snapshot.people.length
  const [, address, fragment] = /^\/room\/([^#]+)(#.*)$/.exec(ben.snapshot.invitePath!)!
  const secret = parseLinkFragment(fragment!)!
  const again = await joinRoom(elsewhere, ana.snapshot.address, { relayUrl: world.url, name: 'Ana', secret })
  expect(address).toBe(ana.snapshot.address)
  await until(again, ({ phase }) => phase.at === 'member')
  await until(ben, ({ people }) => people.length === before + 1)
  const person = async (of: MemoryStorage) => {
    const [device] = await storedDevices(of)
    const opened = await openBackup(await backupOf(of), { passphrase }, stretchInNode)
    return opened.ok && opened.content.persons.find(({ room }) => room === device!.room)?.keys
  }
  expect(await person(there)).toBe(await person(storage))
  expect(again.snapshot.self.device).not.toBe(ana.snapshot.self.device)
  await again.close()

  // The next backup there has both histories, and restoring twice changes nothing.
  const next = await openBackup(await backupOf(there), { passphrase }, stretchInNode)
  expect(next.ok && next.content.histories.map(({ items }) => items.length > 0)).toEqual([true, true])
  await restoreBackup(there, file, { passphrase }, stretchInNode)
  expect(await restoredHistories(there)).toHaveLength(1)
})

it('[AR41] a backup holds no state of a group, no pad, no private half of a KeyPackage and no key of a device', async () => {
  const { storage } = await talked()
  const opened = await openBackup(await backupOf(storage), { passphrase }, stretchInNode)
  if (!opened.ok) throw new Error(opened.reason)
  const { persons, entries } = opened.content
  const spelled = [...persons.flatMap(({ keys, seed }) => [keys, seed]), ...entries.map(({ value }) => value)]
  const inside = Buffer.concat([
    Buffer.from(JSON.stringify(opened.content)),
    ...spelled.map((text) => Buffer.from(text, 'base64url')),
  ]).toString('latin1')
  expect(inside).toContain('from Ana')
  const forbidden =
    /\/(room\/group|room\/own-commit|room\/pending|room\/out\/|pair\/|pads?\/|secret\/|share\/|keypackage\/|request|founding|opening\/)/
  const rows = (await storage.list('device/')).filter(({ key }) => forbidden.test(key))
  expect(new Set(rows.map(({ key }) => forbidden.exec(key)![1])).size).toBeGreaterThan(3)
  let windows = 0
  for (const { key, value } of rows) {
    const bytes = Buffer.from(value)
    const words = bytes.toString('latin1').match(/[A-Za-z0-9_-]{43,}/g) ?? []
    for (const form of [bytes, ...words.map((word) => Buffer.from(word, 'base64url'))]) {
      for (let at = 0; at + 32 <= form.length; at += 8) {
        const window = form.toString('latin1', at, at + 32)
        // What has few different bytes is padding or a count.
        if (new Set(window).size < 12) continue
        // The creator's public keys stand in the group, for its address commits to them.
        if (persons.some(({ keys }) => Buffer.from(keys, 'base64url').toString('latin1').includes(window))) continue
        windows++
        expect(inside.includes(window), `${key} at ${at}`).toBe(false)
      }
    }
  }
  expect(windows).toBeGreaterThan(1_000)
  // Nor the keys of the device itself, which stand behind those of the person.
  const [identity] = (await storage.list('device/')).filter(({ key }) => key.endsWith('/identity'))
  const tail = Buffer.from(identity!.value).subarray(-64)
  for (const part of [tail.subarray(0, 32), tail.subarray(32)]) {
    expect(inside.includes(part.toString('latin1'))).toBe(false)
  }
})

it('[AR42] a changed byte, a wrong secret, a cut file and lowered parameters open nothing and change nothing', async () => {
  const { storage } = await talked()
  const file = await backupOf(storage)
  const there = openMemoryStorage()
  const attempt = async (
    bytes: Uint8Array<ArrayBuffer>,
    secret: Parameters<typeof restoreBackup>[2] = { recovery },
  ) => {
    const outcome = await restoreBackup(there, bytes, secret, stretchInNode)
    return outcome.ok ? 'opened' : outcome.reason
  }
  expect(await attempt(file, { passphrase: 'incorrect horse' })).toBe('not-opened')
  expect(await attempt(file, { recovery: newRecoverySecret(nodeRandom) })).toBe('not-opened')
  const spots = [8, 9, 20, 40, 60, 100, 150, 200, file.length >> 1, file.length - 1]
  for (const at of spots) {
    expect(await attempt(file.with(at, file[at]! ^ 1)), `byte ${at}`).toMatch(/^(not-opened|no-backup)$/)
  }
  expect(await attempt(file.with(7, file[7]! + 1))).toBe('newer')
  expect(await attempt(file.with(0, 0))).toBe('no-backup')
  for (const cut of [0, 7, 12, 100, file.length - 1]) expect(await attempt(file.slice(0, cut))).not.toBe('opened')
  expect(await there.list('')).toEqual([])
  expect(await attempt(file)).toBe('opened')
})

it('[AR43] what a well-sealed backup says is held against its form: no foreign key, no long value, no prototype', async () => {
  const { storage } = await talked()
  const good = await openBackup(await backupOf(storage), { passphrase }, stretchInNode)
  if (!good.ok) throw new Error(good.reason)
  const { content } = good
  const bad: [string, unknown][] = [
    ['another version', { ...content, version: 2 }],
    ['a field too many', { ...content, more: 1 }],
    ['a prototype', JSON.parse(JSON.stringify(content).replace('{', '{"__proto__":{"polluted":true},'))],
    ['a constructor', { ...content, constructor: { prototype: { polluted: true } } }],
    ['an entry elsewhere', { ...content, entries: [{ key: 'device/x/room/group', value: 'AAAA' }] }],
    ['an entry that climbs', { ...content, entries: [{ key: 'restored/../device/x', value: 'AAAA' }] }],
    ['bytes that are none', { ...content, entries: [{ key: 'trust/a', value: '!' }] }],
    ['a time that is none', { ...content, madeMs: -1 }],
    ['a long name', { ...content, histories: [{ ...content.histories[0]!, name: 'x'.repeat(201) }] }],
    ['a room that is none', { ...content, histories: [{ ...content.histories[0]!, room: 'a/b' }] }],
  ]
  for (const [what, value] of bad) {
    const file = await sealBackup(value as typeof content, { recovery }, tools)
    const there = openMemoryStorage()
    const outcome = await restoreBackup(there, file, { recovery }, stretchInNode)
    expect(outcome, what).toEqual({ ok: false, reason: 'unreadable' })
    expect(await there.list('')).toEqual([])
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

it('[AR44] an export is whole, runs nothing, asks for nothing, and says what it is', async () => {
  const { storage } = await talked()
  const [device] = await storedDevices(storage)
  const history = (await readHistory(storage, device!, describe))!
  const html = historyAsHtml(history, tools.nowMs, historyPageWords('en', 'ltr'))
  expect(html).toContain('not encrypted')
  expect(html).toContain('<h1 dir="auto">Tea &amp; &lt;b&gt;biscuits</h1>')
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot;')
  expect(html).not.toMatch(/<script|<img|<a |<link|<iframe|onerror=alert\(1\)>|src="|href="|url\(/i)
  expect(html).toContain("default-src 'none'")
  const json = JSON.parse(historyAsJson(history, tools.nowMs)) as typeof history & { notice: string; format: string }
  expect(json).toMatchObject({
    format: 'qsec-history-1',
    kind: 'closed',
    title: 'Tea & <b>biscuits',
    items: history.items,
    people: history.people,
  })
  expect(json.notice).toContain('not encrypted')
  const secrets = await Promise.all((await storage.list('device/')).filter(({ key }) => key.endsWith('/identity')))
  for (const { value } of secrets) {
    expect(JSON.stringify(json)).not.toContain(Buffer.from(value).subarray(-96, -64).toString('base64url'))
  }
})
