/** What a commit changes in the room: who is in it, how its epoch may be called, what there is to tell. */
import { type DeviceId, roomKind } from '@qsec/protocol'
import type { Group } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import { labelOf } from '../quantum/label.ts'
import type { Quantum } from '../quantum/quantum.ts'
import type { PendingCommit, StreamFrame } from '../sync/session.ts'
import { decodeSettingsText, linesOf } from './agreement-lines.ts'
import { type CommitNote, isByLink, noteOf } from './commit-note.ts'
import type { RoomCore } from './core.ts'
import type { Known } from './people.ts'
import type { CommitChange } from './room-ops.ts'
import { noteTitle } from './title.ts'

/** The note of somebody else's commit, from what the group says that it did. */
function noteOfOther(change: CommitChange): CommitNote {
  const psk = change.pskIds.find((id) => id.startsWith('qkdg:'))?.split(':')[2]
  return {
    added: change.added.map(({ device }) => device),
    removed: change.removed.map(({ device }) => device),
    rejoined: change.rejoined,
    approved: change.approved,
    ...(psk === undefined ? {} : { psk }),
    path: false,
    renewed: change.path,
    byLink: isByLink(change.pskIds),
  }
}

export interface CommitEffects {
  note: CommitNote
  by: DeviceId
  /** It changed what the room has agreed on. */
  settings: boolean
  changes: StorageChange[]
}

/** Takes in a commit that began an epoch: this device's own (`own`), or another's (`change`). */
export function effectsOf(
  core: RoomCore,
  quantum: Quantum,
  frame: StreamFrame,
  group: Group,
  change: CommitChange | undefined,
  own: PendingCommit<Group> | undefined,
): CommitEffects {
  const note = own ? noteOf(own) : noteOfOther(change!)
  const by = own ? core.device : change!.sender.device
  const changes = membersChanged(core, group, note, by, frame.seq)
  const settings = own ? decodeSettingsText(note.settingsBefore) : change!.settingsBefore
  const lines = settings ? linesOf(settings, group, by) : []
  for (const line of lines) changes.push(...core.timeline.tell(line, core.nowMs))
  changes.push(...noteTitle(core, group))
  if (note.psk !== undefined) changes.push(...refreshed(core, quantum, note.psk, by, group))
  if (own && note.path) changes.push(core.become({ pathMs: core.nowMs }))
  // A commit that only brings a secret heals nothing: an own path is due, even if this device goes away right now.
  else if (own && note.psk !== undefined) changes.push(core.become({ pathMs: 0 }))
  return { note, by, settings: lines.length > 0, changes }
}

function membersChanged(core: RoomCore, group: Group, note: CommitNote, by: DeviceId, seq: number): StorageChange[] {
  const { added, removed, rejoined } = note
  if (added.length + removed.length + rejoined.length === 0) return []
  const { timeline, nowMs } = core
  const { leaving } = core.self
  const changes: StorageChange[] = []
  for (const device of [...added, ...rejoined]) {
    const said = core.people.has(device) ? {} : firstOf(core.address)
    // What a device said in its old leaf and was never ordered may be lost: its count begins anew.
    delete core.people.get(device)?.said
    changes.push(
      ...core.know(device, { sinceSeq: seq, receiptSeq: 0, lacks: [], heardMs: core.nowMs, gone: false, ...said }),
    )
  }
  for (const device of removed) changes.push(...core.know(device, { gone: true }))
  const joiners = new Set([...added, ...rejoined])
  const before = new Set(group.members.filter(({ device }) => !joiners.has(device)).map(({ person }) => person))
  const isFurther = (device: DeviceId) => before.has(personIn(core, device))
  for (const person of added.filter(isFurther))
    changes.push(...timeline.tell({ type: 'device-added', person, by }, nowMs))
  const newcomers = onePerPerson(
    core,
    added.filter((device) => !isFurther(device)),
  )
  const byLink = newcomers.filter((device) => !note.approved.includes(device))
  if (byLink.length > 0) changes.push(...timeline.tell({ type: 'joined', people: byLink, by }, nowMs))
  const byYes = newcomers.filter((device) => note.approved.includes(device))
  if (byYes.length > 0) changes.push(...timeline.tell({ type: 'let-in', people: byYes, by }, nowMs))
  if (rejoined.length > 0) changes.push(...timeline.tell({ type: 'rejoined', people: rejoined }, nowMs))
  const taken = removed.filter((device) => !leaving.includes(device))
  for (const person of taken.filter((device) => core.hasOtherDevice(device, group))) {
    changes.push(...timeline.tell({ type: 'device-removed', person, by }, nowMs))
  }
  const putOut = onePerPerson(
    core,
    taken.filter((device) => !core.hasOtherDevice(device, group)),
  )
  if (putOut.length > 0) changes.push(...timeline.tell({ type: 'removed', people: putOut, by }, nowMs))
  // Whoever came or went settles the label anew: it falls back until the next complete star.
  const still = leaving.filter((device) => !removed.includes(device))
  const leaveProofs = Object.fromEntries(still.map((device) => [device, core.self.leaveProofs[device] ?? '']))
  changes.push(core.become({ leaving: still, leaveProofs }), core.forgetSecret())
  return changes
}

/**
 * What a newcomer says first, so that a relay that keeps it back shows. An open room may begin anew, and who comes back
 * into it goes on counting.
 */
function firstOf(address: RoomCore['address']): Pick<Known, 'said'> {
  return roomKind(address) === 'closed' ? { said: { counter: 0, chain: '' } } : {}
}

function personIn(core: RoomCore, device: DeviceId): string {
  return core.bundles.of(device)?.person ?? device
}

/** A person with several devices is named once. */
function onePerPerson(core: RoomCore, devices: readonly DeviceId[]): DeviceId[] {
  return [...new Map(devices.toReversed().map((device) => [personIn(core, device), device])).values()].toReversed()
}

/** The group secret `uuid` is part of the epoch's keys from here on. */
function refreshed(core: RoomCore, quantum: Quantum, uuid: string, by: DeviceId, group: Group): StorageChange[] {
  const settled = core.become({ secret: { uuid, committedBy: by } })
  const { label } = labelNow(core, group)
  if (label !== 'post-quantum' || core.outcome !== 'eavesdropper') core.outcome = 'completed'
  quantum.onRefreshed(group)
  void core.later(() => quantum.forget(uuid))
  return [settled, ...core.timeline.tell({ type: 'keys-refreshed', label, by }, core.nowMs)]
}

/** How the present epoch may be called, and how far the links reach. */
export function labelNow(core: RoomCore, group: Group): ReturnType<typeof labelOf> {
  const leaves = group.members.map(({ device }) => device)
  const { secret, acks } = core.self
  if (!secret) return { label: 'post-quantum', covered: 0, inAll: Math.max(0, leaves.length - 1) }
  const pads = acks.find(({ uuid }) => uuid === secret.uuid)?.pads ?? {}
  return labelOf({ leaves, committedBy: secret.committedBy, acks: pads })
}
