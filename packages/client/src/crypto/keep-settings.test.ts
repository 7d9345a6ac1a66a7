import { limits } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { decodeSettings, encodeSettings, foundingSettings } from './index.ts'

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
