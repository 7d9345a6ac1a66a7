/** What the relay says about itself: ids and codes, one record an event, never a payload or an address. `log.ts` writes it. */

export interface ReportRecord {
  /** `error`: a fault of ours. `warn`: the operator should look. `debug`: what a stranger can cause as often as it likes. */
  level: 'error' | 'warn' | 'info' | 'debug'
  /** What happened, in kebab-case. */
  event: string
  [field: string]: string | number | boolean | undefined
}
export type Reporter = (record: ReportRecord) => void

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
