import { expect, it } from 'vitest'
import type { Row } from '../../timeline-rows.ts'
import { Place } from './place.ts'

const rows: Row[] = Array.from({ length: 400 }, (_, i) => ({ row: 'day', key: `day ${i}`, atMs: 0 }))

/** As much of an element that scrolls as a place looks at: what is too high is cut off at its end. */
function makeLog(scrollHeight: number): HTMLElement {
  const clientHeight = 600
  let top = 0
  const log = {
    scrollHeight,
    clientHeight,
    querySelector: () => null,
    get scrollTop() {
      return top
    },
    set scrollTop(wanted: number) {
      top = Math.max(0, Math.min(wanted, scrollHeight - clientHeight))
    },
  }
  return log as unknown as HTMLElement
}

function lookedAtFromTheTop(): { place: Place; log: HTMLElement } {
  const place = new Place()
  place.take(rows)
  const log = makeLog(21_600)
  place.log = log
  place.show('day 5')
  place.drawn([])
  place.scrolled()
  return { place, log }
}

it('[MV8] who goes to the end stands there, also where the browser pulls the log up while its rows are drawn', () => {
  const { place, log } = lookedAtFromTheTop()
  expect(place.atBottom).toBe(false)
  place.toBottom()
  log.scrollTop = 20_400
  place.drawn([])
  place.scrolled()
  expect(place.atBottom).toBe(true)
  expect(log.scrollTop).toBe(21_000)
})

it('[MV8] and who scrolls up from there is not held', () => {
  const { place, log } = lookedAtFromTheTop()
  place.toBottom()
  place.drawn([])
  place.scrolled()
  log.scrollTop = 20_400
  place.scrolled()
  place.drawn([])
  expect(place.atBottom).toBe(false)
  expect(log.scrollTop).toBe(20_400)
})
