/** The room over the whole screen. Esc ends it, which is the browser's own doing. */
import { useEffect, useState } from 'preact/hooks'
import { attempt } from '../problems.ts'
import { roomWords } from '../words/room.ts'

export interface Fullscreen {
  on: boolean
  switch(): void
}

function isFull(): boolean {
  return typeof document !== 'undefined' && Boolean(document.fullscreenElement)
}

/** Undefined where the browser has none, as on telephones of Apple. */
export function useFullscreen(): Fullscreen | undefined {
  const [on, setOn] = useState(isFull)
  useEffect(() => {
    const update = (): void => setOn(isFull())
    document.addEventListener('fullscreenchange', update)
    return () => document.removeEventListener('fullscreenchange', update)
  }, [])
  if (typeof document === 'undefined' || !document.fullscreenEnabled) return undefined
  return {
    on,
    switch() {
      const work = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
      attempt(work, roomWords.noFullscreen)
    },
  }
}
