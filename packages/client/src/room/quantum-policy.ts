/** The rule *quantum keys required*: what a person says stays unsealed until the epoch is called quantum. */
import type { DeviceId } from '@qsec/protocol'
import { starMembersAtMost } from '../quantum/sponsor.ts'
import type { PersonView, QuantumHold } from '../snapshot.ts'
import type { OutboxRow } from '../sync/outbox.ts'
import type { RoomCore } from './core.ts'
import { labelNow } from './epochs.ts'

/** Whether nothing may be said now. Judged by this device alone, from the group's state and who acknowledged what. */
export function holdsBack(core: RoomCore): boolean {
  const group = core.stream?.group
  return group?.settings?.quantum === 'required' && labelNow(core, group).label === 'post-quantum'
}

/** What a person says is kept until another device has it; acknowledgements, receipts and names of a room are not. */
export function isSaid(row: Pick<OutboxRow, 'until'>): boolean {
  return row.until === 'confirmed'
}

const awayIn = (core: RoomCore): DeviceId[] =>
  core.members().filter((device) => device !== core.device && !core.present.has(device))

/** Whether only the exchange itself is missing. */
export function lacksKey(core: RoomCore): boolean {
  return holdsBack(core) && awayIn(core).length === 0
}

export function holdView(core: RoomCore, viewOf: (device: DeviceId) => PersonView): QuantumHold | undefined {
  if (!holdsBack(core)) return undefined
  const { length } = core.members()
  if (length < 2) return { for: 'others' }
  if (length > starMembersAtMost) return { for: 'fewer', atMost: starMembersAtMost }
  const people = [
    ...new Map(
      awayIn(core)
        .map(viewOf)
        .map((one) => [one.person || one.device, one]),
    ).values(),
  ]
  return people.length > 0 ? { for: 'away', people } : { for: 'exchange' }
}
