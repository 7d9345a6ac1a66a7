/** What a room is called on screens: by its people, or by its kind and the beginning of its address. */
import { type Signal, signal } from '@preact/signals'
import { kindOf, shortAddress } from './address.ts'
import type { RoomAddress } from './client-gate.ts'
import { roomTitle } from './words/door.ts'
import { isolated } from './words/locale.ts'

/** That of the room on the screen, if its people gave it one. */
export const titleOnScreen: Signal<string | undefined> = signal()

export function roomName(address: RoomAddress, title?: string): string {
  return title ? isolated(title) : roomTitle(kindOf(address), shortAddress(address))
}
