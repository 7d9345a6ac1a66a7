import { describe, expect, it } from 'vitest'
import { closedAddress, secret } from '../dev/fixtures.ts'
import { cleanName, parseExpected, readLocation, readTypedRoom, shortAddress } from './address.ts'
import type { RoomAddress } from './client-gate.ts'

const origin = 'https://chat.example'
const link = `${origin}/room/${closedAddress}#v1.${secret}`

describe('the address bar', () => {
  it('[WB1] gives up the secret, the name and the number, and keeps the rest', () => {
    const { place, cleanPath } = readLocation(
      `${origin}/room/${closedAddress}?username=Ben&lang=en&expected=3#v1.${secret}`,
    )
    expect(place).toMatchObject({ at: 'room', address: closedAddress, name: 'Ben', expected: 3 })
    expect(place.at === 'room' && place.secret?.length).toBe(32)
    expect(cleanPath).toBe(`/room/${closedAddress}?lang=en`)
  })

  it('[LW1] gives up the key of a device link, and takes neither kind for the other', () => {
    const { place, cleanPath } = readLocation(`${origin}/room/${closedAddress}#d1.${secret}`)
    expect(place).toEqual({ at: 'room', address: closedAddress, link: expect.any(Uint8Array) })
    expect(place.at === 'room' && place.link?.length).toBe(32)
    expect(cleanPath).toBe(`/room/${closedAddress}`)
    expect(readTypedRoom(`${origin}/room/garden#d1.${secret}`, origin)).toEqual({
      type: 'room',
      address: 'garden',
      link: expect.any(Uint8Array),
    })
    for (const hash of ['#d1.', `#d1.${secret}A`, `#D1.${secret}`, `#d2.${secret}`]) {
      expect(readLocation(`${origin}/room/garden${hash}`)).toEqual({
        place: { at: 'room', address: 'garden' },
        cleanPath: '/room/garden',
      })
    }
  })

  it('[WB1] takes no other fragment for a secret, and removes it as well', () => {
    for (const hash of ['', '#', '#v1.', '#v2.abc', `#v1.${secret}A`, `#v1.${secret.slice(1)}`]) {
      const { place, cleanPath } = readLocation(`${origin}/room/garden${hash}`)
      expect(place).toEqual({ at: 'room', address: 'garden' })
      expect(cleanPath).toBe('/room/garden')
    }
  })

  it('[WB1] knows the start page, and says where nothing is', () => {
    expect(readLocation(`${origin}/`).place).toEqual({ at: 'home' })
    for (const path of ['/room/', '/room/a%20b', '/rooms/a', '/room/a/b', '/room/123456789012345678901']) {
      expect(readLocation(origin + path).place).toEqual({ at: 'nowhere' })
    }
  })
})

describe('the field Room ID', () => {
  it('[WB2] understands a word, an id and a whole link', () => {
    expect(readTypedRoom('', origin)).toEqual({ type: 'none' })
    expect(readTypedRoom(' garden ', origin)).toEqual({ type: 'room', address: 'garden' })
    expect(readTypedRoom(closedAddress, origin)).toEqual({ type: 'room', address: closedAddress })
    expect(readTypedRoom(link, origin)).toMatchObject({
      type: 'room',
      address: closedAddress,
      secret: expect.any(Uint8Array),
    })
    expect(readTypedRoom('/room/garden', origin)).toEqual({ type: 'room', address: 'garden' })
  })

  it('[WB2] refuses what is no room, and names another server', () => {
    for (const text of [
      'two words',
      'a/b',
      '123456789012345678901',
      `${closedAddress}x`,
      'javascript:alert(1)',
      'https://',
      `${origin}/lab`,
    ]) {
      expect(readTypedRoom(text, origin)).toEqual({ type: 'not-understood' })
    }
    expect(readTypedRoom('https://other.example/room/garden', origin)).toEqual({
      type: 'elsewhere',
      host: 'other.example',
    })
  })

  it('[WB2] shortens a closed id and leaves a word whole', () => {
    expect(shortAddress(closedAddress)).toBe('q7VnB3')
    expect(shortAddress('a-word_of_twenty_len' as RoomAddress)).toBe('a-word_of_twenty_len')
  })
})

it('[WB2] a number of people is whole and from 1 to 1,000', () => {
  expect(['', ' 2 ', '1000'].map(parseExpected)).toEqual([undefined, 2, 1000])
  expect(['0', '-1', '2.5', '1001', 'many'].map(parseExpected)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

it('[WB2] a name keeps to one line and 40 signs', () => {
  expect(cleanName('  Ana\n\u2028Ben\u0000 ')).toBe('Ana Ben')
  expect([...cleanName('🙂'.repeat(80))]).toHaveLength(40)
})
