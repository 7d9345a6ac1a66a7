/** The relay as a program: reads its settings, starts, says where, and closes on a signal. */
import path from 'node:path'
import { type Access, type AccessSettings, readAccess } from './access.ts'
import { type Config, ConfigError, type Environment, readConfig } from './config.ts'
import { readCreateToken } from './create-token.ts'
import { everyAddress, startOnLan } from './lan/start.ts'
import { startPublic } from './public/start.ts'
import { describeFault, reportToStderr } from './report.ts'
import { type RelayOptions, type RunningRelay, startRelay } from './server.ts'

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
  const { access, create, rest } = readAccess(environment, args)
  const config = readConfig({ ...defaultsFor(access), ...environment }, rest)
  let started: Started
  try {
    started = await start(config, access, create)
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(explain(error, config))
  }
  console.log(started.words)
  started.checks?.().then(console.log, (error: unknown) => console.error(error))
  if (!started.relay.servesPages) console.error('The web client has not been built: npm start builds it.')
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(started))
}

/** Where it listens, if nothing else is said. */
function defaultsFor(access: Access): Environment {
  if (access.from === 'lan') return { HOST: everyAddress() }
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

async function start(config: Config, access: Access, create: AccessSettings['create']): Promise<Started> {
  const tokenFile = path.join(path.dirname(config.databasePath), 'create-token')
  const options = create === 'token' ? { ...config, createToken: readCreateToken(tokenFile) } : config
  const started = await startFor(options, access)
  return create === 'token'
    ? { ...started, words: `${started.words}\nRooms are made with the token in ${tokenFile}` }
    : started
}

async function startFor(options: RelayOptions, access: Access): Promise<Started> {
  if (access.from === 'lan') return startOnLan({ ...options, httpPort: access.httpPort })
  if (access.from === 'public') return startPublic(options, access)
  const relay = await startRelay(options)
  return { relay, words: `QSEC is serving on ${relay.url}`, close: () => relay.close() }
}

async function stop(started: Started): Promise<void> {
  setTimeout(() => process.exit(0), closeWithinMs).unref()
  await started.close()
  process.exit(0)
}

function explain(error: unknown, config: { host: string; port: number; databasePath: string }): string {
  const { code, message, port = config.port } = error as NodeJS.ErrnoException & { port?: number }
  const setting = port === config.port ? 'PORT' : 'QSEC_HTTP_PORT'
  if (code === 'EADDRINUSE')
    return `${setting} ${port} is in use already. Stop the other program or choose another port.`
  if (code === 'EACCES' && /listen/.test(message)) return `${setting} ${port} may not be used by this user.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${config.host} is no address of this machine.`
  return `The database ${config.databasePath} (QSEC_DATA_DIR, QSEC2_DB) cannot be used: ${oneLine(message)}.`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200)
}
