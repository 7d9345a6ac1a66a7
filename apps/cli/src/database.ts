/** Which database a command works on: the one that is named, else the one of the relay with these settings. */
import { ConfigError, findDatabase } from '@qsec/server'
import { CommandFailed } from './command.ts'
import { pathFromHere } from './flags.ts'

export const databaseFlags = { db: { type: 'string' }, config: { type: 'string' } } as const

export const databaseHelp = `  --db FILE    the relay's database (default: where its settings say it is, else data/qsec2.db)
  --config F   the relay's settings file (default: qsec.json, if it is there)`

export function databaseFrom({ db, config }: { db?: string; config?: string }): string {
  if (db !== undefined) return pathFromHere(db)
  return withConfig(() => findDatabase(process.env, config === undefined ? undefined : pathFromHere(config)))
}

/** Says what is wrong with the settings as this program says everything. */
export function withConfig<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof ConfigError ? new CommandFailed(error.message, { cause: error }) : error
  }
}
