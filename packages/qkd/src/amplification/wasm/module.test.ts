import { afterEach, describe, expect, it, vi } from 'vitest'
import { multiply, point } from '../field.ts'
import { typescriptAmplifier } from '../typescript-amplifier.ts'
import { loadWasmAmplifier } from '../wasm-amplifier.ts'
import { moduleBytes } from './module.ts'
import { fromTower, generators, toTower } from './tower.ts'

const real = WebAssembly

afterEach(() => vi.unstubAllGlobals())

describe('the tower', () => {
  it('[QA11] is the field in other coordinates: its generators satisfy their equations', () => {
    const [y1, y2, y4, y8] = generators as [number, number, number, number]
    const equation = (y: number): number => multiply(y, y) ^ y
    expect([y1, y2, y4, y8].map(equation)).toEqual([1, y1, multiply(y1, y2), multiply(y1, multiply(y2, y4))])
    for (let element = 0; element < 65536; element += 7) expect(fromTower(toTower(element))).toBe(element)
    for (let c = 0; c < 256; c++) expect(toTower(point(c))).toBeLessThan(256)
  })
})

describe('the module', () => {
  it('[QA14] is the same bytes every time, valid with and without relaxed SIMD', () => {
    for (const relaxed of [false, true]) {
      expect(Buffer.compare(moduleBytes(relaxed), moduleBytes(relaxed))).toBe(0)
      expect(real.validate(moduleBytes(relaxed))).toBe(true)
    }
  })

  it('[QA14] gives the same bytes without relaxed SIMD', async () => {
    const relaxedLookUp = moduleBytes(true)
    const validate = (bytes: Uint8Array<ArrayBuffer>): boolean =>
      !Buffer.from(bytes).equals(Buffer.from(relaxedLookUp)) && real.validate(bytes)
    vi.stubGlobal('WebAssembly', { validate, compile: real.compile, Instance: real.Instance })
    const amplifier = await loadWasmAmplifier()
    const input = Uint8Array.from({ length: 40_000 }, (_, i) => (i * i * 31) >> 7)
    const seed = Uint8Array.from({ length: 60_000 }, (_, i) => (i * i * 17) >> 5)
    const expected = typescriptAmplifier.amplify(input, 320_000, seed, 150_001)
    expect(Buffer.compare(amplifier!.amplify(input, 320_000, seed, 150_001), expected)).toBe(0)
  })

  it('[QA14] there is none where WebAssembly or its vectors are missing or a policy forbids to compile', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(await loadWasmAmplifier()).toBeUndefined()
    vi.stubGlobal('WebAssembly', { ...methods(), validate: () => false })
    expect(await loadWasmAmplifier()).toBeUndefined()
    vi.stubGlobal('WebAssembly', { ...methods(), compile: () => Promise.reject(new real.CompileError('unsafe-eval')) })
    expect(await loadWasmAmplifier()).toBeUndefined()
    vi.stubGlobal('WebAssembly', methods())
    expect((await loadWasmAmplifier())?.name).toBe('wasm')
  })
})

function methods() {
  return { validate: real.validate, compile: real.compile, Instance: real.Instance }
}
