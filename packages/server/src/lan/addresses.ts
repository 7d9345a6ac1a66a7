/** The addresses of relay and guide, as people of the network write them. */
import { isIP } from 'node:net'
import type { LanNames } from './names.ts'

/** Origins of the relay, the best one first; never none. */
export function originsOf({ ips, dns }: LanNames, port: number): string[] {
  const names = [...ips, ...dns.slice(0, 1)]
  return (names.length > 0 ? names : ['localhost']).map((name) => originOf(name, port))
}

/** The relay's origin for who came to this machine by `hostname`; by a name that is not ours they are led to a better one. */
export function originFor(names: LanNames, hostname: string, port: number): string {
  const name = hostname.replace(/^\[|\]$/g, '')
  const isOurs = ['localhost', '127.0.0.1', '::1', ...names.ips, ...names.dns].includes(name)
  return isOurs ? originOf(name, port) : originsOf(names, port)[0]!
}

export function guideOf({ ips, dns }: LanNames, port: number): string {
  return `http://${inUrl(ips[0] ?? dns[0] ?? 'localhost')}${port === 80 ? '' : `:${port}`}`
}

/** Where a relay listens on one address alone, nobody finds it by another. */
export function narrowed(names: LanNames, host: string): LanNames {
  if (isIP(host) === 0 || host === '::' || host === '0.0.0.0') return names
  return { ips: names.ips.filter((ip) => ip === host), dns: names.dns }
}

function originOf(name: string, port: number): string {
  return `https://${inUrl(name)}${port === 443 ? '' : `:${port}`}`
}

function inUrl(name: string): string {
  return name.includes(':') ? `[${name}]` : name
}
