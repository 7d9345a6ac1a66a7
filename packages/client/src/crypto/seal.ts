/** Sealing a content for the group, and secrets for what stands beside it. */
import { createApplicationMessage, mlsExporter } from 'ts-mls'
import { encodeFrame, paddedLength } from './frames.ts'
import type { Group } from './group.ts'
import { withRatchets } from './secret-tree.ts'
import { activeStateOf, eraseConsumed, withSecretTree } from './state.ts'
import { suite } from './suite.ts'

// Behind the content stand the signature and its length; before it stands its own length (RFC 9420 §6.3.1).
const signatureFieldBytes = 66
const lengthBytes = (length: number) => (length < 64 ? 1 : length < 16_384 ? 2 : 4)

/**
 * Seals `content` under the next key of this device. Store the group that comes back before the frame leaves, and
 * never send a frame without having stored it: two frames sealed from one value share a key.
 *
 * @param aad - authenticated, but readable by the relay
 */
export async function seal(
  group: Group,
  content: Uint8Array,
  aad: Uint8Array = new Uint8Array(0),
): Promise<{ frame: Uint8Array<ArrayBuffer>; group: Group }> {
  const state = activeStateOf(group)
  const encodedLength = lengthBytes(content.length) + content.length + signatureFieldBytes
  const paddingConfig = { kind: 'padUntilLength', padUntilLength: paddedLength(encodedLength) } as const
  const secretTree = withRatchets(state.secretTree, group.ownLeaf)
  const padded = { ...state, secretTree, clientConfig: { ...state.clientConfig, paddingConfig } }
  const { newState, privateMessage, consumed } = await createApplicationMessage(padded, content, suite, aad)
  eraseConsumed(consumed, state, group.ownLeaf)
  return {
    frame: encodeFrame({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }),
    group: withSecretTree(group, newState.secretTree),
  }
}

/** A secret of this epoch for one use, which label and context name (RFC 9420 §8.5). */
export async function exportSecret(
  group: Group,
  label: string,
  context: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const { exporterSecret } = activeStateOf(group).keySchedule
  return mlsExporter(exporterSecret, `qsec/${label}`, context, length, suite)
}
