/** The room as conversations see it. */
import type { ConversationHost } from '../conversations/host.ts'
import type { RoomCore } from './core.ts'
import { fetchBundles } from './fetched-bundles.ts'
import type { RoomParts } from './parts.ts'
import { wakesSomebody } from './pushing.ts'

/** @param parts - asked for only once the room is put together, of which conversations are a part */
export function conversationHost(core: RoomCore, parts: () => RoomParts): ConversationHost {
  const { storage, transport, queue, timers, bundles, identity } = core
  const { clock, random } = core.env
  return {
    identity,
    storage,
    transport,
    clock,
    random,
    queue,
    timers,
    bundles,
    keyPackages: {
      all: () => parts().quantum.pairs.keyPackages.all(),
      hasServed: (pair) => parts().quantum.pairs.keyPackages.hasServed(pair),
      used: (key, pair) => parts().quantum.pairs.keyPackages.used(key, pair),
      publish: () => parts().quantum.pairs.publish(),
    },
    key: (...path) => core.key(...path),
    members: () => {
      if (core.phase.at !== 'member') return undefined
      return core.stream?.group.members.filter(({ device }) => !core.self.leaving.includes(device))
    },
    isInRoom: (person) => core.stream?.group.members.some((member) => member.person === person) ?? false,
    isInStep: () => core.stream?.inStep ?? false,
    isGone: (device) => {
      if (core.self.leaving.includes(device)) return true
      const isIn = core.stream?.group.members.some((member) => member.device === device) ?? false
      return !isIn && core.people.get(device)?.gone === true
    },
    present: () => core.present,
    wantsQuantumKeys: () => core.stream?.group.settings?.quantum === 'required',
    connected: () => core.connected,
    wakesSomebody: () => wakesSomebody(core),
    onHeard: (heard) => parts().notes.onHeard(heard),
    onSent: (id) => parts().notes.onSent(id),
    onDelivered: (ids) => parts().notes.onDelivered(ids),
    onUndelivered: (ids, changed) => parts().notes.onUndelivered(ids, changed),
    onUnreadable: (from, reason) =>
      core.timeline.tell({ type: 'unreadable', ...(from ? { from } : {}), reason }, core.nowMs),
    onSplitView: (by) => core.timeline.tell({ type: 'split-view', with: by }, core.nowMs),
    resume: () => parts().entrance.resume(),
    store: (changes) => core.store(changes),
    run: (job) => core.later(job),
    beside: (work) => core.beside(work),
    fetchBundles: (credentials) => fetchBundles(core, credentials),
  }
}
