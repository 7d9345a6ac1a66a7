/** Who is in the room, as a person reads it: names that their owners signed, fingerprints where names are equal. */
import { type DeviceId, fromBase64Url } from '@qsec/protocol'
import type { NameClaim } from '../content.ts'
import { holdsName, type VerifiedBundle } from '../crypto/index.ts'
import type { PersonView } from '../snapshot.ts'
import { isLacked, type Lack } from '../sync/lacks.ts'
import { cleanName } from '../trust/names.ts'

export interface Known {
  claim?: NameClaim
  /** This device's frames after that sequence number can be read by the person. */
  sinceSeq: number
  /** Highest sequence number that the person's device said it has. */
  receiptSeq: number
  /** What it said that it does not have of what is before that. */
  lacks?: readonly Lack[]
  /** Counter and chain that the device's next content should carry; absent while this device does not know. */
  said?: { counter: number; chain: string }
  /** Seen leaving or being removed, and not added again since, as an open room may. */
  gone?: boolean
  /** When this device last heard from it, by its own clock. */
  heardMs?: number
}

/** Whether the device has said that it has what is at `seq`. */
export function hasReceived({ receiptSeq, lacks = [] }: Known, seq: number): boolean {
  return receiptSeq >= seq && !isLacked(lacks, seq)
}

/** Whether the person behind `bundle` signed this name, and it may be shown as it stands. */
export function holds(claim: NameClaim, bundle: VerifiedBundle): boolean {
  const salt = fromBase64Url(claim.salt)
  return (
    salt !== undefined &&
    bundle.device === claim.device &&
    claim.name.length > 0 &&
    cleanName(claim.name) === claim.name &&
    holdsName(bundle, claim.name, salt)
  )
}

export function personView(device: DeviceId, view: Omit<PersonView, 'device' | 'shortId' | 'hue'>): PersonView {
  return { device, shortId: device.slice(0, 6), hue: hueOf(view.person || device), ...view }
}

const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 60 bits of the fingerprint in three groups: nobody finds another device with the same while somebody waits. */
export function deviceCode(device: DeviceId): string {
  const bytes = fromBase64Url(device) ?? new Uint8Array(16)
  const characters = Array.from({ length: 12 }, (_, i) => {
    const at = i * 5
    const pair = (bytes[at >> 3]! << 8) | bytes[(at >> 3) + 1]!
    return base32[(pair >> (11 - (at & 7))) & 31]
  })
  return [0, 4, 8].map((at) => characters.slice(at, at + 4).join('')).join('-')
}

/** From the fingerprint of the person, or of the device while that is unknown, so that everyone sees the same colour and nobody can choose one. */
function hueOf(fingerprint: string): number {
  const bytes = fromBase64Url(fingerprint)
  return bytes ? ((bytes[0]! << 8) | bytes[1]!) % 360 : 0
}
