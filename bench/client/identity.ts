/** What a person's two keys cost: bytes of a bundle, milliseconds to make, sign, and check one or a room of 300. */
import { nodeRandom } from '@qsec/client/node'
import { limits, parseRoomAddress, toBase64Url } from '@qsec/protocol'
import { createDevice, createPersonKeys, verifyBundle } from '../../packages/client/src/crypto/index.ts'
import {
  javascriptMlDsa65,
  mlDsa65PublicKey,
  mlDsa65Sign,
  webcryptoMlDsa65,
} from '../../packages/client/src/crypto/ml-dsa65.ts'

const rounds = 40
const members = 300

async function msEach(times: number, work: () => unknown): Promise<number> {
  await work()
  const beganMs = performance.now()
  for (let i = 0; i < times; i++) await work()
  return Number(((performance.now() - beganMs) / times).toFixed(3))
}

const room = parseRoomAddress(toBase64Url(nodeRandom(16)))!
const options = { room, nowMs: Date.now(), random: nodeRandom, name: 'Ana' }
const { bundleBytes } = await createDevice(options)
const seed = nodeRandom(32)
const [key, message] = [await mlDsa65PublicKey(seed), nodeRandom(2_000)]
const signature = await mlDsa65Sign(seed, message, nodeRandom(32))

console.log(
  JSON.stringify({
    bundleBytes: bundleBytes.length,
    bundleLimit: limits.bundleBytes,
    bundlesOfRoomOnTheWire: { members, bytes: members * toBase64Url(bundleBytes).length },
    ms: {
      makePerson: await msEach(rounds, () => createPersonKeys(nodeRandom)),
      makeDevice: await msEach(rounds, () => createDevice(options)),
      verifyBundle: await msEach(rounds, () => verifyBundle(bundleBytes)),
      mlDsaSign: await msEach(rounds, () => mlDsa65Sign(seed, message, nodeRandom(32))),
      mlDsaVerifyJavaScript: await msEach(rounds, () => javascriptMlDsa65.verify(key, message, signature)),
      mlDsaVerifyNative: await msEach(rounds, () => webcryptoMlDsa65.verify(key, message, signature)),
    },
  }),
)
