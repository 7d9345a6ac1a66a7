/** The snapshot of a room, drawn when somebody looks. What did not change keeps its identity, so that screens can skip it. */
import { type DeviceId, roomKind } from '@qsec/protocol'
import { formatLinkFragment } from '../crypto/index.ts'
import type { Earlier } from '../earlier/earlier.ts'
import type { Quantum } from '../quantum/quantum.ts'
import type { OwnDeviceView, PersonView, RoomSnapshot } from '../snapshot.ts'
import { agreementView } from './agreement-view.ts'
import type { Attachments } from './attachments.ts'
import type { CatchUp } from './catch-up.ts'
import type { RoomCore } from './core.ts'
import type { DeviceLinks } from './device-links.ts'
import { labelNow } from './epochs.ts'
import { liveInvite } from './invites.ts'
import type { Keeping } from './keeping.ts'
import type { Membership } from './membership.ts'
import type { Notes } from './notes.ts'
import { deviceCode } from './people.ts'
import { holdsBack, holdView } from './quantum-policy.ts'
import type { Reading } from './reading.ts'
import type { Successor } from './successor.ts'
import { TimelinePicture } from './timeline-picture.ts'
import { titleHere } from './title.ts'
import type { Trust } from './trust.ts'
import type { Vanishing } from './vanishing.ts'
import { peopleOf, quantumView, type ViewInput, viewOf } from './view.ts'

export class Picture {
  readonly #core: RoomCore
  readonly #quantum: Quantum
  readonly #membership: Membership
  readonly #trust: Trust
  readonly #links: DeviceLinks
  readonly #successor: Successor
  readonly #earlier: Earlier
  readonly #catchUp: CatchUp
  readonly #keeping: Keeping
  readonly #notes: Notes
  readonly #reading: Reading
  readonly #attachments: Attachments
  readonly #vanishing: Vanishing
  readonly #items = new TimelinePicture()
  readonly #persons = new Map<DeviceId, PersonView>()
  #people: PersonView[] = []

  constructor(
    core: RoomCore,
    quantum: Quantum,
    parts: {
      membership: Membership
      trust: Trust
      links: DeviceLinks
      successor: Successor
      earlier: Earlier
      keeping: Keeping
      catchUp: CatchUp
      notes: Notes
      vanishing: Vanishing
      reading: Reading
      attachments: Attachments
    },
  ) {
    const { membership, trust, links, successor, earlier, keeping, catchUp, notes, reading, vanishing, attachments } =
      parts
    this.#vanishing = vanishing
    this.#attachments = attachments
    this.#catchUp = catchUp
    this.#core = core
    this.#successor = successor
    this.#earlier = earlier
    this.#keeping = keeping
    this.#notes = notes
    this.#reading = reading
    this.#trust = trust
    this.#links = links
    this.#quantum = quantum
    this.#membership = membership
  }

  /** Names or members changed: every item may look different. */
  redraw(): void {
    this.#items.redraw()
  }

  /** Whoever uses that device, or did. */
  person(device: DeviceId): PersonView {
    return viewOf(this.#input(), device)
  }

  #input(): ViewInput {
    const core = this.#core
    return {
      self: core.device,
      selfPerson: core.identity.person,
      selfName: core.meta.name,
      group: core.stream?.group,
      people: core.people,
      present: core.present,
      connected: core.connected,
      rows: new Map(core.stream?.rows.map((row) => [row.id, row])),
      held: new Set(core.self.held),
      holding: holdsBack(core),
      wallOf: (goesMs) => this.#vanishing.wallOf(goesMs),
      isGone: (ref) => this.#vanishing.isGone(ref),
      saidTo: (person, id) => this.#notes.stateOf(person, id),
      ended: core.meta.ended === true,
      persons: this.#persons,
      nowMs: core.nowMs,
      trust: this.#trust,
    }
  }

  draw(): RoomSnapshot {
    const core = this.#core
    const group = core.stream?.group
    const input = this.#input()
    const kind = roomKind(core.address)
    const invite = group && liveInvite(group, core.clocks)
    const path = `/room/${core.address}`
    const invitePath = kind === 'open' ? path : invite && `${path}#${formatLinkFragment(invite.secret)}`
    this.#people = sameOr(this.#people, peopleOf(input, new Set(core.self.leaving)))
    const inside = core.phase.at === 'member' || core.phase.at === 'rejoining'
    const agreement =
      inside && group
        ? agreementView(input, group, {
            knocks: this.#membership.requests.knocks(group),
            declined: core.self.declined,
            room: core.address,
            clocks: core.clocks,
            keepsOtherwise: this.#keeping.otherwise,
          })
        : undefined
    const hold = inside ? holdView(core, (device) => viewOf(input, device)) : undefined
    const wishes = this.#membership.wishes()
    const deviceLink = this.#links.view
    const catchUp = this.#catchUp.view
    const successor = this.#successor.view((device) => viewOf(input, device))
    const title = titleHere(core)
    return {
      address: core.address,
      kind,
      ...(title === undefined ? {} : { title }),
      phase: core.phase,
      connection: core.transport.state,
      self: viewOf(input, core.device),
      code: deviceCode(core.device),
      people: this.#people,
      waiting: core.waiting.length,
      ...(core.expected === undefined ? {} : { expected: core.expected }),
      epoch: group?.epoch ?? 0,
      timeline: this.#items.draw(input, core.timeline),
      earlierItems: core.timeline.earlier,
      quantum: {
        ...quantumView(
          input,
          group ? labelNow(core, group) : { label: 'post-quantum', covered: 0, inAll: 0 },
          this.#quantum,
          core.self.eavesdropper,
          core.outcome,
        ),
        ...(hold ? { hold } : {}),
      },
      trust: this.#trust.view((device) => viewOf(input, device)),
      roomLog: core.log,
      ...(invitePath === undefined ? {} : { invitePath }),
      devices: ownDevices(core),
      ...(deviceLink ? { deviceLink } : {}),
      ...(catchUp ? { catchUp } : {}),
      ...(agreement ? { agreement } : {}),
      ...(successor ? { successor } : {}),
      reading: this.#reading.view((device) => viewOf(input, device)),
      earlier: this.#earlier.view((device) => viewOf(input, device)),
      files: this.#attachments.view,
      ...(core.push ? { push: core.push } : {}),
      ...(wishes.length > 0 ? { wishes } : {}),
    }
  }
}

/** This device first, then as they were made. */
function ownDevices(core: RoomCore): OwnDeviceView[] {
  const view = (device: DeviceId): OwnDeviceView => ({
    device,
    code: deviceCode(device),
    self: device === core.device,
    present: device === core.device ? core.connected : core.present.has(device),
    addedMs: core.bundles.of(device)?.bundle.record.createdMs ?? 0,
  })
  const others = core.ownDevices().filter((device) => device !== core.device && !core.self.leaving.includes(device))
  return [view(core.device), ...others.map(view).sort((a, b) => a.addedMs - b.addedMs)]
}

/** The old list where the new one holds the same things. */
function sameOr<T, L extends readonly T[]>(before: L, after: L): L {
  return before.length === after.length && after.every((one, i) => one === before[i]) ? before : after
}
