/** A relay that gives different members different commits for one epoch: both sides notice by themselves. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import type { CommitEvent, DeviceId, RelayEvents } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, openWorld, texts, until, type World } from '../system/world.ts'
import { type Down, HostileRelay } from './hostile-relay.ts'
import { toldInWords } from './stage.ts'

let world: World
let mallory: HostileRelay
let ana: RoomClient
let ben: RoomClient

beforeEach(async () => {
  world = await openWorld()
  mallory = new HostileRelay(world)
  ana = await world.create('Ana')
  ben = await world.join('Ben', ana.snapshot.invitePath!, mallory.env())
  await until(ben, (s) => s.phase.at === 'member' && s.people.some(({ name }) => name === 'Ana'))
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
})
afterEach(() => world.close())

/** Ben gets his own commit where everybody else got Ana's: from there on he is in an epoch of his own. */
function fork(): Promise<void> {
  return new Promise((resolve) => {
    let real: RelayEvents['commit'] | undefined
    let bens: { payload: CommitEvent; answer(seq: number): void; confirm(seq: number): void } | undefined
    const held: Down[] = []
    const join = (): void => {
      if (!real || !bens) return
      const { payload, answer, confirm } = bens
      const { seq } = real
      mallory.honest()
      answer(seq)
      const joined: DeviceId[] = payload.welcomes.flatMap(({ to }) => to)
      const device = ben.snapshot.self.device
      mallory.tell('commit', { ...real, id: payload.id, ct: payload.ct, bundles: payload.bundles, joined, device })
      for (const event of held) mallory.replay(event)
      confirm(seq) // in Ben's name: Ana's commit stands at once, and she goes on
      resolve()
    }
    mallory.down = (event) => {
      const isCommit = event.name === 'commit' && !event.payload.pair
      if (isCommit && event.payload.device !== ben.snapshot.self.device) {
        real = event.payload
        join()
        return []
      }
      if (!real && event.name !== 'user_list') return [event]
      held.push(event)
      return []
    }
    mallory.up = (name, payload, ask) => {
      if (name !== 'commit' || 'pair' in payload) return ask(name, payload)
      return new Promise((answered) => {
        const answer = (seq: number): void => answered({ ok: true, inc: real!.inc, seq } as never)
        const confirm = (seq: number) => void ask('commit_ack', { room: ana.snapshot.address, seq })
        bens = { payload: payload as CommitEvent, answer, confirm }
        join()
      })
    }
  })
}

it('[B26] [HR31] different commits for one epoch raise the alarm on both sides, and no word crosses', async () => {
  const forked = fork()
  await world.join('Cleo', ana.snapshot.invitePath!)
  await forked
  await until(ana, (s) => s.people.length === 3)
  await until(ben, (s) => s.people.length === 3)
  expect(ben.snapshot.epoch).toBe(ana.snapshot.epoch)
  expect(ben.snapshot.trust.roomCode).not.toEqual(ana.snapshot.trust.roomCode)
  for (const word of ['one', 'two', 'three']) {
    await ana.send(`${word} from Ana`)
    await ben.send(`${word} from Ben`)
  }
  const alarmed = (s: RoomSnapshot) => events(s).includes('split-view')
  await Promise.all([ana, ben].map((room) => until(room, alarmed)))
  for (const { snapshot } of [ana, ben]) expect(toldInWords(snapshot, 'split-view')).toBe(true)
  expect(texts(ben.snapshot).filter((text) => text.endsWith('from Ana'))).toEqual([])
  expect(texts(ana.snapshot).filter((text) => text.endsWith('from Ben'))).toEqual([])
})
