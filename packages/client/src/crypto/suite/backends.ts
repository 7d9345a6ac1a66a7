/** Which implementation of each primitive is used here: Node's, WebCrypto's, or one in JavaScript. Each had to prove itself. */
import { type AesGcm, nodeAesGcm, webcryptoAesGcm } from './aes-gcm.ts'
import { type Ed25519, nodeEd25519, webcryptoEd25519 } from './ed25519-backends.ts'
import { type HashFunctions, javascriptHashes, nodeHashes } from './hash-functions.ts'
import type { KemHalf } from './kem-halves.ts'
import { nodeMlKem, nodeX25519 } from './kem-node.ts'
import { webcryptoMlKem, webcryptoX25519 } from './kem-webcrypto.ts'
import { areHashes, isAesGcm, isEd25519, isMlKem, isX25519 } from './known-answers.ts'
import { type NodeCrypto, nodeCrypto } from './node-crypto.ts'

export type Maker = 'node' | 'webcrypto' | 'javascript'

export interface Backends {
  mlKem: KemHalf
  x25519: KemHalf
  ed25519: Ed25519
  aesGcm: AesGcm
  hash: HashFunctions
  madeBy: Record<'mlKem' | 'x25519' | 'ed25519' | 'aesGcm' | 'hash', Maker>
}

/**
 * The first of the three that gives the known answers, for each primitive by itself. What is JavaScript is loaded only then. AES-GCM has no JavaScript to fall
 * back on: every platform with WebCrypto has it, and it is not tried again.
 *
 * @param node - undefined: as in a browser
 * @param withoutWebcrypto - as in a browser that has none of the newer algorithms
 */
export async function pickBackends(node: NodeCrypto | undefined, withoutWebcrypto = false): Promise<Backends> {
  const candidates = <T>(native: ((node: NodeCrypto) => T) | undefined, web: T | undefined): [Maker, T][] => [
    ...(node && native ? [['node', native(node)] as [Maker, T]] : []),
    ...(web && !withoutWebcrypto ? [['webcrypto', web] as [Maker, T]] : []),
  ]
  const first = async <T>(
    found: [Maker, T][],
    test: (one: T) => Promise<boolean> | boolean,
    last: Maker,
    load: () => Promise<T> | T,
  ): Promise<[Maker, T]> => {
    for (const one of found) if (await test(one[1])) return one
    return [last, await load()]
  }
  const curves = () => import('./javascript-curves.ts')
  const [mlKem, x25519, ed25519, aesGcm, hash] = await Promise.all([
    first(
      candidates(nodeMlKem, webcryptoMlKem),
      isMlKem,
      'javascript',
      async () => (await import('./javascript-ml-kem.ts')).javascriptMlKem,
    ),
    first(
      candidates(nodeX25519, webcryptoX25519),
      isX25519,
      'javascript',
      async () => (await curves()).javascriptX25519,
    ),
    first(
      candidates(nodeEd25519, webcryptoEd25519),
      isEd25519,
      'javascript',
      async () => (await curves()).javascriptEd25519,
    ),
    first(candidates<AesGcm>(nodeAesGcm, undefined), isAesGcm, 'webcrypto', () => webcryptoAesGcm),
    first(candidates<HashFunctions>(nodeHashes, undefined), areHashes, 'javascript', () => javascriptHashes),
  ])
  return {
    mlKem: mlKem[1],
    x25519: x25519[1],
    ed25519: ed25519[1],
    aesGcm: aesGcm[1],
    hash: hash[1],
    madeBy: { mlKem: mlKem[0], x25519: x25519[0], ed25519: ed25519[0], aesGcm: aesGcm[0], hash: hash[0] },
  }
}

export const backends: Backends = await pickBackends(nodeCrypto)
