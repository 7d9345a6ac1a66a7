/** Whose request it is: the address that limits are counted by, also behind proxies that the operator has named. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/**
 * Which proxies stand between the relay and the world: so many, one behind the other, or those of certain addresses. What
 * anybody else writes into `X-Forwarded-For` counts for nothing.
 */
export type TrustedProxies = { hops: number } | { addresses: BlockList }

const mostHops = 8

/** `1` to `8`, or addresses and networks (`127.0.0.1, 10.0.0.0/8, ::1`); undefined where it is neither. */
export function parseTrustedProxies(text: string): TrustedProxies | undefined {
  if (/^\d+$/.test(text)) {
    const hops = Number(text)
    return hops >= 1 && hops <= mostHops ? { hops } : undefined
  }
  const addresses = new BlockList()
  for (const part of text.split(',')) {
    const [address = '', bits, ...more] = part.trim().split('/')
    const version = isIP(address)
    if (version === 0 || more.length > 0) return undefined
    const family = version === 6 ? 'ipv6' : 'ipv4'
    const width = version === 6 ? 128 : 32
    if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > width)) return undefined
    addresses.addSubnet(address, bits === undefined ? width : Number(bits), family)
  }
  return { addresses }
}

/**
 * Under what a request is counted. An IPv4 address counts by itself, an IPv6 one by its first 64 bits: whoever has one of
 * those has all of them.
 */
export function addressOf(request: IncomingMessage, trusted: TrustedProxies | undefined): string {
  return limitKey(clientOf(request, trusted))
}

function clientOf(request: IncomingMessage, trusted: TrustedProxies | undefined): string {
  const nearest = plain(request.socket.remoteAddress ?? '')
  if (!trusted) return nearest
  // Each proxy has added, at the end, whom it heard: read from there, as far as the proxies can be trusted.
  const forwarded = request.headers['x-forwarded-for'] ?? ''
  const heard = (Array.isArray(forwarded) ? forwarded.join() : forwarded).split(',').reverse()
  let client = nearest
  for (const [i, entry] of heard.entries()) {
    if ('hops' in trusted ? i >= trusted.hops : !isIn(trusted.addresses, client)) break
    const address = plain(entry.trim())
    if (isIP(address) === 0) break
    client = address
  }
  return client
}

function isIn(addresses: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && addresses.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** Without port, brackets and zone; an IPv4 address that is written as an IPv6 one is the IPv4 one. */
function plain(text: string): string {
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text
  const address = bare.replace(/%.*$/, '')
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address
}

function limitKey(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const groupsOf = (text: string) => text.split(':').filter((group) => group !== '')
  const [before, behind] = [groupsOf(head), groupsOf(tail ?? '')]
  const zeros = Array<string>(8 - before.length - behind.length).fill('0')
  return `${[...before, ...zeros, ...behind].slice(0, 4).join(':')}::/64`
}
