/**
 * What forgetting old lines of the room log costs a relay that is in use:
 *
 *   npm run bench -- relay/retention [--lines 100000]
 *
 * A database whose lines are all old, somebody who asks for /healthz every 5 ms, and the event loop's delay while the lines
 * go in the slices and pauses of a real relay; before it, the same without anything to delete.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRelay } from '@qsec/server'

const at = process.argv.indexOf('--lines')
const lines = Number(at > 0 ? process.argv[at + 1] : 100_000)
const folder = mkdtempSync(path.join(tmpdir(), 'qsec-bench-'))
const databasePath = path.join(folder, 'qsec2.db')
const quietMs = 3_000

/** Lines as the relay writes them, of one room in which it wrote all the time. */
function fill(): void {
  const db = new DatabaseSync(databasePath)
  const insert = db.prepare('insert into room_logs (room_id, event, data, created_at) values (?, ?, ?, ?)')
  db.exec('begin')
  for (let i = 0; i < lines; i++) {
    const data = `seq=${i} bytes=1024 device=${'x'.repeat(22)} epoch=7`
    insert.run(`room${i % 50}`, 'MSG_RELAYED', data, i)
  }
  db.exec('commit')
  db.close()
}

interface Figures {
  ms: number
  loopDelayMs: { p50: number; p99: number; max: number }
  answerMs: { p50: number; p99: number; max: number }
}

async function measure(url: string, over: () => Promise<unknown>): Promise<Figures> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const answers: number[] = []
  let isOver = false
  delay.enable()
  const from = performance.now()
  const asking = (async () => {
    while (!isOver) {
      const askedMs = performance.now()
      await (await fetch(`${url}/healthz`)).text()
      answers.push(performance.now() - askedMs)
      await sleep(5)
    }
  })()
  await over()
  isOver = true
  await asking
  delay.disable()
  answers.sort((a, b) => a - b)
  const round = (ms: number) => Math.round(100 * ms) / 100
  const answer = (share: number) => round(answers[Math.min(answers.length - 1, Math.floor(share * answers.length))]!)
  const loop = (percent: number) => round(delay.percentile(percent) / 1e6 - 1)
  return {
    ms: Math.round(performance.now() - from),
    loopDelayMs: { p50: loop(50), p99: loop(99), max: round(delay.max / 1e6 - 1) },
    answerMs: { p50: answer(0.5), p99: answer(0.99), max: answer(1) },
  }
}

try {
  const quiet = await startRelay({ databasePath })
  const before = await measure(quiet.url, () => sleep(quietMs))
  await quiet.close()
  fill()
  const { promise: deleted, resolve } = Promise.withResolvers<void>()
  const report = ({ event }: { event: string }) => void (event === 'old-log-deleted' && resolve())
  const relay = await startRelay({ databasePath, report, limits: { retentionFirstMs: 200 } })
  const meanwhile = await measure(relay.url, () => deleted)
  await relay.close()
  console.log(JSON.stringify({ lines, load: loadavg()[0], before, meanwhile }, undefined, 2))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
