/** `qsec backup` and `qsec restore`: copies of the relay's database. */
import { type BackupFigures, backUp, restore as restoreFrom } from '@qsec/server'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { databaseFlags, databaseFrom, databaseHelp } from '../database.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'

const options = { ...databaseFlags, json: { type: 'boolean', default: false } } as const

export const backup: Command = {
  help: `qsec backup FILE: copies the relay's database to FILE, as it is at one moment. The relay may run meanwhile.

  --json        one JSON object
${databaseHelp}

FILE must not exist; it is made for you alone and is whole, or is not there. Run it as the user that runs the relay.
It holds what the database holds: no text and no key, but what waited, sealed, in rooms that keep sealed messages.

Examples:
  qsec backup /var/backups/qsec-$(date +%F).db`,

  async run(args) {
    const { values, positionals } = readFlags('backup', args, options, 1)
    const file = nameOf(positionals, 'backup')
    const result = await backUp(databaseFrom(values), file)
    if (!result.ok) throw new CommandFailed(result.reason)
    const { ok: _, ...figures } = result
    say(values.json ? JSON.stringify({ file, ...figures }) : `${file}: ${words(figures)}.`)
    return 0
  },
}

export const restore: Command = {
  help: `qsec restore FILE: puts a backup in the place of the relay's database, while the relay is stopped.

  --json        one JSON object
${databaseHelp}

The backup is checked first; a damaged one, or one of a newer QSEC, changes nothing. One of an older QSEC is brought up
to date at the next start. What stood there is kept beside it under the name that is printed: delete it when all is
well. Rooms whose keys have changed since the backup go on by themselves as soon as one of their devices is back; rooms
made since are unknown to the relay.

Examples:
  systemctl stop qsec && qsec restore /var/backups/qsec-2026-11-23.db && systemctl start qsec`,

  async run(args) {
    const { values, positionals } = readFlags('restore', args, options, 1)
    const from = nameOf(positionals, 'restore')
    const database = databaseFrom(values)
    const result = await restoreFrom(database, from, Date.now())
    if (!result.ok) throw new CommandFailed(result.reason)
    const { ok: _, replaced, ...figures } = result
    if (values.json) say(JSON.stringify({ database, replaced: replaced ?? null, ...figures }))
    else {
      say(`${database}: ${words(figures)}.`)
      if (replaced !== undefined) say(`What stood there is in ${replaced}.`)
    }
    return 0
  },
}

function nameOf([name]: readonly string[], command: string): string {
  if (name === undefined || name === '') throw new UsageError(`Which file? qsec ${command} FILE`)
  return pathFromHere(name)
}

function words({ bytes, rooms, logLines, keptFrames }: BackupFigures): string {
  return `${rooms} rooms, ${logLines} lines of logs, ${keptFrames} sealed messages that wait, ${bytes} bytes`
}
