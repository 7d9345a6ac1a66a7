/** Calling devices that are away: where a device's push service takes an empty message for it (RFC 8030), and by whose key. */
import * as v from 'valibot'
import type { Base64Url } from './bytes.ts'
import * as f from './fields.ts'
import type { RoomAddress } from './ids.ts'
import { limits } from './limits.ts'

/**
 * Has this device called when a member says something while it is away: the relay then sends an empty message to `endpoint`.
 * Said again, the newest counts; without `endpoint` the relay forgets it.
 */
export interface SetPush {
  room: RoomAddress
  /** The address that the browser's push service gave out: what `isPushEndpoint` takes. */
  endpoint?: string
}

/** What a relay that sends pushes says of them to a member who joins. */
export interface PushOffer {
  /** The relay's public key for VAPID (RFC 8292): a point on P-256, uncompressed. A subscription is bound to it. */
  key: Base64Url
  /** Whether it has an address of this device. */
  on: boolean
}

const vapidKeyBytes = 65

/** Every platform has it, and the language's own types do not name it. */
declare class URL {
  constructor(text: string)
  static canParse(text: string): boolean
  readonly href: string
  readonly username: string
  readonly password: string
}

/** An address of a push service, in the one spelling that a URL has: https, without a name, password or fragment. */
export function isPushEndpoint(text: string): boolean {
  if (text.length > limits.pushEndpointLength || !/^https:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text))
    return false
  const { href, username, password } = new URL(text)
  return href === text && username === '' && password === '' && !text.includes('#')
}

export const setPush: v.GenericSchema<unknown, SetPush> = v.strictObject({
  room: f.room,
  endpoint: v.exactOptional(
    v.custom<string>(
      (input) => typeof input === 'string' && isPushEndpoint(input),
      'no https address of a push service',
    ),
  ),
})

export const pushOffer: v.GenericSchema<unknown, PushOffer> = v.object({
  key: f.base64Exactly(vapidKeyBytes),
  on: v.boolean(),
})
