/** From where people reach the relay: this machine alone, the local network, or a public name. Its settings. */
import { ConfigError, type Environment } from './config.ts'

export type Access = { from: 'here' } | { from: 'lan'; httpPort: number }

const defaultHttpPort = '5080'

/**
 * Takes what is ours from the command line; the rest is for `readConfig`.
 *
 * @throws ConfigError with one line that names what is wrong
 */
export function readAccess(environment: Environment, args: readonly string[]): { access: Access; rest: string[] } {
  const rest = args.filter((argument) => argument !== '--lan')
  if (rest.length === args.length) return { access: { from: 'here' }, rest }
  return { access: { from: 'lan', httpPort: parsePort(environment.QSEC_HTTP_PORT || defaultHttpPort) }, rest }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new ConfigError(`QSEC_HTTP_PORT must be a number from 0 to 65535, not ${JSON.stringify(text.slice(0, 80))}.`)
}
