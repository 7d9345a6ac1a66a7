/** The relay as a program: reads its settings, starts, says where, and closes on a signal. */
import { type Config, readConfig } from './config.ts'
import { openLog } from './log.ts'
import { describeFault, type Reporter } from './report.ts'
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
  const config = readConfig(environment, args)
  const report = openLog(config.logLevel)
  reportFaults(report)
  let relay: RunningRelay
  try {
    relay = await startRelay({ ...config.relay, report })
  } catch (error) {
    throw new ConfigError(explain(error, config.relay))
  }
  console.log(`QSEC is serving on ${relay.url}`)
  if (!relay.servesPages) console.error('The web client has not been built: npm start builds it.')
  report({ level: 'info', event: 'started', port: relay.port, metricsPort: relay.metricsPort, node: process.version })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(relay, signal, report))
}

function reportFaults(report: Reporter): void {
  // A promise that nobody waited for is our mistake; it must not send everybody away.
  process.on('unhandledRejection', (error) => {
    report({ level: 'error', event: 'unhandled-rejection', ...describeFault(error) })
  })
  // Node ends the process after this, and says why in its own words.
  process.on('uncaughtExceptionMonitor', (error) => {
    report({ level: 'error', event: 'uncaught-exception', ...describeFault(error) })
  })
}

async function stop(relay: RunningRelay, signal: string, report: Reporter): Promise<void> {
  const { connections, rooms } = relay.stats()
  report({ level: 'info', event: 'closing', signal, connections, rooms })
  setTimeout(() => {
    report({ level: 'warn', event: 'closed-too-slowly', afterMs: closeWithinMs })
    process.exit(0)
  }, closeWithinMs).unref()
  await relay.close()
  report({ level: 'info', event: 'closed' })
  process.exit(0)
}

function explain(error: unknown, { host, port, databasePath, metrics }: Config['relay']): string {
  const { code, message, port: refused } = error as NodeJS.ErrnoException & { port?: number }
  const isMetrics = metrics !== undefined && refused === metrics.port
  const [portName, hostName] = isMetrics ? ['QSEC_METRICS_PORT', 'QSEC_METRICS_HOST'] : ['PORT', 'HOST']
  const [itsPort, itsHost] = isMetrics ? [metrics.port, metrics.host] : [port, host]
  if (code === 'EADDRINUSE') {
    return `${portName} ${itsPort} is in use already. Stop the other program or choose another port.`
  }
  if (code === 'EACCES' && /listen/.test(message)) return `${portName} ${itsPort} may not be used by this user.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${hostName} ${itsHost} is no address of this machine.`
  return `The database ${databasePath} (QSEC_DATA_DIR, QSEC2_DB) cannot be used: ${oneLine(message)}.`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200)
}
