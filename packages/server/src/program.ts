/** The relay as a program: reads its settings, starts, says where, and closes on a signal. */
import path from 'node:path'
import { type Access, lanHttpPort, readAccess } from './access.ts'
import { type Config, readConfig } from './config.ts'
import { readCreateToken } from './create-token.ts'
import { everyAddress } from './lan/names.ts'
import { openLog } from './log.ts'
import { readVapidKey, Vapid } from './push/vapid.ts'
import { describeFault, type Reporter } from './report.ts'
import { type RelayOptions, type RunningRelay, startRelay } from './server.ts'
import { ConfigError, type Environment } from './settings/read.ts'

/** A relay that cannot close in time is left to the operating system; the database survives that. */
const closeWithinMs = 4_500

/**
 * Serves until SIGTERM or SIGINT, then ends the process.
 *
 * @throws ConfigError with one line for the operator where it cannot start
 */
export async function serve(environment: Environment, args: readonly string[]): Promise<void> {
  const { access, rest } = readAccess(args)
  const config = readConfig(environment, rest, defaultsFor(access))
  const report = openLog(config.logLevel)
  reportFaults(report)
  let started: Started
  try {
    started = await start({ ...config.relay, report }, config, access)
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(explain(error, config))
  }
  const { relay, words, checks } = started
  console.log(words)
  if (!relay.servesPages) console.error('The web client has not been built: npm start builds it.')
  report({ level: 'info', event: 'started', port: relay.port, metricsPort: relay.metricsPort, node: process.version })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(started, signal, report))
  checks?.().then(console.log, (error: unknown) =>
    report({ level: 'error', event: 'no-checks', ...describeFault(error) }),
  )
}

/** What is not set has another default, depending on where people come from. */
function defaultsFor(access: Access): Environment {
  if (access.from === 'lan') return { HOST: everyAddress(), QSEC_HTTP_PORT: lanHttpPort }
  return access.from === 'public' && access.files ? { HOST: everyAddress(), PORT: '443' } : {}
}

interface Started {
  relay: RunningRelay
  /** For standard output. */
  words: string
  /** More for it, once it is known. */
  checks?(): Promise<string>
  close(): Promise<void>
}

async function start(withoutPush: RelayOptions, config: Config, access: Access): Promise<Started> {
  const options = { ...withoutPush, push: pushOptions(config) }
  if (config.create === 'anybody') return startFor(options, config, access)
  const tokenFile = path.join(path.dirname(options.databasePath), 'create-token')
  const started = await startFor({ ...options, createToken: readCreateToken(tokenFile) }, config, access)
  return { ...started, words: `${started.words}\nRooms are made with the token in ${tokenFile}` }
}

function pushOptions({ push, relay }: Config): RelayOptions['push'] {
  if (!push) return undefined
  const { contact, services } = push
  const key = readVapidKey(path.join(path.dirname(relay.databasePath), 'vapid-key.pem'))
  return { vapid: new Vapid(key, contact), services }
}

/** What only some relays need is loaded for those. */
async function startFor(options: RelayOptions, { httpPort }: Config, access: Access): Promise<Started> {
  if (access.from === 'lan') {
    if (httpPort === undefined)
      throw new ConfigError('QSEC_HTTP_PORT is off: with --lan nobody would get the certificate.')
    const { startOnLan } = await import('./lan/start.ts')
    return startOnLan({ ...options, httpPort })
  }
  if (access.from === 'public') {
    const { startPublic } = await import('./public/start.ts')
    return startPublic({ ...options, httpPort }, access)
  }
  const relay = await startRelay(options)
  return { relay, words: `QSEC is serving on ${relay.url}`, close: () => relay.close() }
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

async function stop(started: Started, signal: string, report: Reporter): Promise<void> {
  const { connections, rooms } = started.relay.stats()
  report({ level: 'info', event: 'closing', signal, connections, rooms })
  setTimeout(() => {
    report({ level: 'warn', event: 'closed-too-slowly', afterMs: closeWithinMs })
    process.exit(0)
  }, closeWithinMs).unref()
  await started.close()
  report({ level: 'info', event: 'closed' })
  process.exit(0)
}

function explain(error: unknown, { relay, httpPort }: Config): string {
  const { host, port, databasePath, metrics } = relay
  const { code, message, port: refused } = error as NodeJS.ErrnoException & { port?: number }
  const isHttp = httpPort !== undefined && refused === httpPort && refused !== port
  const isMetrics = metrics !== undefined && refused === metrics.port
  const [portName, hostName] = isMetrics ? ['QSEC_METRICS_PORT', 'QSEC_METRICS_HOST'] : ['PORT', 'HOST']
  const [itsPort, itsHost] = isMetrics ? [metrics.port, metrics.host] : [port, host]
  if (isHttp && code === 'EADDRINUSE')
    return `QSEC_HTTP_PORT ${httpPort} is in use already. Stop the other program or choose another port.`
  if (isHttp && code === 'EACCES') return `QSEC_HTTP_PORT ${httpPort} may not be used by this user.`
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
