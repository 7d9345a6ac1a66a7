/** Two people in a closed room, each behind a relay of its own that may lie, and what every lie must leave as it was. */
import type { ClientEnv, Clock, RoomClient, RoomSnapshot, SystemEvent } from '@qsec/client'
import { nodeClock } from '@qsec/client/node'
import { toBase64Url } from '@qsec/protocol'
import { expect } from 'vitest'
import { namerOf } from '../../apps/web/src/words/people.ts'
import { systemWords } from '../../apps/web/src/words/system.ts'
import { decodeRow } from '../../packages/client/src/sync/rows.ts'
import { hasText, openWorld, summary, texts, until, type World } from '../system/world.ts'
import { type Down, HostileRelay } from './hostile-relay.ts'
import { Insider } from './insider.ts'

export interface Person {
  room: RoomClient
  env: ClientEnv
  /** The relay that this person meets; honest until a test says otherwise. */
  relay: HostileRelay
}

export interface Stage {
  world: World
  ana: Person
  ben: Person
  /** Both meet honest relays again. */
  honest(): void
  /** Somebody who comes in by the link, through an honest relay. */
  admit(name: string): Promise<Person>
  /** A third member, Mallory, whose device says what a test likes. */
  insider(): Promise<Insider>
  close(): Promise<void>
}

/** How long something may take on a loaded machine. With a defence switched off it will not come: less is enough. */
export const patienceMs = process.env.QSEC_SWITCH === undefined ? 60_000 : 10_000

/** Nothing that a room does by itself later than this disturbs a test: own paths and long waits. */
const calmMs = 15_000

/**
 * An environment in which nothing begins by itself: no timer of a quarter of a minute or more, and no key exchange,
 * since nobody gets a KeyPackage to begin one with. Only then can stored bytes be compared before and after.
 */
function calm(world: World): ClientEnv {
  const patient: Clock = {
    nowMs: () => nodeClock.nowMs(),
    after: (delayMs, run) => (delayMs >= calmMs ? () => undefined : nodeClock.after(delayMs, run)),
  }
  const quiet = new HostileRelay(world)
  quiet.up = async (name, payload, real) => (name === 'take_key_package' ? undefined : real(name, payload))
  return quiet.env({ ...world.env(), clock: patient })
}

export async function openStage(): Promise<Stage> {
  const world = await openWorld()
  const behind = (): Omit<Person, 'room'> => {
    const relay = new HostileRelay(world)
    return { relay, env: relay.env(calm(world)) }
  }
  const [anas, bens] = [behind(), behind()]
  const ana: Person = { ...anas, room: await world.create('Ana', undefined, anas.env) }
  const ben: Person = { ...bens, room: await world.join('Ben', ana.room.snapshot.invitePath!, bens.env) }
  await Promise.all([until(ana.room, knows('Ben')), until(ben.room, knows('Ana'))])
  const stage: Stage = {
    world,
    ana,
    ben,
    honest() {
      for (const { relay } of [ana, ben]) relay.honest()
    },
    async admit(name) {
      const person = behind()
      const room = await world.join(name, ana.room.snapshot.invitePath!, person.env)
      await Promise.all([ana.room, ben.room].map((one) => until(one, knows(name), patienceMs)))
      await until(room, (s) => s.phase.at === 'member' && s.people.every((one) => one.name !== ''), patienceMs)
      return { ...person, room }
    },
    async insider() {
      const { room, env } = await stage.admit('Mallory')
      await until(room, (s) => s.epoch === ana.room.snapshot.epoch)
      await quiet([ana, ben, { room, env }])
      const { address } = room.snapshot
      await room.close()
      return Insider.open(world, env, address)
    },
    close: () => world.close(),
  }
  return stage
}

export const knows =
  (name: string) =>
  (s: RoomSnapshot): boolean =>
    s.phase.at === 'member' && s.people.some((one) => one.name === name)

/** What a device has stored of its room's group, and who it says is in it. */
export async function standing({ room, env }: Pick<Person, 'room' | 'env'>): Promise<object> {
  const { epoch, people, self } = room.snapshot
  const at = `device/${self.device}/room`
  const [group, pending] = await Promise.all([env.storage.get(`${at}/group`), env.storage.get(`${at}/pending`)])
  return {
    epoch,
    people: people.map(({ device, name, role }) => ({ device, name, role })),
    group: group && toBase64Url(group),
    pending: pending && toBase64Url(pending),
  }
}

/** Waits until nothing is on its way: all are at one place of the stream, and every outbox and receipt is done with. */
export async function quiet(people: readonly Pick<Person, 'room' | 'env'>[], timeoutMs = patienceMs): Promise<void> {
  const places = async () => {
    const each = people.map(async ({ room, env }) => {
      const at = `device/${room.snapshot.self.device}/room`
      const rows = await env.storage.list(`${at}/out/`)
      const pending = await env.storage.get(`${at}/pending`)
      const place = await env.storage.get(`${at}/place`)
      const read = (await env.storage.get(`${at}/group`)) ?? new Uint8Array()
      // A message that the relay has shown otherwise is not confirmed before its next life: it has been ordered, and rests.
      const idle = !pending && rows.every(({ value }) => decodeRow(value)?.ordered)
      return {
        idle,
        epoch: room.snapshot.epoch,
        bytes: `${toBase64Url(place ?? new Uint8Array())} ${toBase64Url(read)}`,
      }
    })
    return Promise.all(each)
  }
  const untilMs = Date.now() + timeoutMs
  let before = ''
  let same = 0
  // A receipt goes 0.3 s after what it is for: what has not moved for longer than that, with empty outboxes, is at rest.
  while (same < 8) {
    const now = await places()
    const atRest = now.every(({ idle }) => idle) && new Set(now.map(({ epoch }) => epoch)).size === 1
    const picture = now.map(({ bytes }) => bytes).join(' ')
    same = atRest && picture === before ? same + 1 : 0
    before = picture
    if (Date.now() > untilMs) throw new Error(`no rest: ${people.map(({ room }) => summary(room.snapshot)).join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}

let words = 0
/** A text that was never said before. */
export const freshWord = (): string => `word ${++words}`

/** The next honest message, both ways. */
export async function bothTalk({ ana, ben }: Pick<Stage, 'ana' | 'ben'>): Promise<void> {
  const word = freshWord()
  await ana.room.send(`${word} from Ana`)
  await until(ben.room, hasText(`${word} from Ana`), patienceMs)
  await ben.room.send(`${word} from Ben`)
  await until(ana.room, hasText(`${word} from Ben`), patienceMs)
}

export type Reason = string | RegExp

/**
 * The four things that *fail closed* means (docs/security.md): what the attack brings is refused, the victim's state is
 * byte for byte what it was, a line in plain words tells of it, and the next honest message works both ways.
 *
 * @param tells - the reason of the line *unreadable* that the victim must read; undefined where nothing is to be told
 *   at once, and `attack` then resolves only when its work is done
 */
export async function staysClosed(
  stage: Stage,
  victim: Person,
  attack: () => Promise<unknown>,
  tells: Reason | undefined,
): Promise<void> {
  await quiet([stage.ana, stage.ben])
  const before = { state: await standing(victim), texts: texts(victim.room.snapshot) }
  const lines = victim.room.snapshot.timeline.length
  await attack()
  if (tells !== undefined) {
    const told = (s: RoomSnapshot) => linesAfter(s, lines).find((event) => isTold(event, tells))
    const event = told(await until(victim.room, (s) => told(s) !== undefined, patienceMs))!
    const code = typeof tells === 'string' ? tells : undefined
    expect(inPlainWords(event, victim.room.snapshot, code), 'told in plain words').toBe(true)
  }
  expect(texts(victim.room.snapshot), 'nothing of it is shown as said').toEqual(before.texts)
  expect(await standing(victim), 'the state is what it was').toEqual(before.state)
  stage.honest()
  await bothTalk(stage)
}

function linesAfter(s: RoomSnapshot, lines: number): SystemEvent[] {
  return s.timeline.slice(lines).flatMap((item) => (item.kind === 'system' ? [item.event] : []))
}

function isTold(event: SystemEvent, reason: Reason): boolean {
  if (event.type !== 'unreadable') return event.type === reason
  return typeof reason === 'string' ? event.reason === reason : reason.test(event.reason)
}

/** A sentence that the page shows: it begins like one (or with a name) and ends like one, and says what happened, not a code. */
export function inPlainWords(event: SystemEvent, { people }: RoomSnapshot, code?: string): boolean {
  const sentence = systemWords(event, namerOf(people))
  return (
    /^\u2068?\p{Lu}.*\.$/su.test(sentence) &&
    sentence.split(' ').length > 5 &&
    !(code && sentence.includes(`(${code})`))
  )
}

/** Whether the newest line of this kind reads as a sentence for people. */
export function toldInWords(s: RoomSnapshot, reason: Reason): boolean {
  const event = linesAfter(s, 0).findLast((one) => isTold(one, reason))
  return event !== undefined && inPlainWords(event, s, typeof reason === 'string' ? reason : undefined)
}

export const isChat = ({ name, payload }: Down): boolean => name === 'encrypted_message' && !payload.pair
export const isCommit = ({ name, payload }: Down): boolean => name === 'commit' && !payload.pair
export const isRoomFrame = (event: Down): boolean => isChat(event) || isCommit(event)
export const changed = (event: Down, change: object): Down[] => [{ ...event, payload: { ...event.payload, ...change } }]
/** The frame as a commit of its place. */
export function asCommit(
  { payload, done }: Down,
  ct: string,
  device: string = payload.device,
  bundles: string[] = [],
): Down[] {
  const { room, inc, seq, epoch, id, at } = payload
  const commit = { room, inc, seq, epoch, id, at, ct, device, bundles, joined: [], removed: [] }
  return [{ name: 'commit', payload: commit, done }]
}

/** Ana says something; Ben's relay gives him something else in its place, and is honest from there on. */
export async function inPlaceOfAnas({ ana, ben }: Stage, change: (event: Down) => Down[]): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    ben.relay.down = (event) => {
      if (!isChat(event) || event.payload.device !== ana.room.snapshot.self.device) return [event]
      ben.relay.honest()
      resolve()
      return change(event)
    }
  })
  await ana.room.send(`withheld, ${freshWord()}`)
  await gone
}
