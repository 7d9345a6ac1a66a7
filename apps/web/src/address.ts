/** What an address bar or a person's typing says about a room. Pure; secrets are taken out here and never put back. */
import type { RoomAddress, RoomKind, Secret } from './client-gate.ts'

export type Place =
  | { at: 'home' }
  | { at: 'device' }
  | { at: 'room'; address: RoomAddress; secret?: Secret; link?: Secret; name?: string; expected?: number }
  | { at: 'nowhere' }

export interface Arrival {
  place: Place
  /** Path and query as they may stay in the address bar: without secret, name and number. */
  cleanPath: string
}

/** The client cuts names there too. */
export const longestName = 40
export const mostPeople = 1_000

const secretShape = /^#v1\.([A-Za-z0-9_-]{43})$/
const deviceLinkShape = /^#d1\.([A-Za-z0-9_-]{43})$/

/** Reads the address of the page. */
export function readLocation(href: string): Arrival {
  const url = new URL(href)
  const name = cleanName(url.searchParams.get('username') ?? '')
  const expected = parseExpected(url.searchParams.get('expected') ?? '')
  url.searchParams.delete('username')
  url.searchParams.delete('expected')
  const cleanPath = url.pathname + url.search
  if (url.pathname === '/' && url.hash === '#device')
    return { place: { at: 'device' }, cleanPath: `${cleanPath}#device` }
  if (url.pathname === '/') return { place: { at: 'home' }, cleanPath }
  const address = addressOfPath(url.pathname)
  if (address === undefined) return { place: { at: 'nowhere' }, cleanPath }
  return {
    place: {
      at: 'room',
      address,
      ...keysIn(url.hash),
      ...(name !== '' && { name }),
      ...(expected !== undefined && { expected }),
    },
    cleanPath,
  }
}

export type TypedRoom =
  | { type: 'none' }
  | { type: 'room'; address: RoomAddress; secret?: Secret; link?: Secret }
  /** A link to a room at another server. */
  | { type: 'elsewhere'; host: string }
  | { type: 'not-understood' }

/**
 * What stands in the field *Room ID*: a word, an id of 22 characters, or a whole link of this server.
 *
 * @param relay - the origin of the relay, where the page comes from elsewhere: its links lead to the same rooms
 */
export function readTypedRoom(text: string, origin: string, relay?: string): TypedRoom {
  const typed = text.trim()
  if (typed === '') return { type: 'none' }
  const word = parseAddress(typed)
  if (word !== undefined) return { type: 'room', address: word }
  const url = parseUrl(typed, origin)
  const address = url && addressOfPath(url.pathname)
  if (url === undefined || address === undefined) return { type: 'not-understood' }
  if (url.origin !== origin && url.origin !== relay) return { type: 'elsewhere', host: url.host }
  return { type: 'room', address, ...keysIn(url.hash) }
}

/** A closed room's address has 22 characters (16 bytes in base64url), an open one's has 1 to 20. */
export function parseAddress(text: string): RoomAddress | undefined {
  return /^(?:[A-Za-z0-9_-]{1,20}|[A-Za-z0-9_-]{21}[AQgw])$/.test(text) ? (text as RoomAddress) : undefined
}

export function kindOf(address: RoomAddress): RoomKind {
  return address.length === 22 ? 'closed' : 'open'
}

/** The address as a title: an open room's word whole, a closed room's id by its beginning. */
export function shortAddress(address: RoomAddress): string {
  return kindOf(address) === 'open' ? address : address.slice(0, 6)
}

/** A number of people, 1 to 1,000; undefined for an empty field and for anything else. */
export function parseExpected(text: string): number | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  const people = Number(typed)
  return Number.isInteger(people) && people >= 1 && people <= mostPeople ? people : undefined
}

/** A name as others will see it: on one line, without edges, of bounded length. */
export function cleanName(text: string): string {
  return [...text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()].slice(0, longestName).join('').trim()
}

function addressOfPath(path: string): RoomAddress | undefined {
  const match = /^\/room\/([^/]+)\/?$/.exec(path)
  return match?.[1] === undefined ? undefined : parseAddress(match[1])
}

function parseUrl(text: string, origin: string): URL | undefined {
  const absolute = /^https?:\/\//i.test(text)
  if (!absolute && !text.startsWith('/room/')) return undefined
  return URL.canParse(text, origin) ? new URL(text, origin) : undefined
}

/** The key of an invite, or that of a device link. */
function keysIn(hash: string): { secret?: Secret; link?: Secret } {
  const secret = parseKey(hash, secretShape)
  const link = parseKey(hash, deviceLinkShape)
  return { ...(secret !== undefined && { secret }), ...(link !== undefined && { link }) }
}

function parseKey(hash: string, shape: RegExp): Secret | undefined {
  const spelled = shape.exec(hash)?.[1]
  if (spelled === undefined) return undefined
  const binary = atob(`${spelled.replaceAll('-', '+').replaceAll('_', '/')}=`)
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
