/** Shares of a group secret G: sealed for one receiver under a one-time pad where there is one, opened by that receiver. */
import { type DeviceId, equalBytes, utf8 } from '@qsec/protocol'
import { sha256 } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { PadKind } from './label.ts'
import type { Pads } from './pads.ts'
import { shareTag, xor } from './pads.ts'
import type { Share } from './pair-content.ts'

/** SHA-256 of the sorted device ids that a secret is for. */
export function leafSetHash(devices: readonly DeviceId[]): Uint8Array<ArrayBuffer> {
  return sha256(utf8([...devices].sort().join('\n')))
}

export interface ShareOptions {
  groupId: Uint8Array
  leaves: readonly DeviceId[]
  sender: DeviceId
  receiver: DeviceId
}

/** A share for `receiver`. Its pad is spent before this resolves. Without a pad, the pair group alone protects it. */
export async function makeShare(
  pads: Pads | undefined,
  uuid: string,
  secret: Uint8Array,
  { groupId, leaves, sender, receiver }: ShareOptions,
): Promise<{ share: Share; pad: PadKind }> {
  const leafSet = leafSetHash(leaves)
  const pad = await pads?.take(receiver)
  if (!pad) return { share: { uuid, leafSet, sealed: secret.slice() }, pad: 'none' }
  const sealed = xor(secret, pad.secretPad)
  const context = { groupId, uuid, leafSet, sender, receiver, offset: pad.offset, sealed }
  const tag = shareTag(pad.tagKey, context)
  pad.secretPad.fill(0)
  pad.tagKey.fill(0)
  return { share: { uuid, leafSet, sealed, pad: { run: pad.run, offset: pad.offset, tag } }, pad: pad.label }
}

export type OpenedShare =
  | { ok: true; secret: Uint8Array<ArrayBuffer>; pad: PadKind; changes: StorageChange[] }
  | { ok: false; reason: 'other-leaves' | 'pad-unknown-or-used' | 'bad-tag'; changes: StorageChange[] }

/**
 * Opens a share that `sender` made for this device. `changes` spend its pad, also where it is refused: store them
 * together with the secret, so that a crash leaves either both or neither.
 */
export function openShare(pads: Pads, share: Share, options: ShareOptions): OpenedShare {
  const { groupId, leaves, sender, receiver } = options
  if (!equalBytes(share.leafSet, leafSetHash(leaves))) return { ok: false, reason: 'other-leaves', changes: [] }
  if (!share.pad) return { ok: true, secret: share.sealed, pad: 'none', changes: [] }
  const { run, offset, tag } = share.pad
  const redeemed = pads.redeem(sender, run, offset)
  if (!redeemed) return { ok: false, reason: 'pad-unknown-or-used', changes: [] }
  const { pad, spent } = redeemed
  const { uuid, leafSet, sealed } = share
  const expected = shareTag(pad.tagKey, { groupId, uuid, leafSet, sender, receiver, offset, sealed })
  const changes = [spent]
  if (!equalBytes(tag, expected)) return { ok: false, reason: 'bad-tag', changes }
  return { ok: true, secret: xor(sealed, pad.secretPad), pad: pad.label, changes }
}
