/** Each number is one promise: listed once in a RULES.md or in the table of hostile rules, and carried by a test. */
import { expect, it } from 'vitest'
import { rules } from './hostile/rules.ts'
import { listedIn, tagsOfRules, tagsOfTests } from './rule-tags.ts'

const listed = tagsOfRules()
const carried = tagsOfTests()
const inTable = new Set(rules.map(({ rule }) => rule))

it('[RU5] no number stands twice in the lists of rules', () => {
  const twice = [...listed].filter(([tag, files]) => files.length > 1 || inTable.has(tag))
  expect(twice.map(([tag, files]) => `${tag}: ${files.join(', ')}`)).toEqual([])
  expect(() => listedIn('- **[AB1]** A promise.\n- Another one without a number.\n')).toThrow('without a number')
  expect(listedIn('# Rules\n\n- AB1 One.\n- **AB2** Two.\n- **[AB3]** Three.\n')).toEqual(['AB1', 'AB2', 'AB3'])
})

it('[RU6] every number in a test’s title is listed', () => {
  const unlisted = [...carried].filter(([tag]) => !listed.has(tag) && !inTable.has(tag))
  expect(unlisted.map(([tag, files]) => `${tag}: ${files.join(', ')}`)).toEqual([])
})

it('[RU7] every listed number stands in a test’s title', () => {
  const untested = [...listed].filter(([tag]) => !carried.has(tag))
  expect(untested.map(([tag, files]) => `${tag}: ${files.join(', ')}`)).toEqual([])
  expect(listed.size).toBeGreaterThan(600)
})
