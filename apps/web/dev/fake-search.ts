/** A search over a made-up timeline, slow enough to be seen; `break` makes it fail. */
import type { FoundMessage, RoomSearch, TimelineItem } from '../src/client-gate.ts'

const stepMs = 120

export function fakeSearch(items: () => readonly TimelineItem[]): RoomSearch {
  return {
    async *find(query) {
      const words = query.toLowerCase().split(/\s+/u).filter(Boolean)
      if (words.length === 0) return
      if (query === 'break') throw new Error('The storage of this browser cannot be read.')
      const messages = items().flatMap((item) => (item.kind === 'message' && !item.deleted ? [item] : []))
      const newest = messages.toReversed()
      const slice = Math.max(1, Math.ceil(newest.length / 8))
      for (let at = 0; at <= newest.length; at += slice) {
        await new Promise((resolve) => setTimeout(resolve, stepMs))
        const found = newest.slice(at, at + slice).flatMap(({ key, author, atMs, text }): FoundMessage[] => {
          const small = text.toLowerCase()
          if (!words.every((word) => small.includes(word) || author.name.toLowerCase().includes(word))) return []
          const places = words.flatMap((word) => {
            const from = small.indexOf(word)
            return from < 0 ? [] : [[from, from + word.length] as const]
          })
          return [{ key, author, atMs, text, places: places.sort(([a], [b]) => a - b) }]
        })
        const looked = Math.min(newest.length, at + slice)
        const done = looked === newest.length
        yield { looked, of: newest.length, found, done }
        if (done) return
      }
    },
    async scope() {
      const first = items()[0]
      return { messages: items().length, ...(first ? { sinceMs: first.atMs } : {}) }
    },
    close: () => undefined,
  }
}
