/**
 * A device in a process of its own, with its storage on disk, so that it can be killed and frozen.
 *
 * Argument: a `ClientSetup` as JSON. What it does and sees goes into the history file as it happens: an entry is written
 * before the thing is done that it announces, and stays when the process is killed.
 */
import { appendFileSync } from 'node:fs'
import {
  type ClientEnv,
  createClosedRoom,
  joinRoom,
  lookAtRoom,
  parseLinkFragment,
  type RoomClient,
  returnToRoom,
  type Transport,
} from '@qsec/client'
import {
  connectSocketIo,
  memoryLocks,
  nodeClock,
  nodeRandom,
  openNodeQuantum,
  openNodeStorage,
} from '@qsec/client/node'
import { parseRoomAddress } from '@qsec/protocol'
import type { Entry, SendPhase } from './history.ts'

export interface ClientSetup {
  name: string
  folder: string
  historyFile: string
  relayUrl: string
  /** Path of an invitation, address of a room in which the folder's device is, or nothing: makes a closed room. */
  where?: string
  /** Without it no quantum keys come in between. */
  quantum: boolean
}

/** `talk`: says `count` messages with these pauses, numbered from `first` on. */
export type Order = { do: 'talk'; first: number; count: number; pauseMs: number } | { do: 'look' }

/** How it stands, for whoever waits for something. */
export interface Look {
  phase: string
  connection: string
  people: number
  invitePath?: string
  address: string
  ids: string[]
  gaps: [number, number][]
  /** Has not said yet all that it was told to say. */
  talking: boolean
  /** Own messages that are on their way, and that were given up, with the reason. */
  sending: number
  notSent: string[]
  catchingUp: boolean
  /** What the screen tells besides messages, in order, by its code. */
  events: string[]
  epoch: number
  roomCode?: string
  /** Megabytes of the process. */
  rssMiB: number
}

const setup = JSON.parse(process.argv[2]!) as ClientSetup

function note(entry: Entry): void {
  appendFileSync(setup.historyFile, `${JSON.stringify(entry)}\n`)
}

/** Writes down every place that the relay gives a message of the room. */
function watched(transport: Transport): Transport {
  const place = (inc: string, seq: number, id: string) => note({ op: 'place', client: setup.name, inc, seq, id })
  const request = transport.request.bind(transport)
  transport.request = async (name, payload, timeoutMs) => {
    const answer = await request(name, payload, timeoutMs)
    if (name === 'encrypted_message' && answer?.ok && 'inc' in answer && 'id' in payload && !('pair' in payload)) {
      place(answer.inc as string, answer.seq as number, payload.id as string)
    }
    return answer
  }
  transport.onEvent((name, payload) => {
    if (name === 'encrypted_message' && 'inc' in payload && 'id' in payload && !('pair' in payload)) {
      place(payload.inc as string, payload.seq as number, payload.id as string)
    }
  })
  return transport
}

async function enter(): Promise<RoomClient> {
  const noRun = { handle: () => undefined, cancel: () => undefined, release: () => undefined }
  const env: ClientEnv = {
    storage: await openNodeStorage(setup.folder),
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url) => watched(connectSocketIo({ url })),
    openQuantum: setup.quantum ? openNodeQuantum : () => ({ begin: () => noRun, close: () => undefined }),
    onFault: (error) => console.error(`${setup.name}:`, error),
  }
  const { name, relayUrl, where } = setup
  if (where === undefined) return createClosedRoom(env, { relayUrl, name })
  const [, address = where, fragment = ''] = /^\/room\/([^#]+)(#.*)?$/.exec(where) ?? []
  const room = parseRoomAddress(address)
  if (!room) throw new Error(`no address: ${address}`)
  const known = await lookAtRoom(env, room, {})
  if (known.type === 'known') return returnToRoom(env, known.device, { relayUrl })
  const secret = parseLinkFragment(fragment)
  return joinRoom(env, room, { relayUrl, name, ...(secret ? { secret } : {}) })
}

function look({ snapshot }: RoomClient): Look {
  const { phase, connection, people, invitePath, address, timeline, epoch, trust } = snapshot
  const messages = timeline.filter((item) => item.kind === 'message')
  const events = timeline.flatMap((item) => (item.kind === 'system' ? [item.event] : []))
  return {
    phase: phase.at === 'refused' ? `refused: ${phase.code}: ${phase.message}` : phase.at,
    connection,
    people: people.length,
    ...(invitePath === undefined ? {} : { invitePath }),
    address,
    ids: messages.map(({ text }) => text),
    gaps: events.flatMap((event): [number, number][] => (event.type === 'gap' ? [[event.fromSeq, event.toSeq]] : [])),
    talking,
    sending: messages.filter(({ state }) => state === 'sending').length,
    notSent: messages.flatMap(({ state, text, problem }) => (state === 'not-sent' ? [`${text}: ${problem}`] : [])),
    catchingUp: snapshot.catchUp !== undefined,
    events: events.map((event) => event.type + ('reason' in event ? `:${event.reason}` : '')),
    epoch,
    ...(trust.roomCode ? { roomCode: trust.roomCode.digits } : {}),
    rssMiB: Math.round(process.memoryUsage.rss() / 1_048_576),
  }
}

let talking = false

/** Own messages, and what was last said of them: `ok` is written once, when the screen says so. */
const said = new Map<string, SendPhase>()

function watchScreen(room: RoomClient): void {
  let due = false
  const read = () => {
    due = false
    for (const item of room.snapshot.timeline) {
      if (item.kind !== 'message' || !item.author.self || said.get(item.text) === 'ok') continue
      const phase = item.state === 'sent' || item.state === 'delivered' ? 'ok' : 'fail'
      if (item.state === 'sending' || said.get(item.text) === phase) continue
      said.set(item.text, phase)
      note({ op: 'send', client: setup.name, id: item.text, phase })
    }
  }
  room.subscribe(() => {
    if (due) return
    due = true
    setTimeout(read, 20) // the whole screen is read, so not for each message of a burst
  })
}

const room = await enter()
// What a device shows first is the end of what it has: here all of it is looked at.
while (room.snapshot.earlierItems > 0) await room.showEarlier()
watchScreen(room)
process.on('message', (order: Order) => {
  if (order.do === 'look') process.send?.(look(room))
  else void talk(order)
})
process.on('disconnect', () => process.exit(1)) // whoever started it is gone
process.send?.('ready')

async function talk({ first, count, pauseMs }: Order & { do: 'talk' }): Promise<void> {
  talking = true
  for (let i = first; i < first + count; i++) {
    const id = `${setup.name} ${i}`
    note({ op: 'send', client: setup.name, id, phase: 'invoke' })
    await room.send(id)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  talking = false
}
