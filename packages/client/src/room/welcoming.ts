/** A Welcome to the room: whether it is meant for this device and holds, and how the room begins with it. */
import { fromBase64Url, roomKind, type WelcomeEvent } from '@qsec/protocol'
import { type Group, join } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { Provenance } from '../provenance/provenance.ts'
import type { Asking, StoredRequest } from './asking.ts'
import type { RoomCore } from './core.ts'
import { metaChange } from './device-store.ts'
import { askForBundles } from './fetched-bundles.ts'
import type { BeginStream } from './founding.ts'
import { noteTitle } from './title.ts'

type Joined = Awaited<ReturnType<typeof join>>

const unanswered = 'the relay did not say who the members are'
/** Before a Welcome is looked at again, or asked for another time. */
const askAgainMs = 10_000

export interface WelcomingParts {
  core: RoomCore
  asking: Asking
  begin: BeginStream
  provenance: Provenance
  /** This device came back as a new leaf. Runs before its new group is stored. */
  onRejoined(): Promise<void>
  /** This device is in, as a newcomer or anew. */
  onEntered(): Promise<void>
}

export class Welcoming {
  readonly #parts: WelcomingParts
  #askedMs = Number.NEGATIVE_INFINITY

  constructor(parts: WelcomingParts) {
    this.#parts = parts
  }

  /** It counts only for a request of this device, and a second one only for a rejoin. */
  async onWelcome(welcome: WelcomeEvent): Promise<void> {
    const { core, asking } = this.#parts
    const sealed = fromBase64Url(welcome.ct)
    const { request } = asking
    if (!sealed || !request || (core.stream && !request.again)) return
    const { joined, byEarlier } = await this.#openWithEither(sealed, request)
    if (joined.ok) return this.#enter(joined.group, welcome, byEarlier)
    if (joined.reason === 'not-for-this-key-package') return
    // That a question was lost says nothing of the Welcome. Another one might not hold: its link may have served by now.
    if (joined.reason === unanswered) {
      if (!core.stream) core.setPhase(asking.waiting())
      core.timers.set('welcome', askAgainMs, () => void core.later(() => this.onWelcome(welcome)))
      return
    }
    asking.forget()
    if (core.stream) return this.#askAgain()
    const message = `The room's welcome does not hold (${joined.reason}).`
    core.setPhase({ at: 'refused', code: 'bad-welcome', message })
    core.stop()
  }

  /** At once, but no more often than everybody can bear a commit for it: what makes a Welcome not hold may last. */
  async #askAgain(): Promise<void> {
    const { core, asking } = this.#parts
    const waitMs = this.#askedMs + askAgainMs - core.nowMs
    if (waitMs > 0 && waitMs <= askAgainMs) {
      core.timers.set('welcome', waitMs, () => void core.later(() => this.#askAgain()))
      return
    }
    this.#askedMs = core.nowMs
    await asking.ask(true)
  }

  async #openWithEither(sealed: Uint8Array, request: StoredRequest): Promise<{ joined: Joined; byEarlier: boolean }> {
    const [newest, before] = [request.secret, request.earlier].map((text) => text !== undefined && fromBase64Url(text))
    const joined: Joined = newest
      ? await this.#open(sealed, newest, request)
      : { ok: false, reason: 'not-for-this-key-package' }
    if (joined.ok || joined.reason !== 'not-for-this-key-package' || !before) return { joined, byEarlier: false }
    return { joined: await this.#open(sealed, before, request), byEarlier: true }
  }

  async #open(sealed: Uint8Array, secret: Uint8Array, { again, unused }: StoredRequest): Promise<Joined> {
    const { core } = this.#parts
    const { link } = core.meta
    const showsLink = !core.stream || unused === true
    const byLink = roomKind(core.address) === 'closed' && showsLink && !core.meta.knocks && !link
    const attempt = () =>
      join(core.identity, secret, sealed, {
        expect: { purpose: 'room', address: core.address },
        requireInvitePsk: byLink,
        ...(byLink && core.meta.secret ? { invite: { secret: core.meta.secret } } : {}),
        // No link PSK vouches for the group then: the device that made the link does, or another one of the person.
        ...(link && !again ? { signers: link.devices } : {}),
        bundles: core.bundles.source,
      })
    let joined = await attempt()
    if (!joined.ok && joined.missing) {
      const answered = await askForBundles(core, joined.missing)
      joined = await attempt()
      if (!joined.ok && joined.missing && !answered) return { ok: false, reason: unanswered }
    }
    // No link PSK vouches for a rejoin: whoever was seen leaving could otherwise offer a group of their own.
    if (joined.ok && again && joined.group.members.some(({ device }) => core.people.get(device)?.gone)) {
      return { ok: false, reason: 'gone-member' }
    }
    return joined
  }

  async #enter(group: Group, welcome: WelcomeEvent, byEarlier: boolean): Promise<void> {
    const { core, asking, begin, provenance } = this.#parts
    const start = { group, inc: welcome.inc, seq: welcome.seq }
    const answered = asking.answered(byEarlier && !core.stream)
    delete core.meta.link
    const changes: StorageChange[] = [
      ...answered,
      metaChange(core.device, core.meta),
      ...noteTitle(core, group),
      // The leaf is a new one, also where this device comes back: its own path is due.
      core.become({ leaving: [], leaveProofs: {}, pathMs: 0 }),
      core.forgetSecret(),
      ...core.forgetPlaces(),
    ]
    changes.push(...provenance.begin(core.stream ? 'returned' : 'entered', group))
    for (const { device } of group.members) if (!core.people.has(device)) changes.push(...core.know(device, {}))
    if (core.stream) {
      changes.push(...core.timeline.tell({ type: 'rejoined', people: [core.device] }, core.nowMs))
      await this.#parts.onRejoined()
      await core.stream.replaceGroup(start, changes)
    } else {
      const { stream, changes: begun } = begin(start)
      core.stream = stream
      changes.push(...core.timeline.tell({ type: 'you-joined', earlierUnreadable: true }, core.nowMs))
      await core.store([...begun, ...changes])
    }
    core.setPhase({ at: 'member' })
    core.timers.clear('welcome')
    core.timers.clear('path')
    await this.#parts.onEntered()
  }
}
