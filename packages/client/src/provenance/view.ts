/** Draws what was noted of epochs: with people in the place of fingerprints, and when the KEM keys were renewed last. */
import type { DeviceId } from '@qsec/protocol'
import type { EpochReason, EpochView, PersonView } from '../snapshot.ts'
import type { EpochRecord } from './record.ts'

/** The newest first. */
export function epochViews(
  records: readonly EpochRecord[],
  presentEpoch: number,
  person: (device: DeviceId) => PersonView,
): EpochView[] {
  let renewed: EpochView['renewed']
  const views = records.map((record): EpochView => {
    // What was renewed before this device was out of the room says nothing of the keys that it came back to.
    if (record.entry !== 'commit') renewed = undefined
    if (record.path && record.by) renewed = { epoch: record.epoch, by: person(record.by) }
    return viewOf(record, renewed, person)
  })
  const last = views.at(-1)
  if (last?.epoch === presentEpoch) last.present = true
  return views.reverse()
}

function viewOf(
  record: EpochRecord,
  renewed: EpochView['renewed'],
  person: (device: DeviceId) => PersonView,
): EpochView {
  const { epoch, atMs, by, label, linkKey, linksCovered, linksInAll, quantum, eavesdropper } = record
  return {
    ...{ epoch, atMs, label, linkKey, linksCovered, linksInAll },
    ...(by ? { by: person(by) } : {}),
    reasons: reasonsOf(record),
    joined: record.added.map(person),
    returned: record.rejoined.map(person),
    left: record.removed.map(person),
    ...(renewed ? { renewed } : {}),
    ...(quantum
      ? {
          quantum: {
            keyId: quantum.uuid,
            since: quantum.since,
            from: person(quantum.from),
            links: quantum.links.map(([device, pad]) => ({ with: person(device), pad })),
          },
        }
      : {}),
    ...(eavesdropper ? { eavesdropper } : {}),
  }
}

function reasonsOf(record: EpochRecord): EpochReason[] {
  if (record.entry !== 'commit') return [record.entry]
  const reasons: EpochReason[] = []
  if (record.added.length > 0) reasons.push('join')
  if (record.rejoined.length > 0) reasons.push('rejoin')
  if (record.removed.length > 0) reasons.push('leave')
  if (record.quantum?.since === record.epoch) reasons.push('quantum')
  if (record.settings) reasons.push('settings')
  // With nothing else in it a commit is there to renew the keys.
  return reasons.length > 0 ? reasons : ['update']
}
