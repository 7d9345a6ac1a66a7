/** Replies, mentions, edits, deletions and reactions between real devices over a real relay. */
import {
  type ClientEnv,
  linkDevice,
  type MessageView,
  parseDeviceLinkFragment,
  type RoomClient,
  type RoomSnapshot,
} from '@qsec/client'
import { historyAsHtml, readHistory, storedDevices } from '@qsec/client/backup'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { historyPageWords } from '../../apps/web/src/words/history.ts'
import { hasText, openWorld, until, type World } from './world.ts'

let world: World
let anas: ClientEnv
let bens: ClientEnv
let ana: RoomClient
let ben: RoomClient

beforeEach(async () => {
  world = await openWorld()
  anas = await world.proxied()
  bens = await world.proxied()
  ana = await world.create('Ana', undefined, anas)
  ben = await world.join('Ben', ana.snapshot.invitePath!, bens)
  for (const room of [ana, ben]) await until(room, (s) => s.people.filter(({ name }) => name !== '').length === 2)
})
afterEach(() => world.close())

const messages = (s: RoomSnapshot) => s.timeline.flatMap((item) => (item.kind === 'message' ? [item] : []))
const shown = (s: RoomSnapshot, key: string) => messages(s).find((one) => one.key === key)

async function said(from: RoomClient, text: string): Promise<string> {
  await from.send(text)
  for (const room of [ana, ben]) await until(room, hasText(text))
  return messages(from.snapshot).find((one) => one.text === text)!.key
}

const both = (key: string, holds: (message: MessageView) => boolean) =>
  Promise.all(
    [ana, ben].map((room) =>
      until(room, (s) => {
        const message = shown(s, key)
        return message !== undefined && holds(message)
      }),
    ),
  )

it('[MC20] a reply shows what it quotes as it reads now, a mention whom it means; an edit, a reaction and a deletion reach all', async () => {
  const question = await said(ana, 'Tuesday?')
  const person = ana.snapshot.self.person
  await ben.send('@Ana yes', { replyTo: question, mentions: [person] })
  const [there] = await Promise.all([ana, ben].map((room) => until(room, hasText('@Ana yes'))))
  const reply = messages(there!).at(-1)!
  expect(reply).toMatchObject({ mentionsYou: true, mentions: [{ name: 'Ana', self: true }], own: false })
  expect(reply.reply).toMatchObject({ key: question, message: { author: { name: 'Ana' }, text: 'Tuesday?' } })
  expect(shown(ben.snapshot, reply.key)).not.toHaveProperty('mentionsYou')

  await ana.edit(question, 'Thursday?')
  await both(question, ({ text, editedMs, change }) => text === 'Thursday?' && editedMs !== undefined && !change)
  expect(shown(ben.snapshot, reply.key)!.reply!.message!.text).toBe('Thursday?')

  await ben.react(question, '👍', true)
  await ana.react(question, '👍', true)
  await ben.react(question, '🎉', true)
  await both(
    question,
    ({ reactions = [] }) => reactions.length === 2 && reactions.some(({ people }) => people.length === 2),
  )
  await ben.react(question, '🎉', false)
  await both(question, ({ reactions = [] }) => reactions.length === 1)

  await ana.deleteMessage(question)
  await both(question, ({ deleted, text, reactions }) => deleted === true && text === '' && !reactions)
  expect(shown(ben.snapshot, reply.key)!.reply!.message).toMatchObject({ text: '', deleted: true })
})

it('[MC21] what is not one’s own is not changed, nor what is gone; no other word than an emoji is a reaction', async () => {
  const key = await said(ana, 'mine')
  await expect(ben.edit(key, 'no')).rejects.toMatchObject({ code: 'not-own-message' })
  await expect(ben.deleteMessage(key)).rejects.toMatchObject({ code: 'not-own-message' })
  await expect(ana.edit(key, '')).rejects.toThrow(RangeError)
  await expect(ben.react(key, 'ok', true)).rejects.toThrow(RangeError)
  for (let i = 0; i < 8; i++) await ben.react(key, String.fromCodePoint(0x1f600 + i), true)
  await expect(ben.react(key, '👍', true)).rejects.toMatchObject({ code: 'too-many-signs' })
  await ana.deleteMessage(key)
  await expect(ana.edit(key, 'back')).rejects.toMatchObject({ code: 'no-such-message' })
  await expect(ben.react(`${key}x`, '👍', true)).rejects.toMatchObject({ code: 'no-such-message' })
})

it('[MC22] changes made without a connection go out later, outlive a reload and a killed relay, and stand in the export', async () => {
  const [kept, gone] = [await said(ana, 'kept'), await said(ana, 'gone')]
  world.cut(anas)
  await until(ana, ({ connection }) => connection !== 'connected')
  await ana.edit(kept, 'kept and changed')
  await ana.deleteMessage(gone)
  expect(shown(ana.snapshot, kept)).toMatchObject({ text: 'kept and changed', change: 'sending' })
  await ana.close()
  const address = ana.snapshot.address
  await world.restart()
  world.mend(anas)
  ana = await world.comeBack(anas, address)
  await both(kept, ({ text, change }) => text === 'kept and changed' && !change)
  await both(gone, ({ deleted }) => deleted === true)
  await ben.react(kept, '❤️', true)
  await both(kept, ({ reactions = [] }) => reactions.length === 1)

  const [device] = await storedDevices(bens.storage)
  const history = (await readHistory(bens.storage, device!, ({ type }) => type))!
  const items = history.items.flatMap((item) => (item.type === 'message' ? [item] : []))
  expect(items).toMatchObject([
    { text: 'kept and changed', editedMs: expect.any(Number), reactions: [{ signs: ['❤️'] }] },
    { text: '', deleted: true },
  ])
  const page = historyAsHtml(history, 0, historyPageWords('en', 'ltr'))
  for (const words of ['kept and changed', 'edited', '❤️', 'Deleted by its author.']) expect(page).toContain(words)
  expect(page).not.toContain('gone')
  // Nothing of what was taken back is on the disk.
  for (const { value } of await bens.storage.list(`device/${device!.device}/timeline`)) {
    expect(new TextDecoder().decode(value)).not.toContain('gone')
  }
})

it('[MC23] a newcomer who is given earlier messages gets them as they read then', async () => {
  const [changed, gone] = [await said(ana, 'before'), await said(ana, 'taken back')]
  await ana.edit(changed, 'after')
  await ana.deleteMessage(gone)
  await both(gone, ({ deleted }) => deleted === true)
  const cem = await world.join('Cem', ana.snapshot.invitePath!)
  await until(cem, (s) => s.phase.at === 'member' && s.people.filter(({ name }) => name !== '').length === 3)
  await cem.askForEarlier(20)
  await until(ben, (s) => s.earlier.asks.length === 1)
  await ben.answerEarlier(cem.snapshot.self.device, true)
  const s = await until(cem, ({ earlier }) => earlier.blocks[0]?.state === 'complete')
  expect(s.earlier.blocks[0]!.messages.map(({ text }) => text)).toEqual(['after'])
})

it('[MC24] another device of the same person edits and deletes what this one said, and reacts as the same person', async () => {
  await ana.linkDevice()
  const link = ana.snapshot.deviceLink
  if (link?.state !== 'open') throw new Error('no link')
  const fragment = link.path.slice(link.path.indexOf('#'))
  const taken = await linkDevice(world.env(), ana.snapshot.address, {
    relayUrl: world.url,
    key: parseDeviceLinkFragment(fragment)!,
  })
  if (!taken.ok) throw new Error(taken.reason)
  const phone = taken.room
  await until(phone, ({ phase }) => phase.at === 'member')
  const key = await said(ana, 'from the desk')
  await until(phone, hasText('from the desk'))
  expect(shown(phone.snapshot, key)).toMatchObject({ own: true })
  await phone.edit(key, 'from the phone')
  await both(key, ({ text }) => text === 'from the phone')
  await ana.react(key, '👍', true)
  await until(phone, (s) => shown(s, key)?.reactions?.[0]?.own === true)
  await phone.react(key, '👍', false)
  await both(key, ({ reactions = [] }) => reactions.length === 0)
  await phone.deleteMessage(key)
  await both(key, ({ deleted }) => deleted === true)
  await phone.close()
})

it('[MC25] nobody is told that somebody types or has read until that is switched on, each by itself; it ends by itself', async () => {
  const key = await said(ana, 'read me')
  const silent = async () => {
    ben.typed()
    await ben.see(key)
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    return ana.snapshot.reading
  }
  expect(await silent()).toMatchObject({ typing: [], readers: [] })
  expect(ben.snapshot.reading).toMatchObject({ tellsTyping: false, tellsRead: false })
  await ben.tellAware('typing', true)
  ben.typed()
  await until(ana, (s) => s.reading.typing.some(({ name }) => name === 'Ben'))
  expect(ana.snapshot.reading.readers).toEqual([])
  await ben.send('typed')
  await until(ana, (s) => s.reading.typing.length === 0 && hasText('typed')(s))
  await ben.tellAware('read', true)
  const last = messages(ben.snapshot).at(-1)!.key
  await ben.see(last)
  await until(ana, (s) => s.reading.readers.some((one) => one.person.name === 'Ben' && one.key === last))
  // No earlier word takes it back, and nothing of it is a line or a message.
  const { length } = messages(ana.snapshot)
  await ben.see(key)
  await ben.send('next')
  await until(ana, hasText('next'))
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  expect(ana.snapshot.reading.readers).toMatchObject([{ key: last }])
  expect(messages(ana.snapshot)).toHaveLength(length + 1)
})

it('[MC26] what was begun and what was seen last come back after a reload, and a draft that was sent does not', async () => {
  const key = await said(ana, 'seen')
  await ben.see(key)
  await ben.keepDraft({ text: 'half a thou', replyTo: key })
  const { address } = ben.snapshot
  await ben.close()
  ben = await world.comeBack(bens, address)
  expect(ben.snapshot.reading).toMatchObject({ seen: key, draft: { text: 'half a thou', replyTo: key } })
  await ben.keepDraft(undefined)
  expect(ben.snapshot.reading).not.toHaveProperty('draft')
  const rows = await bens.storage.list('device/')
  expect(rows.some(({ value }) => new TextDecoder().decode(value).includes('half a thou'))).toBe(false)
})
