/** The other end of a device link: a device that has nothing but the link becomes one of its person's. */
import {
  type Base64Url,
  fromBase64Url,
  type LinkId,
  protocolVersion,
  type RoomAddress,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import { createDevice, deriveDeviceLink, openFromDevice, personKeysOfSeed } from '../crypto/index.ts'
import type { ClientEnv, TabMemory } from '../entry.ts'
import type { StorageChange, Transport } from '../ports.ts'
import { roomTrustPrefix } from '../trust/book.ts'
import { adoptDevice, type ClaimedDevice, claimDevice, isInside, relinked } from './device-store.ts'
import { decodeLinkContent, type LinkContent } from './link-content.ts'

const connectWaitMs = 15_000
/** Clocks of two devices differ; whether the link lives is judged by the relay and by the device that made it. */
const clocksDifferMs = 3_600_000

export type LinkFailure =
  /** Used, expired, taken back, or never there: nobody can tell which. */
  | 'link-over'
  /** What the relay handed out is not what was sealed. */
  | 'link-damaged'
  | 'unreachable'
  | 'rate-limited'

export type TakenLink = { ok: true; device: ClaimedDevice } | { ok: false; reason: LinkFailure }

/** Takes what was offered, which nobody can do again, and makes a device from it. */
export async function takeDeviceLink(
  env: ClientEnv,
  room: RoomAddress,
  key: Uint8Array,
  options: { relayUrl: string; tab?: TabMemory },
): Promise<TakenLink> {
  const { id, proofKey } = deriveDeviceLink(key)
  const taken = await takeOffer(env, options.relayUrl, room, id)
  if (!taken.ok) return taken
  const opened = await openFromDevice(room, key, fromBase64Url(taken.sealed)!)
  const content = opened && decodeLinkContent(room, opened)
  opened?.fill(0)
  if (!content) return { ok: false, reason: 'link-damaged' }
  const nowMs = env.clock.nowMs()
  if (nowMs > content.expiresMs + clocksDifferMs) return { ok: false, reason: 'link-over' }
  const personKeys = await personKeysOfSeed(fromBase64Url(content.seed)!)
  const { name, devices } = content
  const link = { id, proofKey, devices }
  const identity = await createDevice({ room, name, personKeys, nowMs, random: env.random })

  // The same person may be here already: in the room, or on its way by a link that has ended.
  const known = await claimDevice(env, room, options.tab)
  if (known?.identity.person === identity.person) {
    return { ok: true, device: (await isInside(env, known)) ? known : await relinked(env, known, link) }
  }
  known?.release()
  const device = await adoptDevice(env, identity, { name, createdMs: nowMs, link }, options.tab, verifiedIn(content))
  return { ok: true, device }
}

type Offer = { ok: true; sealed: Base64Url } | { ok: false; reason: LinkFailure }

async function takeOffer(env: ClientEnv, relayUrl: string, room: RoomAddress, id: LinkId): Promise<Offer> {
  const transport = env.connect(relayUrl)
  try {
    if (!(await isConnected(env, transport))) return { ok: false, reason: 'unreachable' }
    const hello = await transport.request('hello', { versions: [protocolVersion] })
    const answer = hello?.ok ? await transport.request('take_link', { room, id }) : undefined
    if (answer?.ok) return { ok: true, sealed: answer.sealed }
    if (answer?.code === 'no-access') return { ok: false, reason: 'link-over' }
    return { ok: false, reason: answer?.code === 'rate-limited' ? 'rate-limited' : 'unreachable' }
  } finally {
    transport.close()
  }
}

function isConnected(env: ClientEnv, transport: Transport): Promise<boolean> {
  if (transport.state === 'connected') return Promise.resolve(true)
  return new Promise((resolve) => {
    const cancel = env.clock.after(connectWaitMs, () => resolve(false))
    transport.onState((state) => {
      if (state !== 'connected') return
      cancel()
      resolve(true)
    })
  })
}

/** Whom the person has verified by another device: known by the fingerprints of their keys. */
function verifiedIn({ room, verified }: LinkContent): StorageChange[] {
  return verified.map(({ person, ...verification }) => ({
    type: 'put',
    key: `${roomTrustPrefix(room)}${person}/verified`,
    value: utf8(JSON.stringify({ ...verification, keys: toBase64Url(new Uint8Array(0)) })),
  }))
}
