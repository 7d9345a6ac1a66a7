/** What is begun in a room, kept by this page from one composer to the next. */
import { useState } from 'preact/hooks'
import type { Draft, RoomAddress } from '../../client-gate.ts'
import { type Addressee, type Begun, begunIn, textFor, withAddressee, withText } from './begun.ts'

const byRoom = new Map<RoomAddress, Begun>()

interface Using {
  begun: Begun
  setText(to: Addressee, text: string): void
  textNow(to: Addressee): string
  /** What was begun before and what is now, after another one was chosen. */
  choose(to: Addressee): { before: Begun; now: Begun }
}

export function useBegun(room: RoomAddress, drafts: readonly Draft[], newest: Draft | undefined): Using {
  const [begun, draw] = useState(() => byRoom.get(room) ?? begunIn(drafts, newest))
  // Several changes may come before the next drawing.
  const now = (): Begun => byRoom.get(room) ?? begun
  function become(next: Begun): void {
    byRoom.set(room, next)
    draw(next)
  }
  return {
    begun,
    setText: (to, text) => become(withText(now(), to, text)),
    textNow: (to) => textFor(now(), to),
    choose(to) {
      const before = now()
      become(withAddressee(before, to))
      return { before, now: now() }
    },
  }
}
