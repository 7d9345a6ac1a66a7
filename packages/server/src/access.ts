/** From where people reach the relay: its part of the command line. */
import { ConfigError } from './settings/read.ts'

export type Access =
  /** This machine alone, or whatever stands in front of it. */
  | { from: 'here' }
  /** The local network, under a certificate of the relay's own making. */
  | { from: 'lan' }
  /** The world, by this name: behind a proxy, or with certificate files of its own. */
  | { from: 'public'; domain: string; files?: CertificateFiles }

/** Both in PEM: the certificate with its chain, and its private key. */
export interface CertificateFiles {
  certificate: string
  key: string
}

/** Where plain HTTP listens on a LAN, if nothing else is said. */
export const lanHttpPort = '5080'
const flags = ['public', 'cert', 'key'] as const
// A name with a dot, as a public one has: labels of letters, digits and hyphens.
const domainShape = /^(?=.{4,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!\d+$)(?!-)[a-z0-9-]{2,63}(?<!-)$/

/**
 * @returns what the command line says of it, and the rest of the command line
 * @throws ConfigError with one line that names what is wrong
 */
export function readAccess(args: readonly string[]): { access: Access; rest: string[] } {
  const { isLan, given, rest } = split(args)
  const { public: domain, cert: certificate, key } = given
  if (isLan && domain !== undefined) throw new ConfigError('--lan and --public do not go together: choose one.')
  if ((certificate === undefined) !== (key === undefined)) throw new ConfigError('--cert and --key go together.')
  if (certificate !== undefined && domain === undefined) throw new ConfigError('--cert goes with --public DOMAIN.')
  if (isLan) return { access: { from: 'lan' }, rest }
  if (domain === undefined) return { access: { from: 'here' }, rest }
  const access: Access = { from: 'public', domain: parseDomain(domain) }
  if (certificate !== undefined && key !== undefined) access.files = { certificate, key }
  return { access, rest }
}

function split(args: readonly string[]): {
  isLan: boolean
  given: Partial<Record<(typeof flags)[number], string>>
  rest: string[]
} {
  const given: Partial<Record<(typeof flags)[number], string>> = {}
  const rest: string[] = []
  let isLan = false
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!
    const [, name, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(argument) ?? []
    const flag = flags.find((one) => one === name)
    if (argument === '--lan') isLan = true
    else if (flag === undefined) rest.push(argument)
    else {
      given[flag] = value ?? args[++i] ?? ''
      if (given[flag] === '') throw new ConfigError(`--${flag} needs a value.`)
    }
  }
  return { isLan, given, rest }
}

function parseDomain(text: string): string {
  const domain = text.toLowerCase().replace(/\.$/, '')
  if (domainShape.test(domain)) return domain
  throw new ConfigError(`--public takes a domain such as chat.example.org, not ${quote(text)}.`)
}

/** One line, whatever is in it. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}
