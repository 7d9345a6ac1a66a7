/**
 * A room of hundreds over a real relay, each real device in a process of its own, on a disk:
 *
 *     npm run bench -- mls/big-room [--members 1000] [--waves 4] [--messages 20] [--away] [--json]
 *
 * One device founds the room and lets everybody in; all others but one ask, by the link, and go away; the last one comes
 * in and talks with the founder. Every person has keys of their own. With `--away` the founder is not there while they ask,
 * and finds them all at once.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  createClosedRoom,
  joinRoom,
  lookAtRoom,
  parseLinkFragment,
  type RoomClient,
  type RoomSnapshot,
  returnToRoom,
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
import { startRelay } from '@qsec/server'
import { createDevice, createPersonKeys, makeKeyPackage } from '../../packages/client/src/crypto/index.ts'
import { loginAndJoin } from '../../packages/client/src/room/connection.ts'
import { toBase64Url } from '../../packages/protocol/src/index.ts'
import { rounded } from './measure.ts'

interface Told {
  what: string
  wallMs: number
  cpuMs: number
  rssMb: number
}
interface Order {
  role: 'founder' | 'joiner'
  url: string
  folder: string
  /** For a joiner. */
  path?: string
}
type Ask = { see: number } | { say: string[] } | { hear: string } | { away: boolean }

if (process.send) process.once('message', (order: Order) => void device(order))
else await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      members: { type: 'string', default: '1000' },
      waves: { type: 'string', default: '4' },
      messages: { type: 'string', default: '20' },
      away: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const [members, waves, messages] = [values.members, values.waves, values.messages].map(Number) as [
    number,
    number,
    number,
  ]
  const folder = mkdtempSync(join(tmpdir(), 'qsec-big-room-'))
  const relay = await startRelay({
    port: 0,
    host: '127.0.0.1',
    databasePath: join(folder, 'qsec2.db'),
    report: (report) => console.error(JSON.stringify(report)),
  })
  const rows: Told[] = []
  const note = (who: string, told: Told) => {
    const row = { ...told, what: `${who}: ${told.what}` }
    console.error(JSON.stringify(row))
    rows.push(row)
  }
  const open = (order: Omit<Order, 'url' | 'folder'>, name: string) =>
    actor({ ...order, url: relay.url, folder: join(folder, name) })

  const founder = open({ role: 'founder' }, 'founder')
  const { path } = await founder.first<{ path: string }>()
  let asked = 0
  for (let wave = 1; wave <= waves; wave++) {
    const upTo = Math.round(((members - 2) * wave) / waves)
    if (values.away) await founder.ask({ away: true })
    for (; asked < upTo; asked++) await knock(relay.url, path)
    if (values.away) note('founder', await founder.ask({ away: false }))
    note('founder', await founder.ask({ see: asked + 1 }))
  }
  const joiner = open({ role: 'joiner', path }, 'joiner')
  note('joiner', await joiner.first<Told>())
  note('founder', await founder.ask({ see: members }))
  const texts = Array.from({ length: messages }, (_, i) => `message ${i}`)
  const heard = joiner.ask({ hear: texts.at(-1)! })
  note(`founder, ${messages}`, await founder.ask({ say: texts }))
  note(`joiner, ${messages}`, await heard)
  const size = (name: string) => Math.round(statSync(join(folder, name)).size / 1e6)
  const disk = { relayMb: size('qsec2.db'), joinerMb: size('joiner/storage.db') }
  const result = { node: process.version, load: loadavg(), members, disk, rows }
  if (values.json) console.log(JSON.stringify(result, null, 2))
  else console.table(rows)
  founder.end()
  joiner.end()
  await new Promise((resolve) => setTimeout(resolve, 1_000)) // a profile of theirs may be on its way to the disk
  await relay.close()
  rmSync(folder, { recursive: true })
  process.exit(0)
}

/** Asks to be let in as a person of its own, and goes. */
async function knock(url: string, path: string): Promise<void> {
  const { address, secret } = placeOf(path)
  const personKeys = await createPersonKeys(nodeRandom)
  const nowMs = Date.now()
  const identity = await createDevice({ personKeys, room: address, name: 'Somebody', nowMs, random: nodeRandom })
  const shown = { rid: address, secret, expiresMs: nowMs + 86_400_000 }
  const { keyPackage } = await makeKeyPackage(identity, { nowMs, invite: shown })
  const transport = connectSocketIo({ url })
  while (transport.state !== 'connected') await new Promise((resolve) => setTimeout(resolve, 2))
  const answer = await loginAndJoin(transport, nodeClock, identity, address, secret, {})
  if (!answer?.ok) throw new Error(`not let to the door: ${answer?.code}`)
  const request = toBase64Url(keyPackage)
  const announced = await transport.request('announce_pubkey', { room: address, request })
  if (!announced?.ok) throw new Error(`not announced: ${announced?.code}`)
  transport.close()
}

function actor(order: Order) {
  const child = fork(new URL(import.meta.url).pathname, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.send(order)
  const next = <T>() => new Promise<T>((resolve) => child.once('message', (told) => resolve(told as T)))
  return {
    first: next,
    ask(ask: Ask): Promise<Told> {
      child.send(ask)
      return next<Told>()
    },
    end: () => child.disconnect(),
  }
}

// --- a device, in its own process --------------------------------------------------------------------------------

async function device({ role, url, folder, path }: Order): Promise<void> {
  const from = clock()
  const env = {
    storage: await openNodeStorage(folder),
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: () => connectSocketIo({ url }),
    openQuantum: openNodeQuantum,
    onFault: (error: unknown) => console.error(role, error),
  }
  let room: RoomClient
  if (role === 'founder') {
    room = await createClosedRoom(env, { relayUrl: url, name: 'Founder' })
    await until(room, (s) => s.phase.at === 'member' && s.invitePath !== undefined)
    process.send!({ path: room.snapshot.invitePath })
  } else {
    const { address, secret } = placeOf(path!)
    room = await joinRoom(env, address, { relayUrl: url, name: 'Last', secret })
    await until(room, (s) => s.phase.at === 'member')
    process.send!(from(`in a room of ${room.snapshot.people.length}`))
  }
  process.once('disconnect', () => process.exit(0))
  process.on('message', (ask: Ask) => void obey(ask).then((told) => process.send!(told)))

  async function obey(ask: Ask): Promise<Told> {
    if (!('away' in ask)) return talk(room, ask)
    const from = clock()
    if (ask.away) await room.close()
    else {
      const entry = await lookAtRoom(env, parseRoomAddress(room.snapshot.address)!, {})
      if (entry.type !== 'known') throw new Error('the founder has no device any more')
      room = await returnToRoom(env, entry.device, { relayUrl: url })
      await until(room, (s) => s.phase.at === 'member')
    }
    return from(ask.away ? 'away' : 'back')
  }
}

async function talk(room: RoomClient, ask: Exclude<Ask, { away: boolean }>): Promise<Told> {
  const from = clock()
  if ('see' in ask) {
    await until(room, (s) => s.people.length >= ask.see)
    return from(`${ask.see} are in`)
  }
  if ('say' in ask) {
    for (const text of ask.say) await room.send(text)
    await until(room, (s) => s.timeline.every((line) => line.kind !== 'message' || line.state !== 'sending'))
    return from('messages said')
  }
  await until(room, (s) => s.timeline.some((line) => line.kind === 'message' && line.text === ask.hear))
  return from('messages heard')
}

function clock(): (what: string) => Told {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  return (what) => {
    const { user, system } = process.cpuUsage(cpu)
    return {
      what,
      wallMs: Math.round(performance.now() - wall),
      cpuMs: rounded((user + system) / 1_000),
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
    }
  }
}

function placeOf(path: string) {
  const [, address, fragment = ''] = /^\/room\/([^#]+)(#.*)?$/.exec(path) ?? []
  return { address: parseRoomAddress(address)!, secret: parseLinkFragment(fragment)! }
}

function until(room: RoomClient, holds: (snapshot: RoomSnapshot) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (room.snapshot.phase.at === 'refused') console.error('refused', room.snapshot.phase)
      if (!holds(room.snapshot)) return
      stop()
      resolve()
    }
    const stop = room.subscribe(look)
    look()
  })
}
