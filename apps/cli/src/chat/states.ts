/** How far own messages have come: one short tag for the prompt, or a line each where nothing on the screen may change. */
import type { MessageView, RoomSnapshot } from '@qsec/client'
import { type Line, note, short } from './lines.ts'
import { isYou, stateWords } from './page.ts'

/** `Sending`, `2 Sending`, `Sent`, `Sent, 1 of 3`, `Delivered`; undefined where nothing was said by this device. */
export function stateTag({ timeline, files }: RoomSnapshot): string | undefined {
  const [making] = files.making
  if (making) return `Preparing ${short(making.name, 20)} ${percent(making.doneBytes, making.size)}`
  const own = timeline.filter((item) => item.kind === 'message' && item.author.self && !item.deleted) as MessageView[]
  for (const state of ['not-sent', 'held', 'sending'] as const) {
    const count = own.filter((one) => one.state === state).length
    if (count > 0) return count === 1 ? stateWords(state) : `${count} ${stateWords(state)}`
  }
  const last = own.at(-1)
  if (last?.state === 'sent' && last.meantFor > 1 && last.deliveredTo > 0) {
    return `${stateWords('sent')}, ${last.deliveredTo} of ${last.meantFor}`
  }
  return last && stateWords(last.state)
}

function percent(done: number, size: number): string {
  return `${size === 0 ? 100 : Math.floor((100 * done) / size)} %`
}

/**
 * For readers who hear lines: each own message once, as it is delivered, or as it is sent where nobody is there to get it.
 * Several at one time are one line. What was not sent the story tells.
 */
export class StateLines {
  readonly #open = new Set<string>()
  readonly #done = new Set<string>()

  /** Takes what was said before as told. */
  constructor({ timeline }: RoomSnapshot) {
    for (const { key } of timeline) this.#done.add(key)
  }

  take({ timeline, people }: RoomSnapshot): Line[] {
    const alone = !people.some((one) => !isYou(one) && one.present)
    const told: MessageView[] = []
    for (const item of timeline) {
      if (item.kind !== 'message' || !item.author.self || this.#done.has(item.key)) continue
      if (item.state === 'delivered' || (item.state === 'sent' && alone)) {
        this.#done.add(item.key)
        told.push(item)
      } else if (item.state === 'held' && !this.#open.has(item.key)) {
        this.#open.add(item.key)
        told.push(item)
      }
    }
    const states = [...new Set(told.map(({ state }) => state))]
    return states.map((state) => {
      const those = told.filter((one) => one.state === state)
      const what = those.length === 1 ? short(those[0]!.text) || 'file' : `${those.length} messages`
      return note(`${stateWords(state)}: ${what}`)
    })
  }
}
