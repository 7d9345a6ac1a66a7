/**
 * Comparing six pictures, one pair of people at a time. Each side first commits to a random number and opens it only when
 * it has the other's commitment, so nobody can choose a number that makes two different runs show the same pictures: an
 * attacker between the two has one try, which succeeds once in 2^36. A pure machine; `room/verification.ts` does the
 * sending and storing.
 */
import {
  type DeviceId,
  encodePersonKeys,
  equalBytes,
  type PersonKey,
  type RoomAddress,
  utf8,
  Writer,
} from '@qsec/protocol'
import { sha256, sha512 } from '../crypto/index.ts'
import { type Picture, symbols } from './symbols.ts'

export const picturesShown = 6
export const nonceBytes = 32

/** What both sides must agree about, or the pictures differ. */
export interface ComparisonFrame {
  room: RoomAddress
  /** 16 bytes in base64url, drawn by the asker. */
  run: string
  /** The epoch in which it was asked for, with its authenticator: it stays this one, whatever the room does meanwhile. */
  epoch: number
  authenticator: Uint8Array
  asker: readonly PersonKey[]
  asked: readonly PersonKey[]
}

export type Role = 'asker' | 'asked'

export type ComparisonState =
  /** The other has asked; the person here has not answered yet. */
  | { at: 'asked'; theirs: Uint8Array }
  /** This side's commitment is out. */
  | { at: 'waiting' }
  /** Both are committed; this side's number is out, theirs is not here yet. */
  | { at: 'committed'; theirs: Uint8Array }
  | { at: 'showing'; pictures: readonly Picture[] }
  /** The person here has said whether they match. */
  | { at: 'answered'; matched: boolean }
  | { at: 'over'; reason: EndReason }

/** `cancelled`: the other one did, or does not know the epoch any more. `broken`: a number did not open its commitment. */
export type EndReason = 'cancelled' | 'expired' | 'broken'

export interface Comparison {
  frame: ComparisonFrame
  peer: DeviceId
  role: Role
  nonce: Uint8Array
  state: ComparisonState
  /** What the other side says that it saw: a claim, shown as one. */
  theySay?: boolean
}

export type Step =
  | { step: 'accept'; commitment: Uint8Array }
  | { step: 'reveal'; nonce: Uint8Array }
  | { step: 'end'; matched?: boolean }

/** Neither answered nor broken off. */
export function isUnderWay({ state }: Comparison): boolean {
  return state.at !== 'answered' && state.at !== 'over'
}

/** Binds the number to the run, the side and its person, so that it opens nowhere else. */
export function commitmentOf(frame: ComparisonFrame, role: Role, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  const { room, run } = frame
  return sha256(
    new Writer()
      .raw(utf8('qsec/comparison/v1\0'))
      .text(room, 1)
      .text(run, 1)
      .text(role, 1)
      .bytes(encodePersonKeys(frame[role]), 2)
      .bytes(nonce, 1)
      .done(),
  )
}

export function ownCommitment({ frame, role, nonce }: Comparison): Uint8Array<ArrayBuffer> {
  return commitmentOf(frame, role, nonce)
}

function picturesOf(frame: ComparisonFrame, askers: Uint8Array, askeds: Uint8Array): readonly Picture[] {
  const { room, run, epoch, authenticator, asker, asked } = frame
  const hash = sha512(
    new Writer()
      .raw(utf8('qsec/comparison-pictures/v1\0'))
      .text(room, 1)
      .text(run, 1)
      .u53(epoch)
      .bytes(authenticator, 1)
      .bytes(encodePersonKeys(asker), 2)
      .bytes(encodePersonKeys(asked), 2)
      .bytes(askers, 1)
      .bytes(askeds, 1)
      .done(),
  )
  // The first 36 bits, six at a time.
  const bits = [...hash.subarray(0, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: picturesShown }, (_, i) => symbols[Number.parseInt(bits.slice(6 * i, 6 * i + 6), 2)]!)
}

/** The person here agrees to compare: this side commits too, and may open at once, since the asker is committed. */
export function agree(comparison: Comparison): Comparison {
  const { state } = comparison
  return state.at === 'asked' ? { ...comparison, state: { at: 'committed', theirs: state.theirs } } : comparison
}

/** What the other side said. `reveal`: this side's number goes out now. */
export function hear(comparison: Comparison, step: Step): { next: Comparison; reveal: boolean } {
  const { state } = comparison
  const move = (to: ComparisonState, reveal = false) => ({ next: { ...comparison, state: to }, reveal })
  switch (step.step) {
    case 'accept':
      return state.at === 'waiting' ? move({ at: 'committed', theirs: step.commitment }, true) : still(comparison)
    case 'reveal':
      return state.at === 'committed' ? move(opened(comparison, state.theirs, step.nonce)) : still(comparison)
    case 'end':
      if (step.matched !== undefined) return still({ ...comparison, theySay: step.matched })
      return isUnderWay(comparison) ? move({ at: 'over', reason: 'cancelled' }) : still(comparison)
  }
}

function still(next: Comparison): { next: Comparison; reveal: boolean } {
  return { next, reveal: false }
}

function opened({ frame, role, nonce }: Comparison, commitment: Uint8Array, theirs: Uint8Array): ComparisonState {
  const other: Role = role === 'asker' ? 'asked' : 'asker'
  if (theirs.length !== nonceBytes || !equalBytes(commitmentOf(frame, other, theirs), commitment)) {
    return { at: 'over', reason: 'broken' }
  }
  const pictures = role === 'asker' ? picturesOf(frame, nonce, theirs) : picturesOf(frame, theirs, nonce)
  return { at: 'showing', pictures }
}

/** The person here says whether the pictures are the same. */
export function answer(comparison: Comparison, matched: boolean): Comparison {
  return comparison.state.at === 'showing' ? { ...comparison, state: { at: 'answered', matched } } : comparison
}
