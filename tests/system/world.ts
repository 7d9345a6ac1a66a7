/** A real relay and real clients in one process, for the stories of this folder. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type ClientEnv,
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
  type MemoryStorage,
  memoryLocks,
  nodeClock,
  nodeRandom,
  openMemoryStorage,
  openNodeQuantum,
} from '@qsec/client/node'
import { parseRoomAddress } from '@qsec/protocol'
import { type RelayOptions, type RunningRelay, startRelay } from '@qsec/server'
import { openProxy, type TcpProxy } from './proxy.ts'

export interface World {
  relay: RunningRelay
  url: string
  folder: string
  env(): ClientEnv
  /** Opens a closed room as `name`, and resolves once its maker is inside. */
  create(name: string, expected?: number, env?: ClientEnv): Promise<RoomClient>
  /** Joins by the invite path of `room`, or by a typed address. */
  join(name: string, where: string, env?: ClientEnv): Promise<RoomClient>
  /** Asks to be let in to a closed room without its link. */
  knock(name: string, address: string, env?: ClientEnv): Promise<RoomClient>
  /** Goes in again with the device that `env` has stored. */
  comeBack(env: ClientEnv, address: string): Promise<RoomClient>
  /** What surrounds a device whose network can be taken away and given back. */
  proxied(): Promise<ClientEnv>
  cut(env: ClientEnv): void
  mend(env: ClientEnv): void
  /** A second device's world with a copy of everything that `env` has stored. */
  copy(env: ClientEnv): ClientEnv
  /** `between`: while no relay runs. */
  restart(between?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openWorld(options: Partial<RelayOptions> = {}): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-system-'))
  const rooms: RoomClient[] = []
  const start = (port: number) =>
    startRelay({ port, host: '127.0.0.1', databasePath: path.join(folder, 'qsec2.db'), ...options })
  let relay = await start(0)
  const proxies = new Map<ClientEnv, TcpProxy>()
  const newEnv = (storage: MemoryStorage): ClientEnv => ({
    storage,
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url) => connectSocketIo({ url }),
    openQuantum: openNodeQuantum,
  })
  const world: World = {
    get relay() {
      return relay
    },
    get url() {
      return relay.url
    },
    folder,
    env: () => newEnv(openMemoryStorage()),
    async create(name, expected, env = world.env()) {
      const room = await createClosedRoom(env, {
        relayUrl: relay.url,
        name,
        ...(expected === undefined ? {} : { expected }),
      })
      rooms.push(room)
      await until(room, (s) => s.phase.at === 'member' && s.invitePath !== undefined)
      return room
    },
    async join(name, where, env = world.env()) {
      const [, address, fragment = ''] = /^\/room\/([^#]+)(#.*)?$/.exec(where) ?? []
      const secret = parseLinkFragment(fragment)
      const room = await joinRoom(env, parseRoomAddress(address)!, {
        relayUrl: relay.url,
        name,
        ...(secret ? { secret } : {}),
      })
      rooms.push(room)
      return room
    },
    async knock(name, address, env = world.env()) {
      const room = await joinRoom(env, parseRoomAddress(address)!, { relayUrl: relay.url, name, knocks: true })
      rooms.push(room)
      return room
    },
    async comeBack(env, address) {
      const entry = await lookAtRoom(env, parseRoomAddress(address)!, {})
      if (entry.type !== 'known') throw new Error('no stored device is free')
      const room = await returnToRoom(env, entry.device, { relayUrl: relay.url })
      rooms.push(room)
      return room
    },
    async proxied() {
      const proxy = await openProxy(() => relay.port)
      const env = {
        ...newEnv(openMemoryStorage()),
        connect: () => connectSocketIo({ url: `http://127.0.0.1:${proxy.port}` }),
      }
      proxies.set(env, proxy)
      return env
    },
    cut: (env) => proxies.get(env)!.cut(),
    mend: (env) => proxies.get(env)!.mend(),
    copy: (env) => newEnv((env.storage as MemoryStorage).clone()),
    async restart(between) {
      const { port } = relay
      await relay.close()
      await between?.()
      relay = await start(port)
    },
    async close() {
      await Promise.all(rooms.map((room) => room.close()))
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()))
      await relay.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return world
}

/** Resolves once `holds` is true of the room's picture; fails with that picture otherwise. */
export function until(
  room: RoomClient,
  holds: (snapshot: RoomSnapshot) => boolean,
  timeoutMs = 15_000,
): Promise<RoomSnapshot> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!holds(room.snapshot)) return
      clearTimeout(timer)
      stop()
      resolve(room.snapshot)
    }
    const stop = room.subscribe(look)
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`waited ${timeoutMs} ms in vain; the room shows ${summary(room.snapshot)}`))
    }, timeoutMs)
    look()
  })
}

/** What a failed wait prints: enough to see where a room stands. */
export function summary(snapshot: RoomSnapshot): string {
  const { phase, connection, epoch, people, timeline, quantum, waiting } = snapshot
  return JSON.stringify({
    phase,
    connection,
    epoch,
    waiting,
    people: people.map(({ name, shortId }) => name || shortId),
    label: quantum.label,
    links: quantum.links.map(({ state, stage, reason }) => ({ state, stage, reason })),
    timeline: timeline
      .slice(-12)
      .map((item) =>
        item.kind === 'message'
          ? `${item.author.name}: ${item.text.slice(0, 40)} (${item.state})`
          : item.event.type + ('reason' in item.event ? `:${item.event.reason}` : ''),
      ),
  })
}

export function texts(snapshot: RoomSnapshot): string[] {
  return snapshot.timeline.flatMap((item) => (item.kind === 'message' ? [item.text] : []))
}

export function hasText(text: string): (snapshot: RoomSnapshot) => boolean {
  return (snapshot) => texts(snapshot).includes(text)
}

export function events(snapshot: RoomSnapshot): string[] {
  return snapshot.timeline.flatMap((item) => (item.kind === 'system' ? [item.event.type] : []))
}
