/** A search while its words are typed: each change of them ends the search before and begins another. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundMessage, RoomClient, RoomSearch, SearchScope } from '../client-gate.ts'
import { reasonOf } from '../problems.ts'

export type Looking = { found: readonly FoundMessage[]; looked: number; of: number } & (
  | { at: 'nothing-asked' }
  | { at: 'looking' }
  | { at: 'done' }
  | { at: 'stopped' }
  | { at: 'failed'; reason: string }
)

interface Search {
  looking: Looking
  scope: SearchScope | undefined
  stop(): void
  again(): void
}

/** Typing goes on this long before a search begins. */
const pauseMs = 150
/** What has been found is drawn anew at most so often. */
const drawMs = 120
/** A message came or changed: what was found is looked at once more after this. */
const changedMs = 800

const nothing: Looking = { at: 'nothing-asked', found: [], looked: 0, of: 0 }

export function useSearch(client: RoomClient, query: string): Search {
  const [looking, setLooking] = useState<Looking>(nothing)
  const [scope, setScope] = useState<SearchScope>()
  const [round, setRound] = useState(0)
  const search = useRef<Promise<RoomSearch>>(undefined)
  const ended = useRef<() => void>(() => undefined)
  const words = query.trim()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const opened = client.openSearch(() => {
      clearTimeout(timer)
      timer = setTimeout(() => setRound((n) => n + 1), changedMs)
    })
    search.current = opened
    opened.then((one) => one.scope()).then(setScope, failed)
    return () => {
      clearTimeout(timer)
      opened.then((one) => one.close()).catch(() => undefined) // it was said where it was wanted
    }
  }, [client])

  function failed(error: unknown): void {
    setLooking((before) => ({ ...before, at: 'failed', reason: reasonOf(error) }))
  }

  useEffect(() => {
    if (words === '') {
      setLooking(nothing)
      return
    }
    let wanted = true
    ended.current = () => {
      wanted = false
    }
    // The list before stays until there is something in its place.
    setLooking((before) => ({ ...before, at: 'looking', looked: 0 }))
    const look = async (): Promise<void> => {
      let found: readonly FoundMessage[] = []
      let drawnMs = performance.now()
      for await (const step of (await search.current!).find(words)) {
        if (!wanted) return
        if (step.found.length > 0) found = [...found, ...step.found]
        if (!step.done && performance.now() - drawnMs < drawMs) continue
        drawnMs = performance.now()
        setLooking({ at: step.done ? 'done' : 'looking', found, looked: step.looked, of: step.of })
        if (step.done) return
      }
      if (wanted) setLooking({ ...nothing, at: 'done' })
    }
    const timer = setTimeout(() => {
      look().catch((error: unknown) => {
        if (wanted) failed(error)
      })
    }, pauseMs)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [words, round])

  return {
    looking,
    scope,
    stop() {
      ended.current()
      setLooking((before) => ({ ...before, at: 'stopped' }))
    },
    again: () => setRound((n) => n + 1),
  }
}
