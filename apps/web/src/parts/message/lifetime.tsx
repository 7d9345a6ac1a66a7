/** When a message goes: how long it lives, and once its time has begun, how much of it is left. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MessageView } from '../../client-gate.ts'
import { durationWords, lifetimeWords } from '../../words/lifetime.ts'
import { Icon } from '../icon.tsx'

interface Props {
  lifetime: NonNullable<MessageView['lifetime']>
  own: boolean
}

const minuteMs = 60_000

export function Lifetime({ lifetime: { seconds, goesMs }, own }: Props): JSX.Element {
  const [, draw] = useState(0)
  // A clock that was put back meanwhile gives it no more than it had.
  const leftMs = goesMs === undefined ? undefined : Math.min(goesMs - Date.now(), seconds * 1_000)
  useEffect(() => {
    if (leftMs === undefined || leftMs <= 0) return
    // In its last minute by seconds, before that by minutes.
    const timer = setTimeout(() => draw((n) => n + 1), leftMs > minuteMs ? leftMs % minuteMs || minuteMs : 1_000)
    return () => clearTimeout(timer)
  })
  const duration = durationWords(seconds)
  const words =
    leftMs === undefined
      ? own
        ? lifetimeWords.waitsOwn(duration)
        : lifetimeWords.waits(duration)
      : lifetimeWords.goes(leftMs)
  return (
    <span class="lifetime" title={words}>
      <Icon name="timer" />
      <span class="unseen">{words}</span>
      <span aria-hidden="true">{leftMs === undefined ? duration : lifetimeWords.goesShort(leftMs)}</span>
    </span>
  )
}
