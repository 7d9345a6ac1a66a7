/**
 * Puts the settings together: an option of the command line counts before the environment, that before the file, that
 * before the default. All are checked before anything starts, and what is wrong is said in one line.
 */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Setting } from './setting.ts'
import { namesOfOthers, type SettingValues, settings } from './table.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A setting, the settings file, or an option of the command line makes no sense. The message is one line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'bad-config'
}

/** Read where no other is named, if it is there. */
const usualFile = 'qsec.json'
const fileBytesAtMost = 65_536
const all: readonly (readonly [string, Setting<unknown>])[] = Object.entries(settings)

/** @throws ConfigError */
export function readSettings(environment: Environment, args: readonly string[]): SettingValues {
  const { config, texts: fromArguments } = readArguments(args)
  refuseUnknownNames(environment)
  const file = readSettingsFile(config)
  const values = all.map(([key, setting]) => {
    const { name } = setting
    const said = fromArguments.get(name) ?? (environment[name] || undefined)
    const written = file?.texts.get(name)
    if (said !== undefined || written === undefined) return [key, checked(setting, said ?? setting.fallback, name)]
    return [key, checked(setting, written, `${name} in ${file?.name}`)]
  })
  return Object.fromEntries(values) as unknown as SettingValues
}

/** The options that `readSettings` takes, for programs that read their command line themselves. */
export const settingFlags: readonly string[] = ['config', ...all.flatMap(([, { flag }]) => flag ?? [])]

/** @param where - the name of the setting, and where it stands */
export function checked(setting: Setting<unknown>, text: string, where: string): unknown {
  const parsed = setting.parse(text)
  if (parsed) return parsed.value
  throw new ConfigError(`${where} must be ${setting.range}${setting.isSecret ? '' : `, not ${quote(text)}`}.`)
}

// --- the command line --------------------------------------------------------------------------------------------

function readArguments(args: readonly string[]): { config: string | undefined; texts: Map<string, string> } {
  const texts = new Map<string, string>()
  let config: string | undefined
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!
    const [, flag, given] = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument) ?? []
    const setting = all.find(([, one]) => one.flag !== undefined && one.flag === flag)?.[1]
    if (!setting && flag !== 'config') {
      const known = settingFlags.map((name) => `--${name}`).join(', ')
      throw new ConfigError(`Unknown argument ${quote(argument)}. Known: ${known}.`)
    }
    const value = given ?? args[++i] ?? ''
    if (setting) texts.set(setting.name, value)
    else config = value
  }
  return { config, texts }
}

function refuseUnknownNames(environment: Environment): void {
  const unknown = Object.keys(environment).find(
    (name) => /^QSEC/.test(name) && !isKnown(name) && !namesOfOthers.some((others) => others.test(name)),
  )
  if (unknown !== undefined) throw new ConfigError(unknownName(unknown, 'the environment'))
}

// --- the file ----------------------------------------------------------------------------------------------------

interface SettingsFile {
  name: string
  texts: Map<string, string>
}

/** @param named - by `--config`; it has to be there, the usual one has not */
function readSettingsFile(named: string | undefined): SettingsFile | undefined {
  const file = named ?? usualFile
  const source = sourceOf(file, named === undefined)
  if (source === undefined) return undefined
  const name = quote(file).slice(1, -1)
  let written: unknown
  try {
    written = JSON.parse(source)
  } catch (error) {
    throw new ConfigError(`${name} is no JSON: ${oneLine((error as Error).message)}.`)
  }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new ConfigError(`${name} must hold one object, such as {"PORT": 5000}.`)
  }
  const texts = Object.entries(written).map(([key, value]) => {
    const setting = all.find(([, one]) => one.name === key)?.[1]
    if (!setting) throw new ConfigError(unknownName(key, name))
    return [key, textOf(setting, value, file)] as const
  })
  return { name, texts: new Map(texts) }
}

function sourceOf(file: string, mayBeAbsent: boolean): string | undefined {
  try {
    if (statSync(file).size > fileBytesAtMost) throw new Error(`it is larger than ${fileBytesAtMost} bytes`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && mayBeAbsent) return undefined
    throw new ConfigError(`The settings file ${quote(file)} cannot be read: ${oneLine(message)}.`)
  }
}

/** What stands in the file, as it would stand in the environment. */
function textOf(setting: Setting<unknown>, value: unknown, file: string): string {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',')
  if (typeof value !== 'string') {
    throw new ConfigError(
      `${setting.name} in ${quote(file).slice(1, -1)} must be a string, a number or a list of strings.`,
    )
  }
  return setting.isPath && value !== '' ? path.resolve(path.dirname(file), value) : value
}

// --- words -------------------------------------------------------------------------------------------------------

function isKnown(name: string): boolean {
  return all.some(([, setting]) => setting.name === name)
}

function unknownName(name: string, where: string): string {
  return `There is no setting ${quote(name)} (in ${where}). See: qsec serve --help`
}

/** One line, whatever is in it. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\.$/, '')
    .slice(0, 200)
}
