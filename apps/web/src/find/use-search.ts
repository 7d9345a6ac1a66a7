/** A search while its words are typed: each change of them ends the search before and begins another. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundMessage, RoomClient, RoomSearch, SearchScope } from '../client-gate.ts'
import { reasonOf } from '../problems.ts'

export type Looking = {
  found: readonly FoundMessage[]
  /** For which words those were found: while others are typed they still stand there. */
  words: string
  looked: number
  of: number
} & (
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

const nothing: Looking = { at: 'nothing-asked', found: [], words: '', looked: 0, of: 0 }

export function useSearch(client: RoomClient, query: string): Search {
  const [looking, setLooking] = useState<Looking>(nothing)
  const [scope, setScope] = useState<SearchScope>()
  const [round, setRound] = useState(0)
  const search = useRef<Promise<RoomSearch>>(undefined)
  const ended = useRef<() => void>(() => undefined)
  /** By the person: what comes or changes begins nothing anew. */
  const stopped = useRef(false)
  /** The words of which everything was found. */
  const complete = useRef('')
  const words = query.trim()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const opened = client.openSearch(() => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (!stopped.current) setRound((n) => n + 1)
      }, changedMs)
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
    // Only because something came or changed: nobody waits for it, and nothing is said where the outcome is the same.
    const isAgain = words === complete.current
    if (!isAgain) complete.current = ''
    stopped.current = false
    if (words === '') {
      setLooking(nothing)
      return
    }
    let wanted = true
    ended.current = () => {
      wanted = false
    }
    // The list before stays until there is something in its place.
    if (!isAgain) setLooking((before) => ({ ...before, at: 'looking', looked: 0 }))
    const look = async (): Promise<void> => {
      let found: readonly FoundMessage[] = []
      let drawnMs = performance.now()
      for await (const step of (await search.current!).find(words)) {
        if (!wanted) return
        if (step.found.length > 0) found = [...found, ...step.found]
        if (!step.done && (isAgain || performance.now() - drawnMs < drawMs)) continue
        if (step.done) complete.current = words
        drawnMs = performance.now()
        setLooking({ at: step.done ? 'done' : 'looking', found, words, looked: step.looked, of: step.of })
        if (step.done) return
      }
      if (wanted) setLooking({ ...nothing, words, at: 'done' })
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
      stopped.current = true
      setLooking((before) => ({ ...before, at: 'stopped' }))
    },
    again: () => setRound((n) => n + 1),
  }
}
