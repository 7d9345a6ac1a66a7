/** What a line on stdin asks of the bot. */

import { lifetimeAtMostS, textBytesAtMost } from '@qsec/client'
import { type DeviceId, isSixteenBytes } from '@qsec/protocol'

export type Order =
  | { type: 'say'; text: string; lifetimeS?: number }
  /** For one person alone, by one of its devices. */
  | { type: 'tell'; to: DeviceId; text: string; lifetimeS?: number }
  /** The same, by the name of the person, which `words` begin with. */
  | { type: 'tell-named'; words: string }
  | { type: 'eavesdropper'; on: boolean }
  | { type: 'key-exchange' }
  /** What the server has stored: all of its tables in numbers, or the rows of one. */
  | { type: 'server'; table?: string }
  | { type: 'leave' }
  | { type: 'nothing' }
  /** `problem` says what was expected, and never repeats the line. */
  | { type: 'not-understood'; problem: string }

const toSomebody = /^\/to(?:\s+|$)/

export function readTextLine(line: string): Order {
  if (line.trim() === '') return { type: 'nothing' }
  const said = sayOrRefuse(line)
  // Whatever begins so is for one person, and is never said to all.
  if (said.type !== 'say' || !toSomebody.test(line)) return said
  return { type: 'tell-named', words: line.replace(toSomebody, '') }
}

/**
 * Takes `NAME TEXT` apart by the names of those who are there, the longest that fits; large and small letters count alike.
 * What fits nobody, or several persons of one name, is a problem in words.
 */
export function splitNamed<T extends { name: string; person: string }>(
  words: string,
  people: readonly T[],
): { to: T; text: string } | { problem: string } {
  const lower = words.toLocaleLowerCase()
  const fitting = people.filter(({ name }) => name !== '' && `${lower} `.startsWith(`${name.toLocaleLowerCase()} `))
  const longest = Math.max(0, ...fitting.map(({ name }) => name.length))
  const named = fitting.filter(({ name }) => name.length === longest)
  const [to] = named
  if (!to) return { problem: 'nobody of that name is in the room' }
  if (named.some(({ person }) => person !== to.person)) return { problem: `several people are called ${to.name}` }
  const text = words.slice(longest).trim()
  return text === '' ? { problem: 'there are no words behind the name' } : { to, text }
}

export function readJsonLine(line: string): Order {
  if (line.trim() === '') return { type: 'nothing' }
  const entries = entriesOf(line)
  const [key, value] = entries?.[0] ?? []
  const words = readWords(entries ?? [])
  if (words) return words
  if (entries?.length === 1) {
    if (key === 'eavesdropper' && typeof value === 'boolean') return { type: 'eavesdropper', on: value }
    if (key === 'keyExchange' && value === true) return { type: 'key-exchange' }
    if (key === 'server' && value === true) return { type: 'server' }
    if (key === 'server' && typeof value === 'string' && /^[a-z_]{1,40}$/.test(value)) {
      return { type: 'server', table: value }
    }
    if (key === 'leave' && value === true) return { type: 'leave' }
  }
  const problem =
    'expected {"text":"…"}, also with "to":"device" and "lifetimeS":seconds, {"eavesdropper":true|false}, {"keyExchange":true}, {"server":true} or {"leave":true}'
  return { type: 'not-understood', problem }
}

/** `text`, and with it whom it is for and how long it lives; nothing else. */
function readWords(entries: readonly [string, unknown][]): Order | undefined {
  const { text, to, lifetimeS, ...more } = Object.fromEntries(entries)
  if (typeof text !== 'string' || text === '' || Object.keys(more).length > 0) return undefined
  if (lifetimeS !== undefined && !isLifetime(lifetimeS)) return undefined
  const living = lifetimeS === undefined ? {} : { lifetimeS }
  const said = sayOrRefuse(text)
  if (said.type !== 'say') return said
  if (to === undefined) return { ...said, ...living }
  if (typeof to !== 'string' || !isSixteenBytes(to)) return undefined
  return { type: 'tell', to: to as DeviceId, text, ...living }
}

function isLifetime(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= lifetimeAtMostS
}

function sayOrRefuse(text: string): Order {
  if (Buffer.byteLength(text) <= textBytesAtMost) return { type: 'say', text }
  return { type: 'not-understood', problem: `the text is longer than ${textBytesAtMost} bytes` }
}

function entriesOf(line: string): [string, unknown][] | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined
  } catch {
    return undefined // the caller says what was expected
  }
}
