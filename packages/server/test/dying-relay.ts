/**
 * A relay of its own process that kills itself between writing an epoch down and handing its commit out.
 *
 * The failpoint is the clock, which the relay takes from outside: a commit is stamped after its epoch is on disk and
 * before anybody hears of it. Arguments: the database, the port. Message `arm`: the next new epoch is the last one; `arm room`:
 * the next one that is not a pair's.
 */
import { DatabaseSync } from 'node:sqlite'
import { startRelay } from '../src/index.ts'

const [databasePath = '', port = '0'] = process.argv.slice(2)
let armedAt: number | undefined
let disk: DatabaseSync | undefined

let counted = ''

function epochsOnDisk(): number {
  disk ??= new DatabaseSync(databasePath, { readOnly: true })
  const { sum } = disk.prepare(`select coalesce(sum(epoch), 0) as sum from streams${counted}`).get() as { sum: number }
  return sum
}

const relay = await startRelay({
  databasePath,
  port: Number(port),
  now: () => {
    if (armedAt !== undefined && epochsOnDisk() > armedAt) process.kill(process.pid, 'SIGKILL')
    return Date.now()
  },
})
process.on('message', (message) => {
  counted = message === 'arm room' ? " where pair = ''" : ''
  armedAt = epochsOnDisk()
  process.send?.('armed')
})
process.on('disconnect', () => process.exit(1)) // whoever started it is gone
process.send?.(relay.url)
