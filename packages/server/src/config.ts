/** What the environment and the command line say. A bad value is named in one line. */
import path from 'node:path'
import { limits as wire } from '@qsec/protocol'
import { parseTrustedProxies, type TrustedProxies } from './http/addresses.ts'
import { defaultLimits, type RelayLimits } from './limits.ts'

export interface Config {
  port: number
  host: string
  databasePath: string
  origins: string[]
  trustProxy?: TrustedProxies
  limits: Pick<RelayLimits, 'keepDaysAtMost' | 'keptBytesInAll'>
}

export type Environment = Readonly<Record<string, string | undefined>>

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'bad-config'
}

export function readConfig(environment: Environment, args: readonly string[]): Config {
  const port = readPortArgument(args) ?? environment.PORT ?? '5000'
  return {
    port: parsePort(port),
    host: parseHost(environment.HOST ?? '127.0.0.1'),
    databasePath: databasePathOf(environment),
    ...trustedProxiesOf(environment),
    origins: (environment.QSEC_ORIGINS ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== '')
      .map(parseOrigin),
    limits: {
      keepDaysAtMost: parseCount(environment, 'QSEC_KEEP_DAYS', wire.keepDays) ?? defaultLimits.keepDaysAtMost,
      keptBytesInAll: (parseCount(environment, 'QSEC_KEEP_MB', 1_048_576) ?? 1_024) * 1_048_576,
    },
  }
}

function trustedProxiesOf({ QSEC_TRUST_PROXY: text }: Environment): Pick<Config, 'trustProxy'> {
  if (text === undefined || text === '') return {}
  const trustProxy = parseTrustedProxies(text)
  if (trustProxy) return { trustProxy }
  throw new ConfigError(
    `QSEC_TRUST_PROXY must be how many proxies (1 to 8) or their addresses (127.0.0.1, 10.0.0.0/8), not ${quote(text)}.`,
  )
}

function parseCount(environment: Environment, name: string, atMost: number): number | undefined {
  const text = environment[name]
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,7}$/.test(text) || Number(text) > atMost) {
    throw new ConfigError(`${name} must be a number from 0 to ${atMost}, not ${quote(text)}.`)
  }
  return Number(text)
}

/** Where the relay keeps its database. */
export function databasePathOf(environment: Environment): string {
  return environment.QSEC2_DB || path.join(environment.QSEC_DATA_DIR || 'data', 'qsec2.db')
}

function readPortArgument(args: readonly string[]): string | undefined {
  let port: string | undefined
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!
    if (argument === '--port') port = args[++i] ?? ''
    else if (argument.startsWith('--port=')) port = argument.slice('--port='.length)
    else throw new ConfigError(`Unknown argument ${quote(argument)}. Known: --port N.`)
  }
  return port
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new ConfigError(`PORT must be a number from 0 to 65535, not ${quote(text)}.`)
  }
  return port
}

function parseHost(text: string): string {
  if (!/^[A-Za-z0-9.:-]{1,253}$/.test(text)) {
    throw new ConfigError(`HOST must be an address or a name of this machine, not ${quote(text)}.`)
  }
  return text
}

function parseOrigin(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol) || new URL(text).origin !== text) {
    throw new ConfigError(`QSEC_ORIGINS must list origins such as https://chat.example.org, not ${quote(text)}.`)
  }
  return text
}

/** One line, whatever is in it. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}
