import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { isIn, searchFolder } from './search.ts'

const word = 'Ana Alvarado brought 27 blueprints'

it('[CL17] finds a word in every spelling, wherever it begins', () => {
  const around = (bytes: Buffer | string, before: string) => Buffer.concat([Buffer.from(before), Buffer.from(bytes)])
  for (const before of ['', 'a', 'ab', 'abc']) {
    expect(isIn(around(word, before), word)).toBe(true)
    expect(isIn(around(Buffer.from(word, 'utf16le'), before), word)).toBe(true)
    expect(isIn(around(Buffer.from(word).toString('hex'), before), word)).toBe(true)
    for (const encoding of ['base64', 'base64url'] as const) {
      const spelled = Buffer.from(`${before}${word} and more`).toString(encoding)
      expect(isIn(Buffer.from(spelled), word), `${encoding} after "${before}"`).toBe(true)
    }
  }
})

it('[CL17] names the file and what stands in it, and finds nothing where nothing is', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-search-'))
  writeFileSync(path.join(folder, 'a'), `x${word}`)
  writeFileSync(path.join(folder, 'b'), 'Ana and blueprints')
  expect(searchFolder(folder, { 'the text': word, other: 'Ben Bergström' })).toEqual({
    found: [{ file: 'a', what: 'the text' }],
    bytes: 53,
  })
  rmSync(folder, { recursive: true })
})
