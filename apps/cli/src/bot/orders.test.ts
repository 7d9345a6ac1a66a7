import { expect, it } from 'vitest'
import { splitNamed } from '../room/named.ts'
import { readTextLine } from './orders.ts'

const people = [
  { name: 'Ben', person: 'b' },
  { name: 'Ben Adler', person: 'a' },
  { name: 'Cem', person: 'c' },
  { name: 'Cem', person: 'd' },
  { name: '', person: 'e' },
]

it('[TO10] a line that begins with /to is for the one person whom it names, and never for everybody', () => {
  expect(readTextLine('hello')).toEqual({ type: 'say', text: 'hello' })
  expect(readTextLine('/toast is ready')).toEqual({ type: 'say', text: '/toast is ready' })
  for (const line of ['/to Ben hello', '/to', '/to  ', '/to nobody hello', '/to\tBen']) {
    expect(readTextLine(line).type).toBe('tell-named')
  }
  expect(readTextLine('/to  Ben hello')).toEqual({ type: 'tell-named', words: 'Ben hello' })
})

it('[TO10] of names that fit the longest counts; nobody, several of one name, and no words are problems', () => {
  expect(splitNamed('ben hello', people)).toEqual({ to: people[0], text: 'hello' })
  expect(splitNamed('Ben Adler hello Ben', people)).toEqual({ to: people[1], text: 'hello Ben' })
  expect(splitNamed('Ben Adlerhof is open', people)).toEqual({ to: people[0], text: 'Adlerhof is open' })
  for (const words of ['', 'hello', 'Benhello', 'Ben', 'Ben ', 'Cem hello']) {
    expect(splitNamed(words, people)).toHaveProperty('problem')
  }
  const two = [people[2]!, { name: 'Cem', person: 'c' }]
  expect(splitNamed('Cem hello', two)).toEqual({ to: two[0], text: 'hello' })
})
