/** The cipher suite in a real Chromium, against Node's and against the one in JavaScript. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  mlDsa65PublicKey,
  mlDsa65Sign,
  mlDsa65Verify,
} from '../../packages/client/src/crypto/suite/javascript-ml-dsa65.ts'
import { suite } from '../../packages/client/src/crypto/suite.ts'
import { fromBase64Url, toBase64Url } from '../../packages/protocol/src/index.ts'
import { bundled, type Call, type Lab, openLab, openPage } from './in-page.ts'

type InPage = typeof import('../../packages/client/src/crypto/suite/suite-in-page.ts')

let script: string
let lab: Lab
let call: Call<InPage>

beforeAll(async () => {
  script = await bundled('packages/client/src/crypto/suite/suite-in-page.ts')
  lab = await openLab(script)
  call = (await openPage<InPage>(lab)).call
})
afterAll(() => lab?.close())

const random = (length: number) => toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(length)))
const read = (text: string) => fromBase64Url(text)!
const [info, aad] = [new Uint8Array(1), new Uint8Array(2)]

it('[CS11] Chromium does the work itself, but for the hashes', async () => {
  // Its versions before ML-KEM came would take JavaScript here; the one of the tests has it.
  expect(await call('backendsHere')).toEqual({
    mlKem: 'webcrypto',
    x25519: 'webcrypto',
    ed25519: 'webcrypto',
    aesGcm: 'webcrypto',
    hash: 'javascript',
  })
})

it("[CS12] a page's suite, the one in JavaScript and Node's open and verify what the others made", async () => {
  for (const which of ['page', 'javascript'] as const) {
    const [ikm, plaintext] = [random(32), random(100)]
    const publicKey = await call('publicKeyOf', which, ikm)
    const own = await suite.hpke.deriveKeyPair(read(ikm))
    expect(toBase64Url(await suite.hpke.exportPublicKey(own.publicKey))).toBe(publicKey)

    const { enc, ct } = await suite.hpke.seal(own.publicKey, read(plaintext), info, aad)
    expect(await call('openWith', which, ikm, { enc: toBase64Url(enc), ct: toBase64Url(ct) })).toBe(plaintext)
    const sealed = await call('sealTo', which, publicKey, plaintext)
    expect(toBase64Url(await suite.hpke.open(own.privateKey, read(sealed.enc), read(sealed.ct), info, aad))).toBe(
      plaintext,
    )
    await expect(suite.hpke.open(own.privateKey, read(sealed.enc), read(sealed.ct), info, info)).rejects.toThrow()

    const { signKey, publicKey: verifyKey } = await suite.signature.keygen()
    const signature = await call('sign', which, toBase64Url(signKey), plaintext)
    expect(await suite.signature.verify(verifyKey, read(plaintext), read(signature))).toBe(true)
    expect(await call('verify', which, toBase64Url(verifyKey), plaintext, signature)).toBe(true)
    expect(await call('verify', which, toBase64Url(verifyKey), random(100), signature)).toBe(false)
    const neutral = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)))
    expect(await call('verify', which, neutral, plaintext, signature)).toBe(false)
  }
})

it("[CS13] the page's script asks for no module of Node", () => {
  expect(script).not.toMatch(/(from|import\()\s*["']node:/)
  expect(script).not.toContain('__vite-browser-external')
})

it('[WG4] the ML-DSA-65 of Chromium and the one in JavaScript have the same keys and take what the other signed', async () => {
  expect(await call('hasMlDsa65')).toBe(true)
  const [seed, message] = [random(32), random(100)]
  const { publicKey, signature } = await call('mlDsa65Signed', seed, message)
  expect(toBase64Url(mlDsa65PublicKey(read(seed)))).toBe(publicKey)
  expect(mlDsa65Verify(read(publicKey), read(message), read(signature))).toBe(true)
  expect(mlDsa65Verify(read(publicKey), read(random(100)), read(signature))).toBe(false)
  const ours = toBase64Url(mlDsa65Sign(read(seed), read(message), read(random(32))))
  expect(await call('mlDsa65Holds', publicKey, message, ours)).toBe(true)
  expect(await call('mlDsa65Holds', publicKey, random(100), ours)).toBe(false)
})
