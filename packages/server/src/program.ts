/** The relay as a program: reads its settings, starts, says where, and closes on a signal. */
import { readConfig } from './config.ts'
import { describeFault, reportToStderr } from './report.ts'
import { type RunningRelay, startRelay } from './server.ts'
import { ConfigError, type Environment } from './settings/read.ts'

/** A relay that cannot close in time is left to the operating system; the database survives that. */
const closeWithinMs = 4_500

/**
 * Serves until SIGTERM or SIGINT, then ends the process.
 *
 * @throws ConfigError with one line for the operator where it cannot start
 */
export async function serve(environment: Environment, args: readonly string[]): Promise<void> {
  // A promise that nobody waited for is our mistake; it must not send everybody away.
  process.on('unhandledRejection', (error) => {
    reportToStderr({ level: 'error', event: 'unhandled-rejection', ...describeFault(error) })
  })
  const { databasePath, ...rest } = readConfig(environment, args)
  let relay: RunningRelay
  try {
    relay = await startRelay({ databasePath, ...rest })
  } catch (error) {
    throw new ConfigError(explain(error, { databasePath, ...rest }))
  }
  console.log(`QSEC is serving on ${relay.url}`)
  if (!relay.servesPages) console.error('The web client has not been built: npm start builds it.')
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(relay))
}

async function stop(relay: RunningRelay): Promise<void> {
  setTimeout(() => process.exit(0), closeWithinMs).unref()
  await relay.close()
  process.exit(0)
}

function explain(error: unknown, config: { host: string; port: number; databasePath: string }): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return `PORT ${config.port} is in use already. Stop the other program or choose another port.`
  if (code === 'EACCES' && /listen/.test(message)) return `PORT ${config.port} may not be used by this user.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${config.host} is no address of this machine.`
  return `The database ${config.databasePath} (QSEC_DATA_DIR, QSEC2_DB) cannot be used: ${oneLine(message)}.`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200)
}
