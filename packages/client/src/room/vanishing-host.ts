/** The room as messages that disappear see it: what says them, or changes them, goes from the outboxes with them. */
import type { DeviceId } from '@qsec/protocol'
import { decodeEnvelope } from '../content.ts'
import type { MessageRef } from '../messages/content.ts'
import type { OutboxRow } from '../sync/outbox.ts'
import type { RoomCore } from './core.ts'
import type { RoomParts } from './parts.ts'
import type { VanishingParts } from './vanishing.ts'

export function vanishingHost(core: RoomCore, parts: () => RoomParts): VanishingParts {
  const { env, storage, timeline, device } = core
  return {
    clock: env.clock,
    storage,
    timeline,
    prefix: core.key('vanish'),
    // Also in a room that has ended, where nothing else goes on.
    run: (job) => {
      if (!core.closed && (!core.stopped || core.meta.ended)) core.beside(core.run(job))
    },
    async forget(ref, item, own) {
      const changes = [...own, ...parts().attachments.gone(item?.files)]
      // What went may have been private: then what is owed for it is in a conversation, and no item is left to say so.
      const owesPrivately = await parts().conversations.forget(ref)
      if (item?.privately) {
        if (changes.length > 0) await core.store(changes)
        return owesPrivately
      }
      const { stream } = core
      const ids = (stream?.rows ?? []).filter((row) => isAbout(row, ref, device)).map(({ id }) => id)
      if (!stream || ids.length === 0) {
        if (changes.length > 0) await storage.apply(changes)
        return owesPrivately
      }
      await stream.forget(ids, changes)
      return owesPrivately || stream.rows.some(({ id }) => ids.includes(id))
    },
    tell: (from) => timeline.tell({ type: 'gone-unseen', from }, core.nowMs),
    changed: () => core.changed(),
  }
}

/** Whether the row says the message, or changes it. */
function isAbout({ id, until, content }: OutboxRow, ref: MessageRef, self: DeviceId): boolean {
  if (until !== 'confirmed') return false
  if (ref.device === self && id === ref.id) return true
  const said = decodeEnvelope(content)?.content
  return said !== undefined && 'of' in said && said.of.device === ref.device && said.of.id === ref.id
}
