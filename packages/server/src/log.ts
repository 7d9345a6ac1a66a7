/** The relay's own log: one JSON line an event on standard error, of ids and codes, never of what people say. */
import { pino } from 'pino'
import type { Reporter } from './report.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

const charactersAtMost = 300
/** What could steer a terminal or break a line where somebody looks at the log with other eyes than JSON's. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/gu

/**
 * Tells of what is at least as grave as `level`. A line is written before the call returns: the last one before a crash
 * is the one that counts.
 *
 * @param to - for tests: takes the lines in the place of standard error
 */
export function openLog(level: LogLevel, to?: { write(line: string): void }): Reporter {
  const logger = pino(
    {
      level,
      base: null, // neither the process's number nor the host's name
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    to ?? pino.destination({ fd: process.stderr.fd, sync: true }),
  )
  return ({ level: grave, ...fields }) => {
    if (logger.isLevelEnabled(grave)) logger[grave](harmless(fields))
  }
}

function harmless(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? spell(value) : value]),
  )
}

/** Visible, as the room log spells such characters too. */
function spell(text: string): string {
  return text.slice(0, charactersAtMost).replace(steering, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
}
