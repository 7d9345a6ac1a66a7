import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actionIn, commandNames, namesFor, readTyped } from './typed.ts'

const seed = Number(process.env.FD_SEED ?? Math.floor(Math.random() * 2 ** 31))

describe(`what is typed behind a slash (seed ${seed})`, () => {
  it('[FD20] every command is read in any case with what follows; a name that is none is unknown, and never text', () => {
    for (const name of commandNames.filter((one) => one !== 'me')) {
      expect(readTyped(`/${name}`)).toEqual({ type: 'command', name, rest: '' })
      expect(readTyped(`/${name.toUpperCase()}   Ana B \n`)).toEqual({ type: 'command', name, rest: 'Ana B' })
    }
    for (const name of ['foo', 'locks', 'me2', 'привет', 's', 'tmp', '1']) {
      expect(readTyped(`/${name} and more`)).toEqual({ type: 'unknown', name })
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,9}$/), fc.string(), (name, rest) => {
        const typed = readTyped(`/${name} ${rest}`)
        const isKnown = commandNames.some((one) => one === name)
        expect(typed.type === 'unknown').toBe(!isKnown)
      }),
      { seed },
    )
  })

  it('[FD21] what has no slash, or no form of a command, is text as it stands; two slashes are one', () => {
    for (const text of ['hello', ' /lock', '/', '/ lock', '/usr/bin is full', '/-:', 'a /lock', '/lock/down', '']) {
      expect(readTyped(text)).toEqual({ type: 'text', text })
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const typed = readTyped(`//${text}`)
        expect(typed.type).toBe('text')
        expect(typed).toEqual({ type: 'text', text: actionIn(`/${text}`) === undefined ? `/${text}` : ` /${text}` })
      }),
      { seed },
    )
    expect(readTyped('//lock')).toEqual({ type: 'text', text: '/lock' })
  })

  it('[FD22] /me is a text with the author as its subject; without words it is a command that asks for them', () => {
    expect(readTyped('/ME  waves to all\nand goes')).toEqual({ type: 'text', text: '/me waves to all\nand goes' })
    expect(actionIn('/me waves to all\nand goes')).toBe('waves to all\nand goes')
    expect(readTyped('/me')).toEqual({ type: 'command', name: 'me', rest: '' })
    expect(readTyped('/me  ')).toEqual({ type: 'command', name: 'me', rest: '' })
    for (const text of ['/me', '/me ', '/mewaves', ' /me waves', 'x /me waves', '/Me waves', '//me waves']) {
      expect(actionIn(text)).toBeUndefined()
    }
    const literal = readTyped('//me waves')
    expect(literal).toEqual({ type: 'text', text: ' /me waves' })
    expect(actionIn(' /me waves')).toBeUndefined()
  })

  it('[FD23] while a name is typed, the names that begin so are offered, and nothing behind it', () => {
    expect(namesFor('/', 1)).toEqual(commandNames.filter((name) => name !== 'nick'))
    expect(namesFor('/L', 2)).toEqual(['lock', 'leave'])
    expect(namesFor('/lo ck', 3)).toEqual(['lock'])
    for (const [text, caret] of [
      ['/lock', 5],
      ['/lock ', 6],
      ['/x', 2],
      ['//', 2],
      ['a/l', 3],
      ['', 0],
      ['/lo', 1],
    ] as const) {
      expect(namesFor(text, caret), text).toBeUndefined()
    }
  })
})
