/** What is drawn of earlier messages: asks and offers, what is on its way, and the blocks of what was shared. */
import type { DeviceId } from '@qsec/protocol'
import type { EarlierBlockView, EarlierView, PersonView, QuotedView } from '../snapshot.ts'
import type { Desk } from './desk.ts'
import type { Giver } from './giver.ts'
import type { QuoteBlock, Quotes } from './quotes.ts'
import { askAgainMs } from './records.ts'

/** A clock that runs ahead by less is nothing to remark on. */
const slackMs = 10 * 60_000

export class EarlierPicture {
  readonly #desk: Desk
  readonly #quotes: Quotes
  readonly #giver: Giver
  #last: { words: string; view: EarlierView } | undefined
  #drawn: { from: readonly QuoteBlock[]; sharers: readonly PersonView[]; blocks: readonly EarlierBlockView[] } = {
    from: [],
    sharers: [],
    blocks: [],
  }

  constructor(desk: Desk, quotes: Quotes, giver: Giver) {
    this.#desk = desk
    this.#quotes = quotes
    this.#giver = giver
  }

  /** The same object while nothing in it changes: a page draws the conversation anew with it. */
  draw(person: (device: DeviceId) => PersonView): EarlierView {
    const view = this.#draw(person)
    const { blocks, ...rest } = view
    const words = JSON.stringify(rest)
    if (this.#last?.words !== words || this.#last.view.blocks !== blocks) this.#last = { words, view }
    return this.#last.view
  }

  #draw(person: (device: DeviceId) => PersonView): EarlierView {
    const { core } = this.#desk.parts
    const { ask, askedMs, asks, offers, giving } = this.#desk.records
    const given = new Set(giving.map(({ to }) => to))
    const toGive = asks
      .filter(({ device }) => !given.has(device))
      .map(({ device, count }) => ({ device, count, have: Math.min(count, this.#giver.have(device)) }))
      .filter(({ have }) => have > 0)
    return {
      cameLater: core.timeline.cameLater,
      ...(ask ? { ask: { count: ask.count, over: ask.over } } : {}),
      ...(core.nowMs - askedMs < askAgainMs && core.nowMs >= askedMs ? { askAgainMs: askedMs + askAgainMs } : {}),
      asks: toGive.map(({ device, count, have }) => ({ from: person(device), count, have })),
      offers: offers.map(({ device, count }) => ({ from: person(device), count })),
      giving: giving.map(({ to, state, count, taken }) => ({ to: person(to), state, count, taken })),
      blocks: this.#blocks(person),
    }
  }

  /** The same objects while nothing in them changes: they can be long. */
  #blocks(person: (device: DeviceId) => PersonView): readonly EarlierBlockView[] {
    const { blocks } = this.#quotes
    const sharers = blocks.map(({ from }) => person(from))
    const before = this.#drawn
    if (before.from !== blocks || sharers.some((one, i) => one !== before.sharers[i])) {
      this.#drawn = { from: blocks, sharers, blocks: blockViews(blocks, person) }
    }
    return this.#drawn.blocks
  }
}

/**
 * The blocks in the order in which they came. What a later sharer has in the very same words stands in the first block
 * alone, with the names of all who shared it.
 */
export function blockViews(
  blocks: readonly QuoteBlock[],
  person: (device: DeviceId) => PersonView,
): readonly EarlierBlockView[] {
  const shown = new Map<string, QuotedView & { alsoBy: PersonView[] }>()
  return blocks.map((block): EarlierBlockView => {
    const sharedBy = person(block.from)
    const messages: QuotedView[] = []
    let sharedBefore = 0
    for (const message of block.messages) {
      const { id, atMs, ...said } = message
      const same = JSON.stringify([id, said.person, said.name, atMs, said.text])
      const first = shown.get(same)
      if (first) {
        first.alsoBy.push(sharedBy)
        sharedBefore++
        continue
      }
      const doubtful = atMs > block.atMs + slackMs
      const view = { key: `q${block.order}/${id}`, ...said, atMs, ...(doubtful ? { doubtfulTime: true as const } : {}) }
      const kept = { ...view, alsoBy: [] }
      shown.set(same, kept)
      messages.push(kept)
    }
    const { order, state, total, next: taken } = block
    return { key: `q${order}`, sharedBy, atMs: block.atMs, state, total, taken, sharedBefore, messages }
  })
}
