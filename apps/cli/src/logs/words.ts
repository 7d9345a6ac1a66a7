/** The room log for people. */
import { harmless } from '../output.ts'
import type { LogLine } from './line.ts'
import type { LogSummary } from './summary.ts'

export function lineWords({ created_at, message }: LogLine): string {
  return `${localTime(created_at)}  ${harmless(message).replaceAll('\n', '\ufffd')}`
}

export function summaryWords(summary: LogSummary): string {
  const { room, lines, firstAtMs, lastAtMs, tags, members, messages, relayedBytes, bb84 } = summary
  if (firstAtMs === null || lastAtMs === null) return `Room ${room}: the log has no lines.`
  const qber = bb84.lastQber === null ? '' : `, last QBER ${(100 * bb84.lastQber).toFixed(1)} %`
  const width = Math.max(...tags.map(({ tag }) => tag.length))
  return [
    `Room ${room}: ${lines} lines`,
    `  first      ${localTime(firstAtMs)}`,
    `  last       ${localTime(lastAtMs)}`,
    `  members    ${members.now} now, ${members.ever} ever`,
    `  messages   ${messages.count} (${messages.bytes} sealed bytes; receipts and names are among them)`,
    `  relayed    ${relayedBytes} sealed bytes of every kind`,
    `  BB84       ${bb84.accepted} accepted, ${bb84.rejected} rejected${qber} (as the devices claim)`,
    '  lines by tag',
    ...tags.map(({ tag, count }) => `    ${harmless(tag).padEnd(width)}  ${count}`),
  ].join('\n')
}

/** In this machine's time zone, such as 2026-11-23 04:54:16. */
function localTime(atMs: number): string {
  return new Date(atMs).toLocaleString('sv-SE')
}
