/** What the relay says about itself: ids and codes, one record an event, never a payload. */

export interface ReportRecord {
  level: 'info' | 'warn' | 'error'
  /** What happened, in kebab-case. */
  event: string
  [field: string]: string | number | boolean | undefined
}
export type Reporter = (record: ReportRecord) => void

/** One JSON line a record on stderr; `info` is left out, for an operator reads this. */
export const reportToStderr: Reporter = (record) => {
  if (record.level !== 'info') console.error(JSON.stringify({ at: new Date().toISOString(), ...record }))
}

/** A fault of our own, short: where it happened, without what it happened to. */
export function describeFault(error: unknown): { error: string; where: string } {
  if (!(error instanceof Error)) return { error: 'not an Error', where: '' }
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  const where = error.stack
    ?.split('\n')
    .slice(1, 4)
    .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/.*\/(packages|node_modules)\//, '($1/'))
  return { error: `${error.name}: ${error.message}${cause}`.slice(0, 300), where: where?.join(' < ') ?? '' }
}
