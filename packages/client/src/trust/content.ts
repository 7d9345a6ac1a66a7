/** What people say to each other about who they are: inside the room, sealed, and never to the relay. */
import { type DeviceId, fromBase64Url, personAlgorithms } from '@qsec/protocol'
import * as v from 'valibot'

/** One step of comparing pictures with `to`; the others in the room ignore it. All bytes in base64url. */
export type CompareContent = { type: 'compare'; to: DeviceId; run: string } & (
  | { step: 'ask'; epoch: number; commitment: string }
  | { step: 'accept'; commitment: string }
  | { step: 'reveal'; nonce: string }
  /** `matched`: what the person saw; without it, the comparison was broken off. */
  | { step: 'end'; matched?: boolean }
)

/** A profile says that the sender's person is its own: see `profile.ts`. */
export interface ProfileContent {
  type: 'profile'
  /** `encodePersonKeys` of the profile. */
  keys: string
  byProfile: string
  byPerson: string
}

/** Asks those devices for their profiles, which they told the room before. */
export interface ProfilesWantedContent {
  type: 'profiles-wanted'
  devices: DeviceId[]
}

export type TrustContent = CompareContent | ProfileContent | ProfilesWantedContent

export const profilesWantedAtMost = 32

/** Bytes in their one spelling. */
const bytesOf = (length: number): v.GenericSchema<unknown, string> =>
  v.custom<string>((input) => typeof input === 'string' && fromBase64Url(input)?.length === length)
const device = v.custom<DeviceId>((input) => typeof input === 'string' && /^[A-Za-z0-9_-]{21}[AQgw]$/.test(input))
const hash = bytesOf(32)
/** Up to so many bytes: who reads them insists on the exact sizes. */
const atMost = (length: number): v.GenericSchema<unknown, string> =>
  v.pipe(v.string(), v.maxLength(Math.ceil((length * 4) / 3)), v.regex(/^[A-Za-z0-9_-]*$/))
const keysBytes = personAlgorithms.reduce((sum, { keyBytes }) => sum + 4 + keyBytes, 1)
const signatures = atMost(personAlgorithms.reduce((sum, { signatureBytes }) => sum + signatureBytes, 0))
const compare = { type: v.literal('compare'), to: device, run: bytesOf(16) }

const compareContent: v.GenericSchema<unknown, CompareContent> = v.variant('step', [
  v.object({
    ...compare,
    step: v.literal('ask'),
    epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    commitment: hash,
  }),
  v.object({ ...compare, step: v.literal('accept'), commitment: hash }),
  v.object({ ...compare, step: v.literal('reveal'), nonce: hash }),
  v.object({ ...compare, step: v.literal('end'), matched: v.exactOptional(v.boolean()) }),
])

const profileContent: v.GenericSchema<unknown, ProfileContent> = v.object({
  type: v.literal('profile'),
  keys: atMost(keysBytes),
  byProfile: signatures,
  byPerson: signatures,
})

const profilesWantedContent: v.GenericSchema<unknown, ProfilesWantedContent> = v.object({
  type: v.literal('profiles-wanted'),
  devices: v.pipe(v.array(device), v.minLength(1), v.maxLength(profilesWantedAtMost)),
})

export const trustContent: v.GenericSchema<unknown, TrustContent> = v.union([
  compareContent,
  profileContent,
  profilesWantedContent,
])
