/** The file that tells a program (SAE) which KME is its own: `qsec kme` writes one for each, and real ones look the same. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { CommandFailed } from '../command.ts'

export interface SaeConfig {
  /** Our id, the common name of our certificate. */
  saeId: string
  kmeId: string
  url: string
  /** Files in PEM; in the file itself relative to it. */
  ca: string
  certificate: string
  key: string
  /** Where used key_IDs are kept. */
  used: string
  /** `hardware` only if the operator vouches for the devices behind the KME. */
  label: 'simulated' | 'hardware'
}

const maxConfigCharacters = 10_000
const texts = ['saeId', 'kmeId', 'url', 'ca', 'certificate', 'key', 'used'] as const

export async function readSaeConfig(file: string): Promise<SaeConfig> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandFailed(`--config cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
  const config = parseSaeConfig(text)
  if (typeof config === 'string') throw new CommandFailed(`--config: ${config}.`)
  const besideIt = (name: string): string => path.resolve(path.dirname(file), name)
  return {
    ...config,
    ca: besideIt(config.ca),
    certificate: besideIt(config.certificate),
    key: besideIt(config.key),
    used: besideIt(config.used),
  }
}

/** The config, or what is wrong with it. */
function parseSaeConfig(text: string): SaeConfig | string {
  if (text.length > maxConfigCharacters) return 'the file is too long'
  let value: Record<string, unknown> | null
  try {
    value = JSON.parse(text)
  } catch {
    return 'the file is not JSON' // the parser's own words would quote the file
  }
  if (typeof value !== 'object' || value === null) return 'the file holds no JSON object'
  const { label = 'simulated', ...rest } = value
  const missing = texts.find((name) => typeof rest[name] !== 'string' || rest[name] === '')
  if (missing) return `"${missing}" is missing`
  const unknown = Object.keys(rest).some((name) => !(texts as readonly string[]).includes(name))
  if (unknown) return `only ${texts.join(', ')} and label are known`
  if (label !== 'simulated' && label !== 'hardware') return '"label" is simulated or hardware'
  if (!/^https:\/\/[^/?#@]+\/?$/.test(rest.url as string) || !URL.canParse(rest.url as string)) {
    return '"url" must be https://host:port'
  }
  return { ...(rest as unknown as Omit<SaeConfig, 'label'>), label }
}
