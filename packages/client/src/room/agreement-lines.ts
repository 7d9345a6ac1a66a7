/** What a change of the room's settings says to people: one line of the timeline for each thing that is different. */
import { type DeviceId, fromBase64Url } from '@qsec/protocol'
import { decodeSettings, type Group, type RoomSettings } from '../crypto/index.ts'
import type { SystemEvent } from '../snapshot.ts'
import { titleOf } from './title.ts'

type Line = SystemEvent<DeviceId>

export function decodeSettingsText(text: string | undefined): RoomSettings | undefined {
  const bytes = text === undefined ? undefined : fromBase64Url(text)
  return bytes && decodeSettings(bytes)
}

/** @param group - the room after the change */
export function linesOf(before: RoomSettings, group: Group, by: DeviceId): Line[] {
  const after = group.settings
  if (!after) return []
  const lines: Line[] = []
  const deviceOf = (person: string) => group.members.find((member) => member.person === person)?.device
  if (after.ended && !before.ended) lines.push({ type: 'room-ended', by })
  if (after.locked !== before.locked) lines.push({ type: 'room-locked', on: after.locked, by })
  if (after.admitBy !== before.admitBy) lines.push({ type: 'admit-by-set', admitBy: after.admitBy, by })
  if (after.quantum !== before.quantum) lines.push({ type: 'quantum-policy-set', quantum: after.quantum, by })
  if (after.capacity !== before.capacity) {
    lines.push({ type: 'capacity-set', by, ...(after.capacity === undefined ? {} : { capacity: after.capacity }) })
  }
  if (after.keepSealed !== before.keepSealed) {
    lines.push({ type: 'keep-sealed-set', by, ...(after.keepSealed === undefined ? {} : { days: after.keepSealed }) })
  }
  if (after.lifetimeS !== before.lifetimeS) {
    lines.push({ type: 'lifetime-set', by, ...(after.lifetimeS === undefined ? {} : { seconds: after.lifetimeS }) })
  }
  const title = titleOf(after)
  if (title !== titleOf(before)) lines.push({ type: 'title-set', by, ...(title === undefined ? {} : { title }) })
  if (after.owner !== before.owner) {
    const person = deviceOf(after.owner)
    if (person) lines.push({ type: 'owner-set', person, by })
  }
  const changed = [
    ...after.admins.filter((one) => !before.admins.includes(one)).map((one) => ({ one, on: true })),
    ...before.admins.filter((one) => !after.admins.includes(one)).map((one) => ({ one, on: false })),
  ]
  for (const { one, on } of changed) {
    const person = deviceOf(one)
    // Whoever handed the room over, or took it, has a line already.
    if (person && one !== before.owner && one !== after.owner) lines.push({ type: 'admin-set', person, on, by })
  }
  return lines
}
