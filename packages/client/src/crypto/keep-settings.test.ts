import { limits } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { decodeSettings, encodeSettings, foundingSettings, lifetimeAtMostS, titleBytesAtMost } from './index.ts'

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

it('[TT1] what the room is called stands in the settings, with one spelling, whatever stands beside it', () => {
  for (const title of ['a', 'Bücherkreis', 'نادي الكتاب', '読書会', 'x'.repeat(titleBytesAtMost)]) {
    for (const more of [{}, { keepSealed: 14 }, { lifetimeS: 60 }, { keepSealed: 1, lifetimeS: 1 }]) {
      const bytes = encodeSettings({ ...settings, ...more, title })
      expect(bytes[0]).toBe(4)
      expect(decodeSettings(bytes)).toEqual({ ...settings, ...more, title })
      expect(decodeSettings(Uint8Array.of(3, ...bytes.subarray(1)))).toBeUndefined()
      expect(decodeSettings(bytes.subarray(0, -1))).toBeUndefined()
      expect(decodeSettings(Uint8Array.of(...bytes, 0))).toBeUndefined()
    }
  }
})

it('[TT2] a title of nothing, of more than 240 bytes, with controls, or that is no UTF-8 is refused', () => {
  for (const title of ['', 'a\nb', 'a\u0000', '\u0085', '\u007f', 'x'.repeat(titleBytesAtMost + 1)]) {
    expect(decodeSettings(encodeSettings({ ...settings, title }))).toBeUndefined()
  }
  const bytes = encodeSettings({ ...settings, title: 'ab' })
  expect(decodeSettings(Uint8Array.of(...bytes.subarray(0, -2), 0xc3, 0x28))).toBeUndefined()
})
