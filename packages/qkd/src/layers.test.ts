import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = import.meta.dirname
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.replaceAll('\\', '/'))

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g), (match) => match[1]!)
}

function targetOf(file: string, specifier: string): string {
  return relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/')
}

describe('layers', () => {
  it('[QB24] nothing is imported from outside the package', () => {
    for (const file of sources) {
      for (const specifier of importsOf(file)) {
        expect(specifier, file).toMatch(/^\.\.?\/.*\.ts$/)
        expect(targetOf(file, specifier), file).not.toMatch(/^\.\./)
      }
    }
  })

  it('[QB25] photon states and Eve are known inside the channel alone', () => {
    const secretive = /^channel\/(photon|eve|source|detector)\.ts$/
    for (const file of sources.filter((name) => !name.startsWith('channel/'))) {
      for (const specifier of importsOf(file)) expect(targetOf(file, specifier), file).not.toMatch(secretive)
    }
  })

  it('[QB25] the protocol imports nothing of the channel and does not know Eve by name', () => {
    const protocol = sources.filter((name) => /^(session|reconciliation|security)\/|^[a-z0-9-]+\.ts$/.test(name))
    const composition = ['run.ts', 'simulate-run.ts', 'index.ts']
    for (const file of protocol.filter((name) => !composition.includes(name))) {
      for (const specifier of importsOf(file)) expect(targetOf(file, specifier), file).not.toMatch(/^channel\//)
      expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/\b(eve|intercept)\b/i)
    }
    expect(protocol).toContain('session/alice.ts')
    expect(protocol).toContain('sifting.ts')
  })

  it('[QB25] of the protocol the channel knows the photon ports and no more', () => {
    for (const file of sources.filter((name) => name.startsWith('channel/'))) {
      for (const specifier of importsOf(file)) {
        const target = targetOf(file, specifier)
        if (target.startsWith('session/')) expect(target, file).toBe('session/photons.ts')
      }
    }
  })
})
