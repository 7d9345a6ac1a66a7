import { limits, type RoomAddress, toBase64Url, utf8 } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { decodeLinkContent, encodeLinkContent } from './link-content.ts'

const id = (byte: number) => toBase64Url(new Uint8Array(16).fill(byte)) as string
const room = id(4) as RoomAddress
const seed = new Uint8Array(64).fill(7)
const verification = { person: id(3), atMs: 5, how: 'number' as const, name: 'Ben' }
const whole = { room, expiresMs: 9, seed, name: 'Ana', devices: [id(1), id(2)], verified: [verification] }
const stored = { version: 1, ...whole, seed: toBase64Url(seed) }
const decode = (value: unknown) => decodeLinkContent(room, utf8(JSON.stringify(value)))

it('[DL27] it is read as it was written, its length tells nothing of a name, and the longest fits', () => {
  expect(decodeLinkContent(room, encodeLinkContent(whole))).toEqual(stored)
  expect(encodeLinkContent(whole)).toHaveLength(2_048)
  expect(encodeLinkContent({ ...whole, name: 'A much longer name' })).toHaveLength(2_048)
  const many = { ...whole, name: '😀'.repeat(40), devices: Array(40).fill(id(1)) }
  const longest = { ...many, verified: Array(40).fill({ ...verification, name: '😀'.repeat(40) }) }
  const encoded = encodeLinkContent(longest)
  expect(encoded.length).toBeLessThan(limits.deviceLinkBytes - 100)
  expect(decodeLinkContent(room, encoded)?.devices).toHaveLength(32)
})

it('[DL27] another room, a field too many, too few or of another form refuses it', () => {
  expect(decode(stored)).toEqual(stored)
  expect(decodeLinkContent(id(5) as RoomAddress, encodeLinkContent(whole))).toBeUndefined()
  expect(decodeLinkContent(room, Uint8Array.of(0xff))).toBeUndefined()
  for (const key of Object.keys(stored)) {
    const { [key as 'name']: _, ...less } = stored
    expect(decode(less), key).toBeUndefined()
  }
  for (const bad of [
    { ...stored, more: 1 },
    { ...stored, version: 2 },
    { ...stored, seed: toBase64Url(seed.slice(1)) },
    { ...stored, devices: [] },
    { ...stored, devices: ['somebody'] },
    { ...stored, name: 5 },
    { ...stored, verified: [{ ...verification, how: 'hearsay' }] },
    { ...stored, verified: [{ ...verification, keys: '' }] },
    { ...stored, expiresMs: -1 },
  ]) {
    expect(decode(bad), JSON.stringify(bad)).toBeUndefined()
  }
})
