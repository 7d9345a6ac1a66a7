import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { type LogLevel, logLevels, openLog } from './log.ts'
import type { ReportRecord } from './report.ts'

function linesOf(level: LogLevel, ...records: ReportRecord[]): string[] {
  const lines: string[] = []
  const report = openLog(level, { write: (line) => void lines.push(line) })
  for (const record of records) report(record)
  return lines
}

it('[OP4] a record is one JSON line with its time, level, event and fields, and nothing of the machine', () => {
  const [line = ''] = linesOf('info', { level: 'info', event: 'started', port: 5000, ready: true, gone: undefined })
  expect(line).toMatch(/^\{[^\n]*\}\n$/)
  const { at, ...rest } = JSON.parse(line) as Record<string, unknown>
  expect(new Date(String(at)).toISOString()).toBe(at)
  expect(rest).toEqual({ level: 'info', event: 'started', port: 5000, ready: true })
})

it('[OP4] no value can break the line, steer a terminal, or fill the disk', () => {
  const nasty = '\u001b[2J\r\n{"level":"error"}\u2028\u202e\u0000\u009b\ud800'
  const [line = ''] = linesOf('warn', { level: 'warn', event: 'x', error: nasty + 'y'.repeat(100_000) })
  expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u)
  expect(line).toContain('\\\\u{1b}[2J')
  expect(line.length).toBeLessThan(600)
  expect(JSON.parse(line)).toMatchObject({ event: 'x' })
})

it('[OP5] the level decides what is said', () => {
  const all = logLevels.map((level): ReportRecord => ({ level, event: level }))
  const said = (level: LogLevel) => linesOf(level, ...all).map((line) => (JSON.parse(line) as { event: string }).event)
  expect(said('error')).toEqual(['error'])
  expect(said('warn')).toEqual(['error', 'warn'])
  expect(said('info')).toEqual(['error', 'warn', 'info'])
  expect(said('debug')).toEqual(['error', 'warn', 'info', 'debug'])
})

it('[OP4] the last line before a process ends is on standard error, and nothing is on standard output', () => {
  const script = `import { openLog } from ${JSON.stringify(path.join(import.meta.dirname, 'log.ts'))}
    openLog('error')({ level: 'error', event: 'last' }); process.exit(3)`
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(done).toMatchObject({ status: 3, stdout: '' })
  expect(JSON.parse(done.stderr)).toMatchObject({ level: 'error', event: 'last' })
})
