import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { tagsOfTests } from '../rule-tags.ts'
import { four } from './four.ts'
import { rules } from './rules.ts'
import { changesOf, switches, withoutDefence } from './switches.ts'

const root = path.resolve(import.meta.dirname, '../..')

it('[RU1] every rule of classes A, B, C, E, F and G stands in the table once, with a test or an excuse', () => {
  const numbered = (letter: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`)
  const all = [
    ...numbered('A', 1, 16),
    ...numbered('B', 17, 34),
    ...numbered('C', 35, 45),
    ...numbered('E', 60, 78),
    ...numbered('F', 79, 90),
    ...numbered('G', 91, 100),
  ]
  expect(rules.map(({ rule }) => rule)).toEqual(all)
  expect(rules.filter(({ tests, excuse }) => tests.length === 0 && !excuse)).toEqual([])
  for (const { rule, says, excuse } of rules) if (excuse) console.info(`${rule} (${says}): ${excuse}`)
})

it('[RU2] every test that the table names exists, and every rule of A and B has one of its own', () => {
  const tags = tagsOfTests()
  const missing = rules.flatMap(({ rule, tests }) => tests.filter((id) => !tags.has(id)).map((id) => `${rule}: ${id}`))
  expect(missing).toEqual([])
  for (const { rule, tests } of rules.filter((one) => /^[AB]/.test(one.rule))) {
    expect(tests, rule).toContain(rule)
    expect(
      tags.get(rule)?.every((file) => file.startsWith('tests/hostile/')),
      rule,
    ).toBe(true)
  }
})

it('[RU3] every rule has a switch or says why none, and every switch finds its defence exactly once', () => {
  const tags = tagsOfTests()
  expect(new Set(switches.map(({ name }) => name)).size).toBe(switches.length)
  for (const one of switches) {
    for (const change of changesOf(one)) {
      const source = readFileSync(path.join(root, change.file), 'utf8')
      expect(withoutDefence(change, source), one.name).not.toBe(source)
    }
    expect(tags.get(one.test.id), one.name).toContain(one.test.file)
    expect(rules.find(({ rule }) => rule === one.rule)?.tests, one.name).toContain(one.test.id)
  }
  const switched = new Set(switches.map(({ rule }) => rule))
  for (const { rule, noSwitch } of rules) expect(switched.has(rule), rule).toBe(noSwitch === undefined)
  expect(() => withoutDefence({ ...switches[0]!, find: 'no such text' }, 'text')).toThrow('0 times')
})

it('[RU8] each rule of A, B, C and F says which of its tests assert all four of failing closed, or why there is nothing to assert', () => {
  const judged = rules.filter(({ rule }) => /^[ABCF]/.test(rule))
  expect(Object.keys(four)).toEqual(judged.map(({ rule }) => rule))
  for (const { rule, tests } of judged) {
    for (const [what, cell] of Object.entries(four[rule]!)) {
      if (typeof cell === 'string') expect(tests, `${rule} ${what}`).toContain(cell)
      else expect(cell.none.split(' ').length, `${rule} ${what}`).toBeGreaterThan(4)
    }
  }
})
