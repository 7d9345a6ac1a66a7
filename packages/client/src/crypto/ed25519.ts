/** Ed25519 with raw keys: 32-byte seeds and 32-byte public keys. */
import { backends } from './suite/backends.ts'
import { makeSigner, type Signer } from './suite/signer.ts'

export const signer: Signer = makeSigner(backends.ed25519)
export const ed25519PublicKey: Signer['publicKey'] = signer.publicKey
export const ed25519Sign: Signer['sign'] = signer.sign
export const ed25519Verify: Signer['verify'] = signer.verify
