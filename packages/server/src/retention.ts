/**
 * Forgets metadata: lines of room logs that are older than the operator keeps them. Now and then it goes through the whole
 * log in small slices, with a pause after each, so that no message waits for it.
 */
import type { RelayLimits } from './limits.ts'
import { describeFault, type Reporter } from './report.ts'
import type { Store } from './store/store.ts'
import type { Tally } from './tally.ts'

export interface RetentionPorts {
  store: Store
  limits: RelayLimits
  tally: Tally
  report: Reporter
}

/** @returns ends it */
export function startRetention(ports: RetentionPorts): () => void {
  const { limits, report } = ports
  const ended = new AbortController()
  let timer: NodeJS.Timeout
  const again = (inMs: number) => {
    timer = setTimeout(() => {
      goThrough(ports, ended.signal)
        .catch((error: unknown) => {
          if (!ended.signal.aborted) report({ level: 'warn', event: 'old-log-not-deleted', ...describeFault(error) })
        })
        .finally(() => ended.signal.aborted || again(limits.retentionEveryMs))
    }, inMs)
    timer.unref()
  }
  again(limits.retentionFirstMs)
  return () => {
    ended.abort()
    clearTimeout(timer)
  }
}

async function goThrough({ store, limits, tally, report }: RetentionPorts, ended: AbortSignal): Promise<void> {
  const ages = { anyMs: limits.logAgeMs, trafficMs: limits.trafficLogAgeMs, endedMs: limits.endedRoomLogAgeMs }
  if (Object.values(ages).every((ms) => ms === Number.POSITIVE_INFINITY)) return
  const startedMs = performance.now()
  let lines = 0
  for (let after: number | undefined = 0; after !== undefined && !ended.aborted; ) {
    const slice = await store.deleteOldLines(after, limits.retentionSliceLines, ages)
    lines += slice.deleted
    tally.logLinesExpired += slice.deleted
    after = slice.next
    await pause(limits.retentionPauseMs)
  }
  if (lines === 0) return
  store.eraseSoon()
  report({ level: 'info', event: 'old-log-deleted', lines, tookMs: Math.round(performance.now() - startedMs) })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
