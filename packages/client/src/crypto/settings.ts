/**
 * What a room has agreed on, as it stands in the GroupContext: who leads it, who may let people in, whether it is locked,
 * how many persons it holds, whether the relay keeps its sealed frames, how long messages live once they were seen, what it
 * is called, whether it has ended. Everything here is judged from the group's state alone.
 */
import { fromBase64Url, isSixteenBytes, limits, readExactly, toBase64Url, utf8, Writer } from '@qsec/protocol'
import type { GroupMember } from './group.ts'

/** `admin` may do everything but choose admins, hand the room over, and put out the owner or another admin. */
export type Role = 'owner' | 'admin' | 'member'

export interface RoomSettings {
  /** Fingerprint of the owner's person keys, 22 characters. */
  owner: string
  /** Fingerprints, sorted, without the owner. */
  admins: readonly string[]
  /** Who may make and revoke links and say yes to those who knock. */
  admitBy: 'everyone' | 'admins'
  /** Nobody new comes in, by whatever way. Links stay as they are and serve again afterwards. */
  locked: boolean
  /** Persons at most, 2 to `limits.capacity`; absent: that limit. */
  capacity?: number
  /**
   * Days for which the relay keeps sealed frames on its disk until every device has them, 1 to `limits.keepDays`; absent:
   * it keeps none there.
   */
  keepSealed?: number
  /** Seconds that a message lives at most once it was seen, 1 to `lifetimeAtMostS`; absent: for ever. */
  lifetimeS?: number
  /** As it was written, up to `titleBytesAtMost` bytes of UTF-8 and no controls; `cleanTitle` comes before showing it. */
  title?: string
  /** The room is over: no commit follows. */
  ended: boolean
  /** `required`: nobody says anything in an epoch that is not called quantum (protocol.md §6). */
  quantum: 'offered' | 'required'
}

export const adminsAtMost = 32
/** 366 days, in seconds. */
export const lifetimeAtMostS: number = 366 * 86_400
export const titleBytesAtMost = 240
/**
 * 2 is 1 with the days of `keepSealed`, and only where there are some; 3 has those days (0: none) and `lifetimeS`, and only
 * where there is one; 4 has both (0: none) and `title`, and only where there is one. Each meaning has one spelling.
 */
const versions = [1, 2, 3, 4]
const lockedFlag = 1
const endedFlag = 2
const quantumFlag = 4
const knownFlags = lockedFlag | endedFlag | quantumFlag

export function foundingSettings(owner: string, capacity?: number, title?: string): RoomSettings {
  const held = capacity === undefined || capacity < 2 ? {} : { capacity: Math.min(capacity, limits.capacity) }
  const called = title === undefined ? {} : { title }
  return { owner, admins: [], admitBy: 'everyone', locked: false, ended: false, quantum: 'offered', ...held, ...called }
}

export function encodeSettings(settings: RoomSettings): Uint8Array<ArrayBuffer> {
  const { owner, admins, admitBy, locked, capacity = 0, keepSealed, lifetimeS, title, ended, quantum } = settings
  const version = title !== undefined ? 4 : lifetimeS !== undefined ? 3 : keepSealed !== undefined ? 2 : 1
  const writer = new Writer().u8(version).raw(fromBase64Url(owner)!).u8(admins.length)
  for (const admin of admins) writer.raw(fromBase64Url(admin)!)
  writer
    .u8(admitBy === 'everyone' ? 0 : 1)
    .u8((locked ? lockedFlag : 0) | (ended ? endedFlag : 0) | (quantum === 'required' ? quantumFlag : 0))
    .u16(capacity)
  if (version > 1) writer.u16(keepSealed ?? 0)
  if (version > 2) writer.u32(lifetimeS ?? 0)
  if (title !== undefined) writer.text(title, 1)
  return writer.done()
}

/** Undefined where the bytes are not the only spelling of settings that make sense. */
export function decodeSettings(bytes: Uint8Array): RoomSettings | undefined {
  return readExactly(bytes, (reader) => {
    const version = reader.u8()
    if (!versions.includes(version)) return undefined
    const owner = toBase64Url(reader.raw(16))
    const admins = Array.from({ length: reader.u8() }, () => toBase64Url(reader.raw(16)))
    const [admitBy, flags, capacity] = [reader.u8(), reader.u8(), reader.u16()]
    const inOrder = admins.every((admin, i) => admin !== owner && (i === 0 || admins[i - 1]! < admin))
    if (!inOrder || admins.length > adminsAtMost || admitBy > 1 || (flags & ~knownFlags) !== 0) return undefined
    if (capacity === 1 || capacity > limits.capacity) return undefined
    const days = version > 1 ? reader.u16() : 0
    if ((version === 2 && days === 0) || days > limits.keepDays) return undefined
    const lifetimeS = version > 2 ? reader.u32() : 0
    if ((version === 3 && lifetimeS === 0) || lifetimeS > lifetimeAtMostS) return undefined
    const title = version === 4 ? reader.text(1) : undefined
    if (title !== undefined && !isTitle(title)) return undefined
    return {
      owner,
      admins,
      admitBy: admitBy === 0 ? 'everyone' : 'admins',
      locked: (flags & lockedFlag) !== 0,
      ended: (flags & endedFlag) !== 0,
      quantum: (flags & quantumFlag) === 0 ? 'offered' : 'required',
      ...(capacity === 0 ? {} : { capacity }),
      ...(days === 0 ? {} : { keepSealed: days }),
      ...(lifetimeS === 0 ? {} : { lifetimeS }),
      ...(title === undefined ? {} : { title }),
    }
  })
}

/** All devices have to judge it alike, whatever Unicode theirs knows: what else must not be shown is for `cleanTitle`. */
function isTitle(title: string): boolean {
  const { length } = utf8(title)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  return length > 0 && length <= titleBytesAtMost && !/[\u0000-\u001f\u007f-\u009f]/.test(title)
}

export function withAdmin(settings: RoomSettings, person: string, admin: boolean): RoomSettings {
  const others = settings.admins.filter((one) => one !== person)
  const admins = admin && person !== settings.owner && isSixteenBytes(person) ? [...others, person].sort() : others
  return { ...settings, admins }
}

/** The room in other hands. Who had it stays as an admin. */
export function withOwner(settings: RoomSettings, person: string): RoomSettings {
  const handed = { ...settings, owner: person, admins: settings.admins.filter((one) => one !== person) }
  return withAdmin(handed, settings.owner, true)
}

/**
 * What `person` may do in a room of these members. A room that its owner and all admins have left belongs to those who
 * are in it: everyone then may do what an admin may.
 */
export function roleIn(settings: RoomSettings, members: readonly GroupMember[], person: string): Role {
  if (person === settings.owner) return 'owner'
  if (settings.admins.includes(person)) return 'admin'
  const leads = (one: string) => one === settings.owner || settings.admins.includes(one)
  return members.some((member) => leads(member.person)) ? 'member' : 'admin'
}

/** Whether the owner has left: then an admin may do what is the owner's to do. */
export function isOrphaned(settings: RoomSettings, members: readonly GroupMember[]): boolean {
  return !members.some(({ person }) => person === settings.owner)
}

/** Whether `person` may do what is the owner's to do: name admins, hand the room over, end it or close it. */
export function mayLead(settings: RoomSettings, members: readonly GroupMember[], person: string): boolean {
  const role = roleIn(settings, members, person)
  return role === 'owner' || (role === 'admin' && isOrphaned(settings, members))
}

export function mayAdmit(settings: RoomSettings, role: Role): boolean {
  return settings.admitBy === 'everyone' || role !== 'member'
}
