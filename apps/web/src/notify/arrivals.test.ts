import { expect, it } from 'vitest'
import { ana, ben, message, system } from '../../dev/fixtures.ts'
import { noticeWords, permissionWords } from '../words/notify.ts'
import { isWanted, lastReceived, lastSettled, receivedAfter } from './arrivals.ts'

const said = (key: string, author = ben, more = {}) => message(key, author, `text ${key}`, more)
const own = (key: string, state: 'sending' | 'sent') => message(key, ana, `own ${key}`, { state })

it('[NT1] new is what others said behind what was known, wherever own messages and older pages come in', () => {
  const event = system('s1', { type: 'relay-restarted' }, 5)
  const items = [said('a'), own('o1', 'sent'), said('b'), event, own('o2', 'sending')]
  expect(receivedAfter(items, 'a').map(({ key }) => key)).toEqual(['b'])
  expect(receivedAfter(items, 'b')).toEqual([])
  expect(receivedAfter([said('older'), ...items], 'b')).toEqual([])
  expect(receivedAfter(items, undefined).map(({ key }) => key)).toEqual(['a', 'b'])
  expect(receivedAfter(items, 'not held')).toEqual([])
  expect([lastReceived(items), lastSettled(items)]).toEqual(['b', 's1'])
  expect([lastReceived([]), lastSettled([own('o3', 'sending')])]).toEqual([undefined, undefined])
  const phone = { ...ana, self: false }
  expect(receivedAfter([said('a'), said('mine', phone)], 'a')).toEqual([])
})

it('[NT2] everything, mentions or nothing calls, and never what was taken back', () => {
  const choice = (about: 'all' | 'mentions' | 'none') => ({ about, content: false, sound: false })
  const [plain, mention] = [said('a'), said('b', ben, { mentionsYou: true })]
  const called = [plain, mention].map((one) =>
    (['all', 'mentions', 'none'] as const).map((a) => isWanted(one, choice(a))),
  )
  expect(called).toEqual([
    [true, false, false],
    [true, true, false],
  ])
  expect(isWanted({ ...mention, deleted: true }, choice('all'))).toBe(false)
})

it('[PV10] what was said to one person alone calls as a mention does, and where nothing calls it does not', () => {
  const choice = (about: 'all' | 'mentions' | 'none') => ({ about, content: false, sound: false })
  const note = said('a', ben, { privately: ben })
  const called = (['all', 'mentions', 'none'] as const).map((about) => isWanted(note, choice(about)))
  expect(called).toEqual([true, true, false])
  expect(isWanted({ ...note, deleted: true }, choice('mentions'))).toBe(false)
  // An own one, written on another device, is nothing new.
  expect(receivedAfter([said('mine', { ...ana, self: false }, { privately: ben })], undefined)).toEqual([])
})

it('[NT3] without leave to show it a notification says nothing of who and what', () => {
  const nameOf = () => 'Ben'
  const secret = said('a', ben, { text: 'Zebrafish' })
  expect(noticeWords(secret, 1, false, nameOf)).toEqual({ title: 'QSEC', body: 'New message in a room' })
  expect(noticeWords(secret, 3, false, nameOf)).toEqual({ title: 'QSEC', body: 'New messages in a room' })
  expect(noticeWords(secret, 1, true, nameOf)).toEqual({ title: 'Ben', body: 'Zebrafish' })
  const long = noticeWords({ ...secret, text: '😀'.repeat(500) }, 2, true, nameOf)
  expect([...long.body]).toHaveLength(161)
  expect(long.title).toBe('Ben (2 new messages)')
})

it('[WP35] with leave to show it, a notification says of files and of `/me` what a quote of them says', () => {
  const body = (more: object) => noticeWords(said('a', ben, more), 1, true, () => 'Ben').body
  const file = { id: 'f', name: 'lake.png', size: 5, type: 'image/png', kind: 'image' } as const
  const voice = { ...file, name: 'voice.webm', type: 'audio/webm', kind: 'audio', voice: { seconds: 3 } } as const
  expect(body({ text: '', files: [file, file] })).toBe('lake.png, lake.png')
  expect(body({ text: '', files: [voice] })).toBe('Voice message')
  expect(body({ text: 'the lake', files: [file] })).toBe('the lake')
  expect(body({ text: '/me waves' })).toBe('* waves')
})

it('[NT4] each state of the browser’s leave has its words, and a given one needs none', () => {
  expect(permissionWords('granted')).toBeUndefined()
  for (const state of ['denied', 'default', 'impossible'] as const) expect(permissionWords(state)).toMatch(/\.$/)
})
