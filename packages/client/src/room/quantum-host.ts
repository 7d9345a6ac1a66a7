/** The room as its quantum side sees it. */
import { isEarlierContent } from '../quantum/earlier-content.ts'
import type { QuantumHost } from '../quantum/host.ts'
import type { RoomCore } from './core.ts'
import { fetchBundles } from './fetched-bundles.ts'
import type { RoomParts } from './parts.ts'
import { lacksKey } from './quantum-policy.ts'
import { rankOf } from './wants.ts'

/** @param parts - asked for only once the room is put together, of which the quantum side is a part */
export function quantumHost(core: RoomCore, parts: () => RoomParts): QuantumHost {
  const { storage, transport, queue, timers, bundles, identity } = core
  const { clock, random } = core.env
  return {
    identity,
    storage,
    clock,
    random,
    engine: core.env.openQuantum(),
    transport,
    queue,
    timers,
    bundles,
    key: (...path) => core.key(...path),
    group: () => (core.connected && core.phase.at === 'member' ? core.stream?.group : undefined),
    members: () => core.members(),
    presentMembers: () => core.members().filter((device) => device === core.device || core.present.has(device)),
    rank: () => (core.stream ? rankOf(core.stream.group, core.present) : 0),
    lacksKey: () => lacksKey(core),
    say: (content) => parts().voice.say(content),
    propose: (intent, note) => parts().membership.propose(intent, note),
    eavesdropper: () => core.self.eavesdropper.on,
    resume: () => parts().entrance.resume(),
    isGone: (device) => core.people.get(device)?.gone === true,
    committing: () => core.stream?.pending !== undefined,
    retryBlocked: () => void core.later(() => core.stream?.retryBlocked()),
    onSaid: (peer, content) =>
      isEarlierContent(content) ? parts().earlier.onLine(peer, content) : parts().successor.onSaid(peer, content),
    store: (changes) => core.store(changes),
    run: (job) => void core.later(job),
    beside: (work) => core.beside(work),
    fetchBundles: (credentials) => fetchBundles(core, credentials),
  }
}
