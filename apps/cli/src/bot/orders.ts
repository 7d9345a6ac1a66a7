/** What a line on stdin asks of the bot. */

import { lifetimeAtMostS, textBytesAtMost } from '@qsec/client'
import { type DeviceId, isSixteenBytes } from '@qsec/protocol'

export type Order =
  | { type: 'say'; text: string; lifetimeS?: number }
  /** For one person alone, by one of its devices. */
  | { type: 'tell'; to: DeviceId; text: string; lifetimeS?: number }
  /** `from`: a path on this machine. */
  | { type: 'send-file'; from: string; text: string }
  /** `to`: a new file, or a folder. */
  | { type: 'save-file'; id: string; to: string }
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

export function readJsonLine(line: string): Order {
  if (line.trim() === '') return { type: 'nothing' }
  const entries = entriesOf(line)
  const [key, value] = entries?.[0] ?? []
  const words = readWords(entries ?? [])
  if (words) return words
  const file = entries && readFileOrder(Object.fromEntries(entries), entries.length)
  if (file) return file
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
    'expected {"text":"…"}, also with "to":"device" and "lifetimeS":seconds, {"file":"path"}, {"save":"file id","to":"path"}, ' +
    '{"eavesdropper":true|false}, {"keyExchange":true}, {"server":true} or {"leave":true}'
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

function readFileOrder({ file, text, save, to }: Record<string, unknown>, count: number): Order | undefined {
  if (isPath(file) && count === (text === undefined ? 1 : 2)) {
    if (text === undefined || text === '') return { type: 'send-file', from: file, text: '' }
    if (typeof text !== 'string') return undefined
    const said = sayOrRefuse(text)
    return said.type === 'say' ? { type: 'send-file', from: file, text } : said
  }
  if (typeof save !== 'string' || !isSixteenBytes(save) || !isPath(to) || count !== 2) return undefined
  return { type: 'save-file', id: save, to }
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
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
