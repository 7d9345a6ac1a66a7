/** docs/operations.md says what the relay has: its metrics, the events of its log, its commands. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { relay } from '../test/harness.ts'
import { openLog } from './log.ts'
import type { ReportRecord } from './report.ts'

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/operations.md'), 'utf8')

function blocks(info: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!)
}

it('[OP24] every metric stands on the page of the operator, and its alert rules name no other', async () => {
  const { relay: running } = await relay({ metrics: { port: 0, host: '127.0.0.1' } })
  const body = await (await fetch(`http://127.0.0.1:${running.metricsPort}/metrics`)).text()
  const families = [...body.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!)
  expect(families.length).toBeGreaterThan(20)
  expect(families.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  const samples = new Set([...body.matchAll(/^([a-z_]+)/gm)].map(([, name]) => name))
  const rules = blocks('yaml').join('')
  const named = [...rules.matchAll(/\b(?:qsec|process)_[a-z_]+/g)].map(([name]) => name)
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !samples.has(name))).toEqual([])
  for (const [, label, value] of rules.matchAll(/\b(code|quantile|status)="([^"]+)"/g)) {
    expect(body).toContain(`${label}="${value}"`)
  }
})

it('[OP25] every event of the log stands on the page, as it is written', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.ts$/.test(file))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
  const events = new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/level: '\w+',\s+event: (?:log \? )?'([a-z-]+)'(?: : '([a-z-]+)')?/g)].flatMap(
        ([, ...names]) => names,
      ),
    ),
  )
  events.delete(undefined as never)
  expect(events).toContain('disk-refuses')
  expect(events).toContain('operator-deletes-room')
  const families = ['-not-stored', '-not-deleted'].filter((ending) => page.includes(`\`…${ending}\``))
  const missing = [...events].filter(
    (event) => !page.includes(`\`${event}\``) && !families.some((ending) => event.endsWith(ending)),
  )
  expect(missing).toEqual([])
  const [example = ''] = blocks('json log')
  const { at, ...record } = JSON.parse(example) as ReportRecord
  const lines: string[] = []
  openLog('warn', { write: (line) => void lines.push(line) })(record as ReportRecord)
  expect(lines[0]!.replace(/"at":"[^"]+"/, `"at":"${at}"`)).toBe(example)
})
