/**
 * Keeps the reader's place in a list of which only a part is drawn: at the end it follows the end, anywhere else the row at
 * the upper edge stays where it is, whatever is added, measured or taken away above or below.
 */
import type { Row } from '../../timeline-rows.ts'
import { Heights, type Range } from './heights.ts'

/** As near to the end as this still counts as reading the end. */
const bottomPx = 60
/** So many heights of the window are drawn above and below it. */
const ahead = 1

export class Place {
  readonly heights: Heights = new Heights()
  /** The element that scrolls, and what stands in it above the first row. */
  log: HTMLElement | undefined
  atBottom = true
  range: Range = { from: 0, to: 0 }
  /** The row at the upper edge, and where it stood in all that scrolls when the reader was last known to be there. */
  #anchor: { key: string; top: number } | undefined
  /** Where the log was scrolled to when it was looked at last, and how high all that scrolls was then. */
  #last = { top: 0, height: 0, view: 0 }
  #viewPx = 800
  #topPx = 0

  /** Other rows. Which of them to draw is in `range` then. */
  take(rows: readonly Row[]): void {
    this.heights.take(rows)
    this.#choose()
  }

  /** The reader scrolled. True where other rows have to be drawn. */
  scrolled(): boolean {
    const { log, heights } = this
    if (!log) return false
    this.#look()
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < bottomPx
    // The first step of a wheel that turns up is a small one: whoever goes up is not held at the end.
    const goesUp = log.scrollHeight === this.#last.height && log.scrollTop < this.#last.top - 1
    this.atBottom = near && !goesUp
    this.#remember()
    const top = log.scrollTop - this.#topPx
    const at = heights.at(Math.max(0, top))
    this.#anchorAt(at)
    // Half of what is drawn ahead is left before more is drawn: not each step of a wheel draws anew.
    const [first, last] = [top - (this.#viewPx * ahead) / 2, top + this.#viewPx * (1 + ahead / 2)]
    const wanted = heights.between(first, last)
    if (wanted.from >= this.range.from && wanted.to <= this.range.to) return false
    this.#choose()
    return true
  }

  /** What was drawn has its heights: the place is put right. True where other rows have to be drawn. */
  drawn(rows: Iterable<HTMLElement>): boolean {
    const { log, heights } = this
    if (!log) return false
    let changed = false
    for (const row of rows) {
      const { key } = row.dataset
      if (key !== undefined) changed = heights.measure(key, row.getBoundingClientRect().height) || changed
    }
    if (changed) heights.settle()
    const viewBefore = this.#viewPx
    const topBefore = this.#topPx
    this.#look()
    this.#restore()
    if (!changed && viewBefore === this.#viewPx && topBefore === this.#topPx) return false
    const { from, to } = this.range
    this.#choose()
    return this.range.from < from || this.range.to > to
  }

  /** Puts the row of that key into the middle of the window, or a given share of it from the top. */
  show(key: string, share = 0.3): boolean {
    const { log, heights } = this
    const at = heights.indexOf(key)
    if (!log || at === undefined) return false
    this.#look()
    this.atBottom = false
    this.#anchorAt(at)
    log.scrollTop = this.#topPx + heights.topOf(at) - this.#viewPx * share
    this.#remember()
    this.#choose()
    return true
  }

  toBottom(): void {
    this.atBottom = true
    this.#last.height = 0
    this.#anchor = undefined
    this.#choose()
    this.#restore()
    // Once more when the rows there are drawn: while they are put in, the browser may lay the log out when it is lower for a
    // moment and pull it up, and at the end it can be as high as before.
    this.#last.height = 0
  }

  /** Where that row stands: above what is seen, in it, or below; undefined where it is no row. */
  sideOf(key: string): 'above' | 'seen' | 'below' | undefined {
    const at = this.heights.indexOf(key)
    if (at === undefined || !this.log) return undefined
    const top = this.log.scrollTop - this.#topPx
    if (this.heights.topOf(at + 1) < top) return 'above'
    return this.heights.topOf(at) > top + this.#viewPx ? 'below' : 'seen'
  }

  #look(): void {
    const { log } = this
    if (!log) return
    this.#viewPx = log.clientHeight
    const rows = log.querySelector<HTMLElement>('.drawn')
    this.#topPx = rows ? rows.offsetTop : 0
  }

  #anchorAt(index: number): void {
    const key = this.heights.keyAt(index)
    this.#anchor = key === undefined ? undefined : { key, top: this.#topPx + this.heights.topOf(index) }
  }

  /**
   * Scrolls by as much as the row at the upper edge has moved. Never to a place that was remembered: meanwhile a wheel or a
   * finger may have moved on.
   */
  #restore(): void {
    const { log } = this
    if (!log) return
    if (this.atBottom) {
      // Only where the end is another: a scroll that is under way would be broken off.
      if (log.scrollHeight !== this.#last.height || log.clientHeight !== this.#last.view)
        log.scrollTop = log.scrollHeight
      this.#remember()
      return
    }
    const moved = this.#moved
    if (!this.#anchor || Math.abs(moved) < 0.1) return
    log.scrollTop += moved
    this.#anchor.top += moved
    this.#remember()
  }

  #remember(): void {
    const { scrollTop: top, scrollHeight: height, clientHeight: view } = this.log!
    this.#last = { top, height, view }
  }

  get #moved(): number {
    const at = this.#anchor && this.heights.indexOf(this.#anchor.key)
    return at === undefined ? 0 : this.#topPx + this.heights.topOf(at) - this.#anchor!.top
  }

  #choose(): void {
    const { heights, log } = this
    const px = this.#viewPx
    const top = this.atBottom || !log ? heights.whole - px : log.scrollTop - this.#topPx + this.#moved
    this.range = heights.between(top - px * ahead, top + px * (1 + ahead))
  }
}
