/**
 * Where the relay may be sent to by an address that a device names: public addresses, over https at its own port, and what the
 * operator has listed. The address is judged after it is resolved, on the very connection that is made.
 */
import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Of what is no public unicast (the registries of RFC 6890, and what carries an IPv4 address inside). */
const notPublic = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6')
}
/** All other IPv6 is not public: loopback, link-local, unique local, multicast, mapped and translated IPv4. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4')
    case 6:
      return global6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
    default:
      return false
  }
}

export class NotReachable extends Error {
  readonly code = 'not-public'
}

/** Whether an address may be asked at all, before its name is resolved. */
export function mayAsk({ protocol, hostname, port }: URL): boolean {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1')
  return protocol === 'https:' && port === '' && (isIP(literal) === 0 || isPublicAddress(literal))
}

/** Resolves names as Node does, and refuses one of which any address is not public. */
export const lookupPublic: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return answer(error, '')
    const [first] = found
    if (!first || !found.every(({ address }) => isPublicAddress(address)))
      return answer(new NotReachable('the name leads to no public address'), '')
    if (options.all) (answer as (error: null, all: LookupAddress[]) => void)(null, found)
    else answer(null, first.address, first.family)
  })
}
