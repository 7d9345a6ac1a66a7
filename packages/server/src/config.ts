/** What a relay starts with, made from the settings. */
import path from 'node:path'
import type { LogLevel } from './log.ts'
import type { RelayOptions } from './server.ts'
import { ConfigError, type Environment, readSettings } from './settings/read.ts'
import type { SettingValues } from './settings/table.ts'

const mebibyte = 1_048_576
const dayMs = 86_400_000

export interface Config {
  relay: Required<Pick<RelayOptions, 'port' | 'host' | 'databasePath' | 'origins' | 'limits' | 'metrics' | 'admin'>> &
    Pick<RelayOptions, 'trustProxy'>
  logLevel: LogLevel
  httpPort: number | undefined
  create: 'anybody' | 'token'
  /** Undefined: nobody is called. */
  push: { contact: string; services: readonly string[] } | undefined
}

/**
 * @param defaults - of settings by name, where they differ from those of the table
 * @throws ConfigError with one line that names what is wrong
 */
export function readConfig(environment: Environment, args: readonly string[], defaults: Environment = {}): Config {
  const settings = readSettings(environment, args, defaults)
  const { port, host, origins, trustProxy, logLevel, metricsPort, metricsHost } = settings
  return {
    logLevel,
    httpPort: settings.httpPort,
    create: settings.create,
    push: pushOf(settings),
    relay: {
      port,
      host,
      databasePath: databasePathOf(settings),
      origins,
      ...(trustProxy ? { trustProxy } : {}),
      admin: true,
      metrics: metricsPort === undefined ? undefined : { port: metricsPort, host: metricsHost },
      limits: {
        keepDaysAtMost: settings.keepDays,
        keptBytesInAll: settings.keepMebibytes * mebibyte,
        fileBytes: settings.fileMebibytes * mebibyte,
        logAgeMs: days(settings.logDays),
        trafficLogAgeMs: days(settings.trafficLogDays),
        endedRoomLogAgeMs: days(settings.endedRoomLogDays),
      },
    },
  }
}

function pushOf({ push, pushContact: contact, pushServices: services }: SettingValues): Config['push'] {
  if (push === 'off') return undefined
  if (contact === '')
    throw new ConfigError('QSEC_PUSH is on, and QSEC_PUSH_CONTACT says nowhere whom push services may write to.')
  return { contact, services }
}

function days(count: number | undefined): number {
  return count === undefined ? Number.POSITIVE_INFINITY : count * dayMs
}

/**
 * Where the relay with these settings keeps its database, for programs that work beside it.
 *
 * @throws ConfigError
 */
export function findDatabase(environment: Environment, configFile?: string): string {
  return databasePathOf(readSettings(environment, configFile === undefined ? [] : ['--config', configFile]))
}

function databasePathOf({ databaseFile, dataFolder }: SettingValues): string {
  return databaseFile ?? path.join(dataFolder ?? 'data', 'qsec2.db')
}
