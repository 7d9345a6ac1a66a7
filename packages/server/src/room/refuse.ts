/** Refusals, said once and alike. */
import type { PairId, Refusal, RefusalCode } from '@qsec/protocol'
import type { Position } from '../stream/stream.ts'

export function refuse(code: RefusalCode, message: string): Refusal {
  return { ok: false, code, message }
}

/** The same words for a room that does not exist and for one that this device may not enter. */
export function refuseAccess(): Refusal {
  return refuse('no-access', 'There is no such room, or this device may not enter it. Ask for a new invite link.')
}

export function refuseNonMember(): Refusal {
  return refuse('no-access', 'This device is not a member of the room.')
}

export function refuseStale(position: Position): Refusal {
  const { inc, epoch, seq } = position
  return { ...refuse('stale-epoch', 'The epoch has moved on. Catch up, then seal again.'), inc, epoch, seq }
}

export function refuseOrder(position: Position, n: number): Refusal {
  const { inc, epoch, seq } = position
  return { ...refuse('out-of-order', `The next frame of this device has to carry n=${n}.`), inc, epoch, seq, n }
}

export function refusePair(pair: PairId): Refusal {
  return { ...refuse('exists', 'These two devices have a pair already. Use it, or name it in open.replaces.'), pair }
}

export function unavailable(): Refusal {
  return refuse('unavailable', 'The relay cannot store this now. Try again in a moment.')
}
