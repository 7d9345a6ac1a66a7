/** The checker is checked: it passes what is right, and finds each fault that is planted. */
import { expect, it } from 'vitest'
import { checkHistory, type Entry, type Screen } from './history.ts'

const clients = ['Ana', 'Ben', 'Cleo']
const ids = Array.from({ length: 30 }, (_, i) => `${clients[i % 3]} ${Math.floor(i / 3)}`)

/** Three clients, ten messages each, all of them confirmed; `screens` says who shows something else. */
function history(screens: Record<string, Partial<Screen>> = {}, more: Entry[] = []): Entry[] {
  const right = { ids, gaps: [], epoch: 4, roomCode: '11111', late: false }
  return [
    ...ids.flatMap((id): Entry[] => {
      const client = id.split(' ')[0]!
      return [
        { op: 'send', client, id, phase: 'invoke' },
        { op: 'send', client, id, phase: 'ok' },
      ]
    }),
    ...clients.flatMap((client) =>
      ids.map((id, i): Entry => ({ op: 'place', client, inc: 'one', seq: i + 1, id: `frame of ${id}` })),
    ),
    ...more,
    ...clients.map((client): Entry => ({ op: 'screen', client, ...right, ...screens[client] })),
  ]
}

const rules = (entries: Entry[]) => [...new Set(checkHistory(entries).map(({ rule }) => rule))]
const without = (id: string) => ids.filter((one) => one !== id)
const swapped = (a: number, b: number) => ids.map((id, i) => (i === a ? ids[b]! : i === b ? ids[a]! : id))

it('[CX1] the checker passes a history in which all is right', () => {
  expect(checkHistory(history())).toEqual([])
  // What nobody confirmed may be missing everywhere, and may also have arrived.
  expect(rules(history({}, [{ op: 'send', client: 'Ana', id: 'Ana 10', phase: 'invoke' }]))).toEqual([])
  // The same frame again under a new incarnation is no second place.
  expect(rules(history({}, [{ op: 'place', client: 'Ana', inc: 'two', seq: 1, id: 'frame of Ana 0' }]))).toEqual([])
  // Who came late has what was said from its first message on.
  expect(rules(history({ Cleo: { ids: ids.slice(12), late: true } }))).toEqual([])
})

it('[CX2] the checker finds a planted loss, and a gap that is shown is none', () => {
  expect(checkHistory(history({ Ben: { ids: without('Cleo 4') } }))).toEqual([
    { rule: 'lost', client: 'Ben', what: 'Cleo 4' },
  ])
  expect(rules(history({ Ben: { ids: without('Cleo 4'), gaps: [[13, 13]] } }))).toEqual([])
  expect(rules(history({ Ana: { ids: without('Ana 9') } }))).toEqual(['lost'])
  expect(rules(history({ Cleo: { ids: ids.slice(12).filter((id) => id !== 'Ben 7'), late: true } }))).toEqual(['lost'])
})

it('[CX3] the checker finds a message that stands twice, one that nobody sent, and one place with two frames', () => {
  expect(rules(history({ Cleo: { ids: [...ids, 'Cleo 9'] } }))).toContain('twice')
  expect(rules(history({ Cleo: { ids: [...ids, 'Eve 1'] } }))).toEqual(['invented'])
  const other: Entry = { op: 'place', client: 'Ben', inc: 'one', seq: 7, id: 'another frame' }
  expect(rules(history({}, [other]))).toEqual(['place'])
})

it('[CX4] the checker finds two orders in a room, and a sender out of order though all agree', () => {
  expect(rules(history({ Ana: { ids: swapped(10, 11) } }))).toEqual(['order'])
  const wrong = swapped(9, 12) // two of Ana's
  const everywhere = Object.fromEntries(clients.map((client) => [client, { ids: wrong }]))
  expect(rules(history(everywhere))).toEqual(['sender-order'])
})

it('[CX5] the checker finds a fork: another authenticator, another epoch, or none', () => {
  for (const screen of [{ roomCode: '22222' }, { epoch: 5 }, { roomCode: undefined }]) {
    expect(rules(history({ Ben: screen }))).toEqual(['fork'])
  }
})
