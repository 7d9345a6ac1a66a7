/**
 * What was said in a room, as its own device keeps it: read from storage alone, so without the room being open, and free
 * of every key. What happened stands in it as words, which no later version can misread.
 */
import { type DeviceId, type RoomAddress, type RoomKind, roomKind } from '@qsec/protocol'
import * as v from 'valibot'
import { lifetimeAtMostS } from '../crypto/settings.ts'
import { Quotes } from '../earlier/quotes.ts'
import { wordsWithNames } from '../files/view.ts'
import { isSign, signsAtMost, textBytesAtMost } from '../messages/content.ts'
import type { Storage } from '../ports.ts'
import { deviceKey, parseStored } from '../room/device-store.ts'
import { ForwardClock } from '../room/forward-clock.ts'
import { type Known, personView } from '../room/people.ts'
import { type MessageItem, refKey, Timeline } from '../room/timeline.ts'
import { dueMs, storedMarks, storedTimeOf } from '../room/vanishing-rows.ts'
import { eventView, type ViewInput, viewOf } from '../room/view.ts'
import type { PersonView, SystemEvent } from '../snapshot.ts'

export interface HistoryPerson {
  device: string
  /** Empty where the person's signed name never came. */
  name: string
  shortId: string
  self: boolean
}

export type HistoryItem =
  | {
      type: 'message'
      id: string
      from: string
      /** As it reads last; empty where its author deleted it. */
      text: string
      atMs: number
      editedMs?: number
      deleted?: true
      /** Said to one person alone: a device of the other person, whoever of the two said it. */
      privatelyWith?: string
      /** It disappears so many seconds after it was seen; of this file it does not. */
      lifetimeS?: number
      /** The message that it quotes: its author's device and its id. */
      replyTo?: { from: string; id: string }
      /** Who reacted, by device, and with which emoji. */
      reactions?: { from: string; signs: string[] }[]
    }
  /**
   * Quoted by the member `sharedBy` (a device) from before this device came in: `name`, `person` (the fingerprint of the
   * person keys, or empty), `text` and `atMs` are that member's word. All of these stand before everything else.
   */
  | { type: 'quoted'; id: string; sharedBy: string; name: string; person: string; text: string; atMs: number }
  /** `kind` is the event's type, `words` what this device said of it. */
  | { type: 'event'; kind: string; words: string; atMs: number }

export interface History {
  room: RoomAddress
  kind: RoomKind
  /** What its people called it. */
  title?: string
  /** This device's own id in the room. */
  device: string
  /** The name that this person had there. */
  name: string
  people: HistoryPerson[]
  items: HistoryItem[]
}

export type Describe = (event: SystemEvent, people: readonly PersonView[]) => string

/** A device that is stored here. */
export interface StoredDevice {
  room: RoomAddress
  device: DeviceId
}

export async function storedDevices(storage: Storage): Promise<StoredDevice[]> {
  return (await storage.list('room/')).map(({ key }) => {
    const [, room, device] = key.split('/')
    return { room: room as RoomAddress, device: device as DeviceId }
  })
}

/** A history tells what was said, not how its people stand now. */
const unknownStanding = { trust: 'seen', lookalike: false } as const

const storedMeta = v.object({ name: v.string(), title: v.exactOptional(v.string()) })
const storedKnown = v.object({ claim: v.exactOptional(v.object({ name: v.string() })) })

/**
 * The history of a stored device; undefined where there is no such device.
 *
 * @param nowMs - given: messages that disappear are among it, as long as they have not. Without it they are left out: what
 *   is kept for long must not outlive them.
 */
export async function readHistory(
  storage: Storage,
  { room, device }: StoredDevice,
  describe: Describe,
  nowMs?: number,
): Promise<History | undefined> {
  const meta = parseStored(storedMeta, await storage.get(deviceKey(device, 'meta')))
  if (!meta) return undefined
  const timeline = new Timeline(deviceKey(device, 'timeline'))
  await timeline.load(storage, Number.POSITIVE_INFINITY)
  const isThere = await whatIsThere(storage, device, nowMs)
  const items = timeline.items.filter((item) => item.type === 'system' || !item.lifetime || isThere(item))
  const quotes = new Quotes(deviceKey(device, 'quoted'))
  await quotes.load(storage)
  const people = new Map<DeviceId, Known>()
  for (const { key, value } of await storage.list(`${deviceKey(device, 'people')}/`)) {
    const known = parseStored(storedKnown, value)
    if (known) people.set(key.slice(key.lastIndexOf('/') + 1) as DeviceId, known as Known)
  }
  const input: ViewInput = {
    self: device,
    selfPerson: '',
    selfName: meta.name,
    group: undefined,
    people,
    present: new Set(),
    connected: false,
    rows: new Map(),
    held: new Set(),
    holding: false,
    wallOf: (goesMs) => goesMs,
    isGone: () => false,
    saidTo: () => undefined,
    ended: false,
    persons: new Map(),
    nowMs: 0,
    trust: { personOf: () => '', standingOf: () => unknownStanding },
  }
  viewOf(input, device)
  for (const one of people.keys()) viewOf(input, one)
  for (const item of items) {
    if (item.type !== 'message') continue
    if (item.privately) viewOf(input, item.privately.device)
    for (const one of [item.device, ...(item.reactions?.map((each) => each.device) ?? [])]) viewOf(input, one)
  }
  for (const { from } of quotes.blocks) viewOf(input, from)
  const views = [...input.persons.values()]
  return {
    room,
    kind: roomKind(room),
    ...(meta.title === undefined ? {} : { title: meta.title }),
    device,
    name: meta.name,
    people: views.map(({ device: id, name, shortId, self }) => ({ device: id, name, shortId, self })),
    items: [
      ...quotes.blocks.flatMap(({ from, messages }) =>
        messages.map((message): HistoryItem => ({ type: 'quoted', sharedBy: from, ...message })),
      ),
      ...items.map((item): HistoryItem => {
        const { atMs } = item
        if (item.type === 'message') return messageOf(item)
        return { type: 'event', kind: item.event.type, words: describe(eventView(input, item.event), views), atMs }
      }),
    ],
  }
}

/** Which of the messages that disappear are still there. The room may not have been open when one went. */
async function whatIsThere(
  storage: Storage,
  device: DeviceId,
  nowMs: number | undefined,
): Promise<(item: MessageItem) => boolean> {
  if (nowMs === undefined) return () => false
  const prefix = deviceKey(device, 'vanish')
  const marks = await storedMarks(storage, prefix)
  const clock = new ForwardClock({ nowMs: () => nowMs }, await storedTimeOf(storage, prefix))
  return (item) => {
    const mark = marks.get(refKey(item))
    return mark !== undefined && mark.state !== 'gone' && (dueMs(mark) ?? Number.POSITIVE_INFINITY) > clock.nowMs()
  }
}

function messageOf(item: MessageItem): HistoryItem {
  const { id, device, atMs, edited, deleted, privately, lifetime, replyTo, reactions = [] } = item
  // The files themselves stay where they are.
  const text = wordsWithNames(item, textBytesAtMost)
  const shown = reactions.filter(({ signs }) => signs.length > 0)
  return {
    ...{ type: 'message', id, from: device, text, atMs },
    ...(edited ? { editedMs: edited.atMs } : {}),
    ...(deleted ? { deleted: true as const } : {}),
    ...(privately ? { privatelyWith: privately.device } : {}),
    ...(lifetime ? { lifetimeS: lifetime.seconds } : {}),
    ...(replyTo ? { replyTo: { from: replyTo.device, id: replyTo.id } } : {}),
    ...(shown.length > 0 ? { reactions: shown.map((one) => ({ from: one.device, signs: [...one.signs] })) } : {}),
  }
}

/** The person as a screen draws it. */
export function personOfHistory({ device, name, self }: HistoryPerson): PersonView {
  return personView(device as DeviceId, {
    name,
    self,
    present: false,
    person: '',
    standing: unknownStanding,
    role: 'member',
    mayPutOut: false,
  })
}

const shortText = (most: number) => v.pipe(v.string(), v.maxLength(most))
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/))
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** Strict, with limits: what this accepts is safe to store and to draw, whoever wrote it. */
export const historySchema: v.GenericSchema<unknown, History> = v.strictObject({
  room: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,22}$/)) as unknown as v.GenericSchema<unknown, RoomAddress>,
  kind: v.picklist(['open', 'closed']),
  title: v.exactOptional(shortText(200)),
  device: id,
  name: shortText(200),
  people: v.pipe(
    v.array(v.strictObject({ device: id, name: shortText(200), shortId: shortText(16), self: v.boolean() })),
    v.maxLength(10_000),
  ),
  items: v.pipe(
    v.array(
      v.variant('type', [
        v.strictObject({
          ...{ type: v.literal('message'), id, from: id, text: shortText(textBytesAtMost), atMs: time },
          editedMs: v.exactOptional(time),
          deleted: v.exactOptional(v.literal(true)),
          privatelyWith: v.exactOptional(id),
          lifetimeS: v.exactOptional(v.pipe(time, v.minValue(1), v.maxValue(lifetimeAtMostS))),
          replyTo: v.exactOptional(v.strictObject({ from: id, id })),
          reactions: v.exactOptional(
            v.pipe(
              v.array(
                v.strictObject({
                  from: id,
                  signs: v.pipe(v.array(v.pipe(v.string(), v.check(isSign))), v.maxLength(signsAtMost)),
                }),
              ),
              v.maxLength(10_000),
            ),
          ),
        }),
        v.strictObject({
          ...{ type: v.literal('quoted'), id, sharedBy: id, name: shortText(200), person: shortText(22) },
          ...{ text: shortText(textBytesAtMost), atMs: time },
        }),
        v.strictObject({ type: v.literal('event'), kind: shortText(40), words: shortText(1_000), atMs: time }),
      ]),
    ),
    v.maxLength(500_000),
  ),
})
