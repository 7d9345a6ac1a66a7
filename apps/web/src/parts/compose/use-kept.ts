/** Does something a moment after it was last asked for, and at once when the page is put away. */
import { useEffect, useRef } from 'preact/hooks'

const pauseMs = 400

export function useKept(keep: () => void): () => void {
  const newest = useRef(keep)
  newest.current = keep
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    const now = (): void => {
      if (timer.current === undefined) return
      clearTimeout(timer.current)
      timer.current = undefined
      newest.current()
    }
    const onHidden = (): void => {
      if (document.visibilityState === 'hidden') now()
    }
    document.addEventListener('visibilitychange', onHidden)
    window.addEventListener('pagehide', now)
    return () => {
      document.removeEventListener('visibilitychange', onHidden)
      window.removeEventListener('pagehide', now)
      now()
    }
  }, [])
  return () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      timer.current = undefined
      newest.current()
    }, pauseMs)
  }
}
