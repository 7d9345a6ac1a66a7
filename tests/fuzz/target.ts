/** What is fuzzed: a parser, as a function of bytes that throws where a promise is broken. */

export interface Target {
  readonly name: string
  /** Names of the parsers that it reaches. */
  readonly covers: readonly string[]
  /** Throws, or rejects, if and only if something is wrong with the parser. */
  readonly take: (bytes: Uint8Array) => void | Promise<void>
  /** What is valid, or nearly: the beginnings of mutation. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>
  /** Valid JSON is what it wants: it is fed some of that too, and JSON that tries for prototypes. */
  readonly json?: boolean
  /** A cost of milliseconds each: it gets fewer. */
  readonly slow?: boolean
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** A parser of bytes. With `encode`, what it takes has one spelling: encoding it again gives the same bytes. */
export function binary<T>(
  parse: (bytes: Uint8Array<ArrayBuffer>) => T | undefined,
  encode?: (value: T) => Uint8Array,
): Target['take'] {
  return (bytes) => {
    const before = bytes.slice()
    const value = parse(bytes as Uint8Array<ArrayBuffer>)
    if (!sameBytes(before, bytes)) throw new Error('the parser has changed its input')
    mustBeSound(value)
    if (value === undefined || !encode) return
    if (!sameBytes(encode(value), before)) throw new Error('what was read is not what was written')
  }
}

/** The same for a parser that answers later. */
export function binaryLater<T>(
  parse: (bytes: Uint8Array<ArrayBuffer>) => Promise<T | undefined>,
  encode: (value: T) => Uint8Array,
): Target['take'] {
  return async (bytes) => {
    const value = await parse(bytes.slice() as Uint8Array<ArrayBuffer>)
    await binary(() => value, encode)(bytes)
  }
}

/** A parser of text. */
export function text(parse: (text: string) => unknown): Target['take'] {
  return (bytes) => mustBeSound(parse(textOf(bytes)))
}

/** A parser of what JSON holds. */
export function json(parse: (value: unknown) => unknown): Target['take'] {
  return (bytes) => {
    let value: unknown
    try {
      value = JSON.parse(textOf(bytes))
    } catch {
      return // no JSON: the parser is never asked
    }
    mustBeSound(parse(value))
  }
}

/** `parse` may throw what `isExpected` names. */
export function refusing<T>(
  parse: (input: T) => unknown,
  isExpected: (error: Error) => boolean,
): (input: T) => unknown {
  return (input) => {
    try {
      return parse(input)
    } catch (error) {
      if (error instanceof Error && isExpected(error)) return undefined
      throw error
    }
  }
}

/** No object has got a property out of the input by way of its prototype, neither a parsed one nor any other. */
export function mustBeSound(value: unknown, depth = 0): void {
  for (const name in {}) throw new Error(`every object has ${name} now`)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 8) return
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype === 'object' && prototype !== null && 'polluted' in prototype) {
    throw new Error('a parsed object has a prototype out of the input')
  }
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) mustBeSound(inner, depth + 1)
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
