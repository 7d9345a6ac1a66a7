/** Every setting that an operator has. Whoever adds one adds it here, in `config.ts`, and its row to docs/operations.md. */
import { limits as wire } from '@qsec/protocol'
import { parseTrustedProxies, type TrustedProxies } from '../http/addresses.ts'
import { defaultLimits } from '../limits.ts'
import { type LogLevel, logLevels } from '../log.ts'
import { choice, filePath, list, numberOr, pattern, type Setting, wholeNumber } from './setting.ts'

const mebibyte = 1_048_576
const dayMs = 86_400_000
const port = { least: 0, most: 65_535 }
/** An address or a name; what it means is for the system to say. */
const host = { range: 'an address or a name of this machine', fallback: '127.0.0.1' }
const hostShape = /^[A-Za-z0-9.:-]{1,253}$/

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
}

export interface SettingValues {
  readonly port: number
  readonly host: string
  readonly dataFolder: string | undefined
  readonly databaseFile: string | undefined
  readonly keepDays: number
  readonly keepMebibytes: number
  readonly fileMebibytes: number
  readonly origins: readonly string[]
  readonly push: 'off' | 'on'
  readonly pushContact: string
  readonly pushServices: readonly string[]
  /** Undefined: none. */
  readonly trustProxy: TrustedProxies | undefined
  readonly logLevel: LogLevel
  /** Undefined: for ever. */
  readonly logDays: number | undefined
  readonly trafficLogDays: number | undefined
  readonly endedRoomLogDays: number | undefined
  /** Undefined: nowhere. */
  readonly httpPort: number | undefined
  readonly create: 'anybody' | 'token'
  /** Undefined: nowhere. */
  readonly metricsPort: number | undefined
  readonly metricsHost: string
}

export const settings: { readonly [K in keyof SettingValues]: Setting<SettingValues[K]> } = {
  port: wholeNumber(
    { name: 'PORT', meaning: 'where it listens; 0 takes any free one', flag: 'port' },
    { ...port, fallback: 5000 },
  ),
  host: pattern({ name: 'HOST', meaning: 'on which address', ...host }, hostShape),
  dataFolder: filePath(
    { name: 'QSEC_DATA_DIR', meaning: "folder of the server's files, made for its owner alone" },
    'data',
  ),
  databaseFile: filePath({ name: 'QSEC2_DB', meaning: 'the SQLite file', fallbackWords: 'qsec2.db in that folder' }),
  keepDays: wholeNumber(
    {
      name: 'QSEC_KEEP_DAYS',
      meaning: 'the longest time, in days, for which a room may have its sealed messages kept on disk; 0: none may',
    },
    { least: 0, most: wire.keepDays, fallback: defaultLimits.keepDaysAtMost },
  ),
  keepMebibytes: wholeNumber(
    {
      name: 'QSEC_KEEP_MB',
      meaning: 'what all rooms together may have kept, in MiB; over it the oldest messages of the largest room go',
    },
    { least: 0, most: 1_048_576, fallback: defaultLimits.keptBytesInAll / mebibyte },
  ),
  fileMebibytes: wholeNumber(
    {
      name: 'QSEC_FILE_MB',
      meaning: 'the largest file that people may send each other, in MiB; 0: no files',
    },
    { least: 0, most: wire.fileBytes / mebibyte, fallback: defaultLimits.fileBytes / mebibyte },
  ),
  origins: list(
    {
      name: 'QSEC_ORIGINS',
      range: 'origins such as https://chat.example.org, with commas between them',
      fallbackWords: 'none',
      meaning: 'other origins whose pages may connect',
    },
    isOrigin,
  ),
  httpPort: numberOr(
    'off',
    {
      name: 'QSEC_HTTP_PORT',
      fallbackWords: 'off; 5080 with --lan',
      meaning:
        'where plain HTTP listens beside TLS: with --lan the guide to the certificate, with --public a way to https',
    },
    { ...port, fallback: undefined },
  ),
  create: choice(
    {
      name: 'QSEC_CREATE',
      meaning: "who makes rooms: anybody, or who has the operator's token (file create-token beside the database)",
    },
    ['anybody', 'token'],
    'anybody',
  ),
  push: choice(
    {
      name: 'QSEC_PUSH',
      meaning: 'whether members who are away may be called through the push service of their browser (below)',
    },
    ['off', 'on'],
    'off',
  ),
  pushContact: {
    ...pattern(
      {
        name: 'QSEC_PUSH_CONTACT',
        range: 'an address such as mailto:admin@example.org or https://example.org/contact',
        fallback: '',
        meaning: 'where push services write to you when something is wrong; QSEC_PUSH=on needs it',
      },
      /^(?:mailto:[^\s@]{1,64}@[^\s@]{1,190}|https:\/\/[^\s]{1,240})?$/,
    ),
    fallbackWords: 'none',
  },
  pushServices: list(
    {
      name: 'QSEC_PUSH_SERVICES',
      range: 'origins such as https://push.example.org:8443, with commas between them',
      fallbackWords: 'none',
      meaning: 'push services of your own network, at private addresses or other ports',
    },
    isOrigin,
  ),
  trustProxy: {
    name: 'QSEC_TRUST_PROXY',
    range: 'how many proxies (1 to 8) or their addresses (127.0.0.1, 10.0.0.0/8)',
    fallback: '',
    fallbackWords: 'none',
    meaning: 'proxies whose `X-Forwarded-For` counts (below)',
    parse(text) {
      if (text === '') return { value: undefined }
      const value = parseTrustedProxies(text)
      return value && { value }
    },
  },
  logLevel: choice(
    {
      name: 'QSEC_LOG_LEVEL',
      meaning: 'what the relay tells its operator on standard error: this and all that is graver',
    },
    logLevels,
    'warn',
  ),
  logDays: numberOr(
    'forever',
    { name: 'QSEC_LOG_DAYS', meaning: 'how many days a line of a room log is kept' },
    { least: 1, most: 3_650, fallback: defaultLimits.logAgeMs / dayMs },
  ),
  trafficLogDays: numberOr(
    'forever',
    { name: 'QSEC_LOG_TRAFFIC_DAYS', meaning: 'how many days, if fewer, a line that tells who sent how much is kept' },
    { least: 1, most: 3_650, fallback: defaultLimits.trafficLogAgeMs / dayMs },
  ),
  endedRoomLogDays: numberOr(
    'forever',
    {
      name: 'QSEC_LOG_ENDED_DAYS',
      meaning: 'after how many days, if fewer, the whole log of a room that has ended goes',
    },
    { least: 1, most: 3_650, fallback: defaultLimits.endedRoomLogAgeMs / dayMs },
  ),
  metricsPort: numberOr(
    'off',
    { name: 'QSEC_METRICS_PORT', meaning: 'where Prometheus finds /metrics' },
    { ...port, fallback: undefined },
  ),
  metricsHost: pattern({ name: 'QSEC_METRICS_HOST', meaning: 'on which address, for the metrics', ...host }, hostShape),
}

/** Names that begin like ours and belong to tests and tools, which hand their environment on to a relay. */
export const namesOfOthers: readonly RegExp[] = [
  /^QSEC_TEST_/,
  /^QSEC_(?:PERMISSIONS|CHROMIUM|FIREFOX|PICTURES|CORE_CRYPTO|MLS_VECTORS|SWITCH)$/,
]
