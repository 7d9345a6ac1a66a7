/** A group as bytes, for storage, which seals them: they hold every secret of the epoch. */
import { type DeviceId, fromBase64Url, readExactly, toBase64Url, Writer } from '@qsec/protocol'
import { decodeGroupState, encodeGroupState } from 'ts-mls'
import { codeOf } from './errors.ts'
import type { Group } from './group.ts'
import { clientConfig, type Known, knownOf, makeGroup, stateOf } from './state.ts'

const version = 1

export function encodeGroup(group: Group): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version)
  const known = [...knownOf(group)]
  writer.u32(known.length)
  for (const [credential, { device, person }] of known) {
    writer.raw(fromBase64Url(credential)!).raw(fromBase64Url(device)!).raw(fromBase64Url(person)!)
  }
  return writer.bytes(encodeGroupState(stateOf(group)), 4).done()
}

/** Undefined where the bytes are damaged or of another version. */
export function decodeGroup(bytes: Uint8Array): Group | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== version) return undefined
    const known: [string, { device: DeviceId; person: string }][] = []
    const count = reader.u32()
    for (let i = 0; i < count; i++) {
      const [credential, device, person] = [reader.raw(32), reader.raw(16), reader.raw(16)].map(toBase64Url)
      known.push([credential!, { device: device! as string as DeviceId, person: person! }])
    }
    return readState(reader.bytes(4), new Map(known))
  })
}

function readState(bytes: Uint8Array, known: Known): Group | undefined {
  try {
    const hit = decodeGroupState(bytes, 0)
    return hit && hit[1] === bytes.length ? makeGroup({ ...hit[0], clientConfig }, known) : undefined
  } catch (error) {
    codeOf(error) // our own mistakes go on; everything else is damage
    return undefined
  }
}
