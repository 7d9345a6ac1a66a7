/** Waiting for something of a room: to be let in, to have said everything, to be out of it. */
import type { Phase, RoomClient, RoomSnapshot } from '@qsec/client'

/** How a device's time in the room ended; `why` is one line for people. */
export type RoomEnd = { ok: true } | { ok: false; why: string }

/** The end that a phase is; undefined while the device is on its way into the room, or inside. */
export function endOf(phase: Phase): RoomEnd | undefined {
  switch (phase.at) {
    case 'left':
      return { ok: true }
    case 'removed':
      return { ok: false, why: 'This device was removed from the room.' }
    case 'ended':
      return { ok: false, why: 'The room was ended for everybody.' }
    case 'refused':
      return { ok: false, why: phase.message }
    case 'connecting':
    case 'waiting':
    case 'knocking':
    case 'member':
    case 'rejoining':
      return undefined
  }
}

/** Resolves with the first snapshot of which that holds, this one included. */
export function untilSnapshot(room: RoomClient, holds: (snapshot: RoomSnapshot) => boolean): Promise<RoomSnapshot> {
  if (holds(room.snapshot)) return Promise.resolve(room.snapshot)
  return new Promise((resolve) => {
    const stop = room.subscribe(() => {
      const { snapshot } = room
      if (!holds(snapshot)) return
      stop()
      resolve(snapshot)
    })
  })
}

/** Waits for the door to open. False: it never will. */
export async function untilInside(room: RoomClient): Promise<boolean> {
  const outside = ['connecting', 'waiting', 'knocking']
  const { phase } = await untilSnapshot(room, ({ phase }) => !outside.includes(phase.at))
  return phase.at === 'member' || phase.at === 'rejoining'
}

/** Resolves once no own message is under way any more, and somebody has taken every file that was sent. */
export async function untilSaid(room: RoomClient): Promise<RoomEnd> {
  const { timeline } = await untilSnapshot(
    room,
    ({ timeline, files }) =>
      ![...files.states.values()].some((state) => state.at === 'here' && state.givenBytes !== undefined) &&
      !timeline.some((item) => item.kind === 'message' && (item.state === 'sending' || item.state === 'held')),
  )
  const failed = timeline.some((item) => item.kind === 'message' && item.state === 'not-sent')
  return failed ? { ok: false, why: 'Not every message could be sent.' } : { ok: true }
}
