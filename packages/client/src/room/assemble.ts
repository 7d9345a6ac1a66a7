/** Puts a room together: each part is made here, and handed what it may know of the others. */
import { Conversations } from '../conversations/conversations.ts'
import { Earlier } from '../earlier/earlier.ts'
import { pairLine } from '../earlier/line.ts'
import type { ClientEnv } from '../entry.ts'
import { Provenance } from '../provenance/provenance.ts'
import { Quantum } from '../quantum/quantum.ts'
import { Stream } from '../sync/stream.ts'
import { Attachments } from './attachments.ts'
import { CatchUp } from './catch-up.ts'
import { conversationHost } from './conversation-host.ts'
import { RoomCore } from './core.ts'
import { DeviceLinks } from './device-links.ts'
import type { ClaimedDevice } from './device-store.ts'
import { Ears } from './ears.ts'
import { Entrance } from './entrance.ts'
import { GapGiver } from './gap-giver.ts'
import { Goodbye } from './goodbye.ts'
import { Keeping } from './keeping.ts'
import { Leading } from './leading.ts'
import { Membership } from './membership.ts'
import { MissingShare } from './missing-share.ts'
import { Notes } from './notes.ts'
import type { RoomParts } from './parts.ts'
import { considerPath } from './path.ts'
import { Picture } from './picture.ts'
import { quantumHost } from './quantum-host.ts'
import { Reading } from './reading.ts'
import { ServerHoldings } from './server-holdings.ts'
import { Speaking } from './speaking.ts'
import { streamParts } from './stream-host.ts'
import { Successor } from './successor.ts'
import { Trust } from './trust.ts'
import { Vanishing } from './vanishing.ts'
import { vanishingHost } from './vanishing-host.ts'
import { Voice } from './voice.ts'

export function assembleRoom(
  env: ClientEnv,
  claimed: ClaimedDevice,
  relayUrl: string,
  onChange: () => void,
): RoomParts {
  const core = new RoomCore(env, claimed, relayUrl, onChange)
  const provenance = new Provenance(core)
  const membership = new Membership({
    room: core.address,
    transport: core.transport,
    clock: env.clock,
    clocks: () => core.clocks,
    random: env.random,
    later: (job) => void core.later(job),
    timers: core.timers,
    bundles: core.bundles,
    connected: () => core.connected,
    changed: () => core.changed(),
    stream: () => (core.phase.at === 'member' ? core.stream : undefined),
    present: () => core.present,
    leaving: () => new Set(core.self.leaving),
    leaveProofs: () => core.self.leaveProofs,
    linked: (shown) => links.admits(shown),
  })
  const quantum = new Quantum(quantumHost(core, () => parts))
  const conversations = new Conversations(conversationHost(core, () => parts))
  const trust = new Trust({ core, say: (content) => voice.say(content), redraw: () => picture.redraw() })
  const links = new DeviceLinks({ core, verified: () => trust.verified(), consider: () => considerAll() })
  const successor = new Successor(core, () => quantum.pairs)
  const vanishing = new Vanishing(vanishingHost(core, () => parts))
  const attachments = new Attachments(core)
  const notes = new Notes(core, trust, vanishing, attachments, () => conversations)
  const reading = new Reading(
    core,
    () => voice,
    (device) => trust.personOf(device),
    vanishing,
  )
  const earlier = new Earlier({
    core,
    line: pairLine(() => quantum.pairs),
    say: (content, until, also) => voice.say(content, until, also),
    personOf: (device) => trust.personOf(device),
    isBlocked: (device) => trust.standingOf(device).wasVerified === true,
  })
  const catchUp = new CatchUp({
    core,
    resume: () => entrance.resume(),
    resend: () => membership.resend(),
    waitsForShare: () => missingShare.waits,
  })
  const missingShare = new MissingShare({
    core,
    ask: (committer, psk) => quantum.wantShare(committer, psk),
    rejoin: () => entrance.rejoin(),
  })
  const keeping = new Keeping(core, () => [...quantum.pairs.cursors(), ...conversations.cursors()])
  const picture = new Picture(core, quantum, {
    membership,
    trust,
    links,
    successor,
    earlier,
    keeping,
    catchUp,
    notes,
    vanishing,
    reading,
    attachments,
  })
  const voice = new Voice(
    core,
    (content) => ears.onShared(core.device, content),
    (device) => trust.profiles.hint(device),
  )
  const ears = new Ears({
    core,
    quantum: () => quantum,
    trust,
    earlier,
    reading,
    attachments,
    vanishing,
    provenance,
    oweReceipt: () => voice.oweReceipt(),
    redraw: () => picture.redraw(),
  })
  const goodbye = new Goodbye({ core, voice, membership, successor })
  const entrance = new Entrance({
    core,
    quantum,
    provenance,
    conversations,
    begin: (start) => Stream.begin(streamParts(parts), start),
    onEntered: async () => {
      await core.store(trust.notice())
      await voice.sayOwnName()
    },
    onResumed: ({ keeps = 0, files, push }) => {
      core.push = push
      catchUp.resumed()
      attachments.resumed(files)
      keeping.resumed(keeps)
      if (core.stream?.group.settings?.ended) return void core.later(() => goodbye.conclude())
      membership.resend()
      considerAll()
    },
  })

  function considerAll(): void {
    if (core.closed || core.phase.at !== 'member') return
    parts.voice.considerReceipt()
    membership.consider()
    considerPath(core, membership)
    quantum.consider()
    conversations.consider()
    parts.speaking.considerHeld()
    keeping.consider()
    earlier.consider()
  }

  const parts: RoomParts = {
    core,
    membership,
    quantum,
    provenance,
    conversations,
    notes,
    vanishing,
    reading,
    entrance,
    goodbye,
    voice,
    ears,
    speaking: new Speaking(core, voice, trust, vanishing, attachments, notes),
    holdings: new ServerHoldings(core, voice),
    leading: new Leading(core, membership, links),
    picture,
    trust,
    links,
    successor,
    earlier,
    catchUp,
    missingShare,
    giver: new GapGiver(core),
    keeping,
    attachments,
    considerAll,
  }
  return parts
}
