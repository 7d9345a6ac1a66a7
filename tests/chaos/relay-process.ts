/** A relay in a process of its own, with limits that a test sets. Arguments: the database, the port, limits as JSON. */
import { startRelay } from '@qsec/server'

const [databasePath = '', port = '0', limits = '{}'] = process.argv.slice(2)
const relay = await startRelay({ databasePath, port: Number(port), limits: JSON.parse(limits) })
process.on('disconnect', () => process.exit(1)) // whoever started it is gone
process.send?.(relay.port)
