/** By which names and addresses machines of the local network can reach this one. */
import { createSocket } from 'node:dgram'
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

export interface LanNames {
  /** Of the interfaces, without loopback; the one that leads out of this machine first. */
  ips: string[]
  /** `<host>.local` first; without `localhost`. */
  dns: string[]
}

export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** For documentation alone (RFC 5737): nobody is there, and connecting a UDP socket sends nothing. */
const elsewhere = { port: 9, address: '192.0.2.1' }
/** What containers and virtual machines talk through: of no use to a phone, so it comes last. */
const inward = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni)/
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

export async function lanNames(): Promise<LanNames> {
  return namesOf(networkInterfaces(), hostname(), await addressOfRoute())
}

/** All addresses of this machine, IPv4 and, where the system has it, IPv6. */
export function everyAddress(): string {
  const hasIpv6 = Object.values(networkInterfaces()).some((infos) => infos?.some(({ family }) => family === 'IPv6'))
  return hasIpv6 ? '::' : '0.0.0.0'
}

/** @param route - the address with which this machine talks to others, where it has a way out */
export function namesOf(interfaces: Interfaces, host: string, route?: string): LanNames {
  const ips = Object.entries(interfaces)
    .flatMap(([name, infos]) => (infos ?? []).map((info) => ({ ...info, name })))
    // A link-local IPv6 address needs the reader's own interface beside it, which no link can carry.
    .filter(({ internal, address, family }) => !internal && !(family === 'IPv6' && /^fe[89ab]/i.test(address)))
    .map(({ address, family, name }) => ({ address, rank: rankOf(address, family, name, route) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ address }) => address)
  return { ips: [...new Set(ips)], dns: dnsNames(host) }
}

function rankOf(address: string, family: string, name: string, route: string | undefined): number {
  if (address === route) return 0
  return (inward.test(name) ? 2 : 1) + (family === 'IPv6' ? 2 : 0)
}

/** A machine announces `<first label>.local` by multicast DNS, if it does; its whole name is for whoever has a DNS server. */
function dnsNames(host: string): string[] {
  const name = host.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  if (name.length > 253 || !labels.every((one) => label.test(one)) || /^\d+$/.test(labels.at(-1)!)) return []
  const [first] = labels
  return [...new Set([`${first}.local`, first!, name])].filter(
    (one) => one !== 'localhost' && one !== 'localhost.local',
  )
}

/** Undefined where this machine has no way out over IPv4. */
function addressOfRoute(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const settle = (address: string | undefined) => {
      socket.close()
      resolve(address)
    }
    socket.once('error', () => settle(undefined))
    socket.connect(elsewhere.port, elsewhere.address, () => settle(socket.address().address))
  })
}
