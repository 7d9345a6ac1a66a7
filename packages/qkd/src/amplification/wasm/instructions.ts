/**
 * WebAssembly instructions as bytes: just those that the transform needs. An expression leaves one value on the stack,
 * a statement none. Code is a tree; its leaves in order are the bytes.
 *
 * @see https://webassembly.github.io/spec/core/binary/instructions.html
 */
export type Code = readonly (number | Code)[]

/** Number of a local variable or parameter. */
export type Local = number

export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  bytes.push(rest)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128)
  bytes.push(rest & 127)
  return bytes
}

const vectorOp = (opcode: number, ...args: number[]): Code => [0xfd, ...unsigned(opcode), ...args]

// Whole numbers of 32 bits, which are addresses and counters.
export const int = (value: number): Code => [0x41, ...signed(value)]
export const get = (local: Local): Code => [0x20, ...unsigned(local)]
export const set = (local: Local, value: Code): Code => [value, 0x21, ...unsigned(local)]
export const plus = (a: Code, b: Code): Code => [a, b, 0x6a]
export const minus = (a: Code, b: Code): Code => [a, b, 0x6b]
export const times = (a: Code, b: Code): Code => [a, b, 0x6c]
export const and32 = (a: Code, b: Code): Code => [a, b, 0x71]
export const shiftLeft32 = (a: Code, by: Code): Code => [a, by, 0x74]
export const shiftRight32 = (a: Code, by: Code): Code => [a, by, 0x76]
export const below = (a: Code, b: Code): Code => [a, b, 0x49]
export const call = (index: number, ...args: Code[]): Code => [...args, 0x10, ...unsigned(index)]

/** target ^= source for 8, 4, 2 or 1 bytes at these addresses. */
export function xorSmall(width: 8 | 4 | 2 | 1, target: Code, source: Code): Code {
  const [load, xor, store] = {
    8: [0x29, 0x85, 0x37],
    4: [0x28, 0x73, 0x36],
    2: [0x2f, 0x73, 0x3b],
    1: [0x2d, 0x73, 0x3a],
  }[width] as [number, number, number]
  return [target, target, load, 0, 0, source, load, 0, 0, xor, store, 0, 0]
}

// Vectors of 16 bytes.
export const load = (address: Code, offset = 0): Code => [address, ...vectorOp(0x00, 0, ...unsigned(offset))]
export const store = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  ...vectorOp(0x0b, 0, ...unsigned(offset)),
]
export const xor = (a: Code, b: Code): Code => [a, b, ...vectorOp(0x51)]
export const and = (a: Code, b: Code): Code => [a, b, ...vectorOp(0x4e)]
/** All 16 bytes alike. */
export const splat = (byte: number): Code => vectorOp(0x0c, ...new Array(16).fill(byte))
/** Bits move within 8 bytes, across the borders of bytes. */
export const left64 = (a: Code, by: number): Code => [a, int(by), ...vectorOp(0xcb)]
export const right64 = (a: Code, by: number): Code => [a, int(by), ...vectorOp(0xcd)]
export const shuffle = (a: Code, b: Code, lanes: readonly number[]): Code => [a, b, ...vectorOp(0x0d, ...lanes)]
/** Byte i is table[index[i]], for indices 0 to 15. */
export const lookUp = (table: Code, index: Code, relaxed: boolean): Code => [
  table,
  index,
  ...vectorOp(relaxed ? 0x100 : 0x0e),
]

// Statements.
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b]
/** Runs the body, and again while the condition holds. */
export const repeatWhile = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b]
/** At least once, for from, from + step, ... below the end. */
export const count = (local: Local, from: Code, end: Code, step: Code, body: Code): Code => [
  set(local, from),
  repeatWhile([body, set(local, plus(get(local), step))], below(get(local), end)),
]
