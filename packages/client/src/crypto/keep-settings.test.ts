import { limits } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { decodeSettings, encodeSettings, foundingSettings, lifetimeAtMostS } from './index.ts'

const settings = foundingSettings('AAAAAAAAAAAAAAAAAAAAAQ', 30)

it('[KS16] what the relay keeps stands in the settings, with one spelling; rooms without it are spelled as ever', () => {
  const plain = encodeSettings(settings)
  expect(plain[0]).toBe(1)
  for (const keepSealed of [1, 14, limits.keepDays]) {
    const bytes = encodeSettings({ ...settings, keepSealed })
    expect(bytes[0]).toBe(2)
    expect(decodeSettings(bytes)).toEqual({ ...settings, keepSealed })
    expect([...bytes.subarray(1, -2)]).toEqual([...plain.subarray(1)])
    // Neither version takes the other's form.
    expect(decodeSettings(Uint8Array.of(1, ...bytes.subarray(1)))).toBeUndefined()
    expect(decodeSettings(Uint8Array.of(2, ...plain.subarray(1)))).toBeUndefined()
    expect(decodeSettings(Uint8Array.of(3, ...bytes.subarray(1)))).toBeUndefined()
  }
  for (const keepSealed of [0, limits.keepDays + 1, 65_535]) {
    expect(decodeSettings(encodeSettings({ ...settings, keepSealed }))).toBeUndefined()
  }
  expect(decodeSettings(plain)?.keepSealed).toBeUndefined()
})

it('[DM14] how long messages live stands in the settings, with one spelling, beside what the relay keeps', () => {
  for (const lifetimeS of [1, 3_600, lifetimeAtMostS]) {
    for (const more of [{}, { keepSealed: 14 }]) {
      const bytes = encodeSettings({ ...settings, ...more, lifetimeS })
      expect(bytes[0]).toBe(3)
      expect(decodeSettings(bytes)).toEqual({ ...settings, ...more, lifetimeS })
      // Neither version takes the other's form, nor bytes that are cut or go on.
      expect(decodeSettings(Uint8Array.of(2, ...bytes.subarray(1)))).toBeUndefined()
      expect(decodeSettings(bytes.subarray(0, -1))).toBeUndefined()
      expect(decodeSettings(Uint8Array.of(...bytes, 0))).toBeUndefined()
    }
  }
  for (const lifetimeS of [0, lifetimeAtMostS + 1, 4_294_967_295]) {
    expect(decodeSettings(encodeSettings({ ...settings, lifetimeS }))).toBeUndefined()
  }
})
