/** The wishes that people can have for their room, each as the state that they want. */
import type { DeviceId } from '@qsec/protocol'
import { limits } from '@qsec/protocol'
import {
  type Group,
  type InviteId,
  type LiveInvite,
  mayAdmit,
  mayPutOut,
  type RoomSettings,
  roleOf,
  withAdmin,
  withOwner,
} from '../crypto/index.ts'
import type { OpenSettings } from '../snapshot.ts'
import { cleanTitle } from '../trust/names.ts'
import { RoomRefusal } from './refusal.ts'
import type { JoinRequest } from './wants.ts'
import type { Wish } from './wishes.ts'

export function wantSettings(change: OpenSettings): Wish {
  const { title } = change
  const cleaned = title === undefined ? change : { ...change, title: cleanTitle(title) || undefined }
  return (group) => agree(group, defined({ ...settingsIn(group), ...cleaned }))
}

export function wantAdmin(device: DeviceId, admin: boolean): Wish {
  return (group) => agree(group, withAdmin(settingsIn(group), personOf(group, device), admin))
}

export function wantOwner(device: DeviceId): Wish {
  return (group) => {
    const settings = settingsIn(group)
    const person = personOf(group, device)
    return settings.owner === person ? 'done' : agree(group, withOwner(settings, person))
  }
}

export const wantEnd: Wish = (group) => agree(group, { ...settingsIn(group), ended: true }, [])

export function wantInvite(invite: LiveInvite): Wish {
  return (group) => {
    if (group.invites.some(({ id }) => id === invite.id)) return 'done'
    if (group.invites.length >= limits.joinKeysPerRoom) throw new RoomRefusal('too-many-links')
    if (!mayAdmit(settingsIn(group), ownRole(group))) throw new RoomRefusal('may-not-invite')
    return { intent: { invites: [...group.invites, invite] } }
  }
}

export function wantNoInvite(id: InviteId): Wish {
  return (group) => {
    const invites = group.invites.filter((invite) => invite.id !== id)
    return invites.length === group.invites.length ? 'done' : { intent: { invites } }
  }
}

/** Says yes to somebody who knocked, or who came by a link that asks for it. */
export function wantAdmission(device: DeviceId, requestOf: () => JoinRequest | undefined): Wish {
  return (group) => {
    if (group.members.some((member) => member.device === device)) return 'done'
    const request = requestOf()
    if (!request) throw new RoomRefusal('request-over')
    return { intent: { add: [request.keyPackage] }, note: { added: [device] } }
  }
}

/** All devices of the person behind `device` out of the room. */
export function wantOut(device: DeviceId): Wish {
  let person: string | undefined
  return (group) => {
    person ??= group.members.find((member) => member.device === device)?.person
    const leaves = group.members.filter((member) => member.person === person)
    if (leaves.length === 0) return 'done'
    const own = group.members.find(({ leaf }) => leaf === group.ownLeaf)!
    if (person !== own.person && !mayPutOut(group, own.person, person!)) throw new RoomRefusal('may-not-remove')
    const others = leaves.filter(({ leaf }) => leaf !== group.ownLeaf)
    if (others.length === 0) return 'done'
    const settings = settingsIn(group)
    // Its office goes with it: who comes back under the same keys begins as a member.
    const demoted = withAdmin(settings, person!, false)
    return {
      intent: {
        removeLeaves: others.map(({ leaf }) => leaf),
        ...(ownRole(group) === 'owner' ? { settings: demoted } : {}),
      },
      note: { removed: others.map((member) => member.device), path: true },
    }
  }
}

/** One further device of this person out of the room. */
export function wantDeviceOut(device: DeviceId): Wish {
  return (group) => {
    const member = group.members.find((one) => one.device === device)
    if (!member) return 'done'
    const own = group.members.find(({ leaf }) => leaf === group.ownLeaf)!
    if (member.person !== own.person || member === own) throw new RoomRefusal('not-own-device')
    return { intent: { removeLeaves: [member.leaf] }, note: { removed: [device], path: true } }
  }
}

function agree(group: Group, settings: RoomSettings, invites?: LiveInvite[]): ReturnType<Wish> {
  if (JSON.stringify(settings) === JSON.stringify(settingsIn(group))) return 'done'
  return { intent: { settings, ...(invites ? { invites } : {}) } }
}

function settingsIn(group: Group): RoomSettings {
  if (!group.settings) throw new TypeError('agreement: a pair group agrees on nothing')
  return group.settings
}

/** Without what is undefined. */
function defined(settings: { [K in keyof RoomSettings]: RoomSettings[K] | undefined }): RoomSettings {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as object as RoomSettings
}

function ownRole(group: Group): ReturnType<typeof roleOf> {
  return roleOf(group, group.members.find(({ leaf }) => leaf === group.ownLeaf)!.person)
}

function personOf(group: Group, device: DeviceId): string {
  const member = group.members.find((one) => one.device === device)
  if (!member) throw new RoomRefusal('not-a-member')
  return member.person
}
