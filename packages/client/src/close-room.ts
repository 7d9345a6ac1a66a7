/** *Close this room*: a closed room takes an open one's place, and members are invited to it one by one (protocol.md §1). */
import type { DeviceId } from '@qsec/protocol'
import { parseRoomAddress } from '@qsec/protocol'
import { createClosedRoom, type EntryOptions, lookAtRoom, returnToRoom } from './client.ts'
import type { ClientEnv } from './entry.ts'
import type { Clock } from './ports.ts'
import { inviteLifetimeMs } from './room/invites.ts'
import { RoomRefusal } from './room/refusal.ts'
import type { RoomClient } from './room-client.ts'
import type { InvitedView, RoomSnapshot } from './snapshot.ts'

/** How long the new room may take to be there, and invitations to arrive at who is connected. */
const enterWaitMs = 20_000
const handWaitMs = 15_000

export interface CloseOptions extends EntryOptions {
  /** Devices of the members who are invited. */
  keep: readonly DeviceId[]
  /** Ends the open room once every one of `keep` has been handed an invitation. */
  end: boolean
  /** The room that an earlier try has made, where it is still open here. */
  successor?: RoomClient
  /** Hears of that room as soon as it is there, also where something fails later. It is the caller's to close. */
  onSuccessor?(successor: RoomClient): void
}

export interface ClosedRoom {
  successor: RoomClient
  /** Who could not be invited, and why. Then the open room has not been ended; a second call goes on. */
  failed: { device: DeviceId; refusal: RoomRefusal }[]
  ended: boolean
}

/**
 * Makes the closed room, or goes on with the one that an earlier call has made; makes a link for one person for each of
 * `keep` and hands it over in their pair group; then ends the open room. Nothing is done twice, and what was done stays:
 * `snapshot.successor` of the open room tells it, also after a restart.
 *
 * Rejects with a `RoomRefusal` where the room cannot be made or reached.
 */
export async function closeOpenRoom(env: ClientEnv, room: RoomClient, options: CloseOptions): Promise<ClosedRoom> {
  const { kind, agreement } = room.snapshot
  if (kind !== 'open' || !agreement?.may.lead) throw new RoomRefusal('may-not-close')
  const successor = options.successor ?? (await successorOf(env, room, options))
  options.onSuccessor?.(successor)
  // Before anything can go wrong with it: a later call finds it again.
  if (!room.snapshot.successor?.by.self) await room.noteSuccessor(`/room/${successor.snapshot.address}`)
  const isIn = ({ phase, agreement }: RoomSnapshot) => phase.at === 'member' && agreement !== undefined
  await reach(env.clock, successor, isIn, enterWaitMs)

  const refused = await inviteAll(room, successor, options.keep)
  const arrived = () => options.keep.every((device) => refused.has(device) || hasIt(room.snapshot, device))
  await reach(env.clock, room, arrived, handWaitMs).catch((error: unknown) => {
    if (!(error instanceof RoomRefusal)) throw error // who is slow to say that it has it has it all the same
  })
  for (const device of options.keep) {
    if (!refused.has(device) && !isHanded(stateOf(room.snapshot, device))) {
      refused.set(device, new RoomRefusal('not-handed'))
    }
  }
  const ends = options.end && refused.size === 0
  if (ends) await room.endRoom()
  return { successor, failed: [...refused].map(([device, refusal]) => ({ device, refusal })), ended: ends }
}

async function successorOf(env: ClientEnv, room: RoomClient, options: CloseOptions): Promise<RoomClient> {
  const { relayUrl, tab } = options
  const entry = { relayUrl, ...(tab ? { tab } : {}) }
  const { successor, self, agreement, expected, title } = room.snapshot
  if (successor?.by.self) {
    const address = parseRoomAddress(successor.path.slice('/room/'.length))!
    const found = await lookAtRoom(env, address, entry)
    if (found.type === 'new') throw new RoomRefusal('successor-elsewhere')
    return returnToRoom(env, found.device, entry)
  }
  const people = agreement?.capacity ?? expected
  const settings = { ...(people === undefined ? {} : { expected: people }), ...(title === undefined ? {} : { title }) }
  return createClosedRoom(env, { ...entry, name: self.name, ...settings })
}

/** Yields who could not be invited, and why. */
async function inviteAll(
  room: RoomClient,
  successor: RoomClient,
  keep: readonly DeviceId[],
): Promise<Map<DeviceId, RoomRefusal>> {
  const refused = new Map<DeviceId, RoomRefusal>()
  const noted = (device: DeviceId) => (error: unknown) => {
    if (!(error instanceof RoomRefusal)) throw error
    refused.set(device, error)
  }
  const handing: Promise<void>[] = []
  for (const device of keep) {
    const state = stateOf(room.snapshot, device)
    if (state === 'sending' || isHanded(state)) continue
    // One commit after the other makes the links; handing them over needs no order.
    const link = { mode: 'link', lifetimeMs: inviteLifetimeMs, uses: 1 } as const
    const path = await successor.makeInvite(link).catch(noted(device))
    if (path !== undefined) handing.push(room.inviteToSuccessor(device, path).catch(noted(device)))
  }
  await Promise.all(handing)
  return refused
}

function stateOf({ successor }: RoomSnapshot, device: DeviceId): InvitedView['state'] | undefined {
  return successor?.invited.find(({ person }) => person.device === device)?.state
}

function isHanded(state: InvitedView['state'] | undefined): boolean {
  return state === 'handed' || state === 'taken'
}

/** Whether the device has said that it has its invitation; of one that is away, whether the relay has. */
function hasIt(snapshot: RoomSnapshot, device: DeviceId): boolean {
  const state = stateOf(snapshot, device)
  const present = snapshot.people.some((person) => person.device === device && person.present)
  return present ? state === 'taken' : isHanded(state)
}

/** Resolves once `holds`. Rejects with `no-answer` after `withinMs`. */
function reach(
  clock: Clock,
  room: RoomClient,
  holds: (snapshot: RoomSnapshot) => boolean,
  withinMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      stop()
      cancel()
    }
    const look = () => {
      if (!holds(room.snapshot)) return
      end()
      resolve()
    }
    const stop = room.subscribe(look)
    const cancel = clock.after(withinMs, () => {
      end()
      reject(new RoomRefusal('no-answer'))
    })
    look()
  })
}
