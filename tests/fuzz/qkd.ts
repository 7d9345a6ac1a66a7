import { unpackBits } from '../../packages/qkd/src/bits.ts'
import { parseOptics } from '../../packages/qkd/src/channel/parameters.ts'
import { readPhotons } from '../../packages/qkd/src/channel/photon.ts'
import { decodeBase64 } from '../../packages/qkd/src/etsi014/base64.ts'
import {
  parseErrorMessage,
  parseKeyContainer,
  parseKeyId,
  parseKeyIds,
  parseKeyRequest,
  parseStatus,
} from '../../packages/qkd/src/etsi014/messages.ts'
import { parseObject } from '../../packages/qkd/src/etsi014/wire.ts'
import { parseParities } from '../../packages/qkd/src/reconciliation/cascade/bit-stream.ts'
import { parseSecurityParameters } from '../../packages/qkd/src/security/parse-parameters.ts'
import { parseClicks } from '../../packages/qkd/src/session/detections.ts'
import { describeMessage, encodeFrame, parseFrame } from '../../packages/qkd/src/session/messages.ts'
import { singlePhotonRun, smallEnds } from '../../packages/qkd/src/small-runs.ts'
import { joinEnds } from '../../packages/qkd/src/two-ends.ts'
import { binary, bytesOf, json, mustBeSound, type Target, text } from './target.ts'

const runId = new Uint8Array(16)

/** All messages of a run that is left alone. */
function honestRun(): Uint8Array[] {
  const messages: Uint8Array[] = []
  joinEnds(smallEnds(singlePhotonRun, 3), {
    onMessage: (message) => {
      messages.push(message.slice())
      return [message]
    },
  })
  return messages
}

let honest: readonly Uint8Array[] | undefined

export const qkdTargets: readonly Target[] = [
  {
    name: 'bb84-frame',
    covers: ['parseFrame'],
    take: (bytes) => {
      mustBeSound(parseFrame(bytes, runId))
      mustBeSound(parseFrame(bytes, bytes.subarray(1, 17)))
      describeMessage(bytes)
    },
    seeds: () => [...honestRun().slice(0, 12), encodeFrame(runId, 'bob', 3, 'hello' as never, new Uint8Array(9))],
  },
  {
    // Both ends agree, or both give up: whatever is put in the place of one message of the run.
    name: 'bb84-run',
    covers: ['readParameters', 'readKeyParameters', 'readSifted', 'readLabel', 'readDecoyPlan'],
    take: (bytes) => {
      honest ??= honestRun()
      const at = (bytes[0] ?? 0) % honest.length
      let index = 0
      const { alice, bob } = joinEnds(smallEnds(singlePhotonRun, 3), {
        onMessage: (message) => [index++ === at ? bytes.slice(1) : message],
      })
      if (alice.aborted !== bob.aborted) throw new Error('one end has a key and the other has none')
    },
    seeds: () =>
      honestRun()
        .slice(0, 12)
        .map((message, i) => Uint8Array.of(i, ...message)),
    slow: true,
  },
  {
    name: 'bb84-parts',
    covers: ['parseOptics', 'parseClicks', 'parseParities', 'unpackBits', 'readPhotons'],
    take: (bytes) => {
      mustBeSound(parseOptics(bytes))
      mustBeSound(parseClicks([bytes], (bytes[0] ?? 0) + 1, 10_000))
      mustBeSound(parseParities(bytes))
      mustBeSound(unpackBits(bytes, 8 * bytes.length - ((bytes[0] ?? 0) % 8)))
      let last = -1
      readPhotons([bytes], 10_000, (pulse) => {
        if (pulse <= last || pulse >= 10_000) throw new Error('a pulse out of order')
        last = pulse
      })
    },
    seeds: () => [new Uint8Array(60), Uint8Array.of(...Array.from({ length: 60 }, (_, i) => (i * 37) % 256))],
  },
  {
    name: 'etsi014',
    covers: ['parseObject', 'parseStatus', 'parseKeyRequest', 'parseKeyIds', 'parseKeyContainer', 'parseErrorMessage'],
    take: text((input) => [
      parseObject(input),
      parseStatus(input),
      parseKeyRequest(input),
      parseKeyIds(input),
      parseKeyContainer(input, { number: 1, sizeBits: 256 }),
      parseErrorMessage(input),
    ]),
    seeds: () =>
      [
        '{"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","key":"wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s="}]}',
        '{"key_IDs":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139"}]}',
        '{"number":3,"size":1024}',
        '{"message":"no"}',
        '{"source_KME_ID":"A","target_KME_ID":"B","key_size":352,"stored_key_count":25000,"max_key_count":100000}',
      ].map(bytesOf),
    json: true,
  },
  {
    name: 'key-ids',
    covers: ['parseKeyId', 'parseSecurityParameters'],
    take: json((value) => [parseKeyId(value), parseSecurityParameters(value)]),
    seeds: () => ['"bc490419-7d60-487f-adc1-4ddcc177c139"', '{"secrecy":1e-9,"correctness":1e-12}'].map(bytesOf),
    json: true,
  },
  {
    name: 'base64',
    covers: ['decodeBase64'],
    take: binary((bytes) => decodeBase64(new TextDecoder('latin1').decode(bytes))),
    seeds: () => ['', 'AA==', 'AAE=', 'AAEC', 'A+/w'].map(bytesOf),
  },
]
