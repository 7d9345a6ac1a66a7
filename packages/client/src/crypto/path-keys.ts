/**
 * Whether the keys that a path gives us are the ones it shows to everybody (RFC 9420 §7.5). The library derives the
 * pairs and keeps only the private halves: a path that lies would be noticed commits later, when nothing opens.
 */
import { toBase64Url } from '@qsec/protocol'
import type { CiphersuiteImpl, ClientState } from 'ts-mls'
import { suite } from './suite.ts'

export interface PathRecorder {
  /** The suite, which remembers the public half of every pair that is derived with it. */
  recorder: CiphersuiteImpl
  /** Whether each private key that `after` has anew belongs to the public key in its tree. */
  provesPath: (before: Pick<ClientState, 'privatePath'>, after: ClientState) => boolean
}

export function recordingSuite(): PathRecorder {
  const publicKeys = new Set<string>()
  const hpke: CiphersuiteImpl['hpke'] = {
    ...suite.hpke,
    async deriveKeyPair(ikm) {
      const pair = await suite.hpke.deriveKeyPair(ikm)
      publicKeys.add(toBase64Url(await suite.hpke.exportPublicKey(pair.publicKey)))
      return pair
    },
  }
  return {
    recorder: { ...suite, hpke },
    provesPath(before, after) {
      const old = before.privatePath.privateKeys
      return Object.entries(after.privatePath.privateKeys).every(([index, key]) => {
        if (old[Number(index)] === key) return true
        const node = after.ratchetTree[Number(index)]
        return node?.nodeType === 'parent' && publicKeys.has(toBase64Url(node.parent.hpkePublicKey))
      })
    },
  }
}
