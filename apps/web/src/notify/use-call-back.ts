/** Fetches what calls somebody back to the room, once the room had time to open or they look elsewhere. */
import { useEffect, useRef } from 'preact/hooks'
import type { RoomClient } from '../client-gate.ts'
import { attempt } from '../problems.ts'
import { problemWords } from '../words/problems.ts'

const soonMs = 3_000

export function useCallBack(client: RoomClient, jump: (key: string) => Promise<unknown>): void {
  const newest = useRef(jump)
  newest.current = jump
  useEffect(() => {
    let stop: (() => void) | undefined
    let wanted = true
    const wasSeen = document.visibilityState === 'visible'
    // What comes while the part is fetched calls as well.
    const before = client.snapshot.timeline
    const started = new AbortController()
    const start = (): void => {
      started.abort()
      clearTimeout(timer)
      attempt(
        import('./attention.ts').then(({ callBack }) => {
          if (wanted) stop = callBack(client, (key) => attempt(newest.current(key), ''), { wasSeen, before })
        }),
        problemWords.noPart,
      )
    }
    const timer = setTimeout(start, soonMs)
    document.addEventListener('visibilitychange', start, { signal: started.signal })
    window.addEventListener('blur', start, { signal: started.signal })
    return () => {
      wanted = false
      started.abort()
      clearTimeout(timer)
      stop?.()
    }
  }, [client])
}
