/** KeyPackages of others' devices, taken from the relay and held against what the room knows of them. */
import { type DeviceId, fromBase64Url } from '@qsec/protocol'
import { type GroupMember, inspectKeyPackage } from '../crypto/index.ts'
import type { ConversationHost } from './host.ts'

/**
 * A KeyPackage for each of `wanted` that has published one. What the relay hands out under the name of another device is
 * left out: the bundle behind it tells whose it is.
 */
export async function takeKeyPackages(
  host: ConversationHost,
  wanted: readonly GroupMember[],
): Promise<Map<DeviceId, Uint8Array>> {
  const taken = await Promise.all(wanted.map((member) => takeOne(host, member)))
  return new Map(wanted.flatMap(({ device }, i) => (taken[i] ? [[device, taken[i]] as const] : [])))
}

async function takeOne(host: ConversationHost, wanted: GroupMember): Promise<Uint8Array | undefined> {
  const { identity, transport, clock, bundles } = host
  const answer = await transport.request('take_key_package', { room: identity.room, device: wanted.device })
  const keyPackage = answer?.ok ? fromBase64Url(answer.keyPackage) : undefined
  const shown = keyPackage && (await inspectKeyPackage(keyPackage, clock.nowMs()))
  if (!keyPackage || !shown) return undefined
  if (!bundles.source(shown.credential)) await host.fetchBundles([shown.credential])
  const bundle = bundles.source(shown.credential)
  return bundle?.device === wanted.device && bundle.person === wanted.person ? keyPackage : undefined
}
