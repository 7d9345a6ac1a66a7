/** How a device gets into its room, and back into it: logging in, waiting, resuming, rejoining. */
import {
  type Answer,
  type Cursor,
  type Join,
  type JoinAnswer,
  limits,
  roomKind,
  type WelcomeEvent,
} from '@qsec/protocol'
import type { Conversations } from '../conversations/conversations.ts'
import type { Group } from '../crypto/index.ts'
import type { Provenance } from '../provenance/provenance.ts'
import type { Quantum } from '../quantum/quantum.ts'
import { Asking } from './asking.ts'
import { loginAndJoin, refusedCode } from './connection.ts'
import type { RoomCore } from './core.ts'
import { type BeginStream, Founding, type JoinedAsMember } from './founding.ts'
import { Reopening } from './reopening.ts'
import { Welcoming } from './welcoming.ts'

const reconnectPauseMs = 2_000
const welcomeWaitMs = 10_000
const rejoinPauseMs = 10_000
/** How often a member that is not let in asks again. */
const closedDoorsAtMost = 4
/** An open room in which nobody has been connected for a while may be begun anew: its address belongs to whoever comes. */
const beginAnewMs = 6_000

/** The answers after which the same join may succeed later. */
const passing: readonly string[] = ['rate-limited', 'unavailable', 'internal', 'not-logged-in', 'exists']

export interface EntranceParts {
  core: RoomCore
  quantum: Quantum
  provenance: Provenance
  conversations: Conversations
  begin: BeginStream
  /** This device is in, as a newcomer or anew. */
  onEntered(): Promise<void>
  /** The stream is in step with the relay. */
  onResumed(answer: JoinedAsMember): void
}

export class Entrance {
  readonly #parts: EntranceParts
  readonly #founding: Founding
  readonly #asking: Asking
  readonly #welcoming: Welcoming
  readonly #reopening: Reopening
  #closedDoors = 0
  /** Where the room's stream stood when this device first resumed after its start. */
  #startedAt: Cursor | undefined
  #undecided: (() => void) | undefined
  #attempt = 0
  #resuming = false
  #resumeAgain = false
  #rejoinAskedMs = Number.NEGATIVE_INFINITY
  /** The relay's life of which the person was told. */
  #toldInc: string | undefined

  constructor(parts: EntranceParts) {
    const { core, quantum, provenance } = parts
    this.#parts = parts
    this.#founding = new Founding(core, parts.begin, provenance)
    this.#asking = new Asking(core, () => quantum.pairs.publish())
    this.#reopening = new Reopening({ core, resume: () => this.resume() })
    this.#welcoming = new Welcoming({
      core,
      asking: this.#asking,
      begin: parts.begin,
      provenance,
      onRejoined: () => quantum.onRejoined([core.device]),
      onEntered: () => {
        this.resume()
        return parts.onEntered()
      },
    })
  }

  /** @param founding - the group in epoch 0 that this device made for a room to be created */
  async load(founding: Group | undefined): Promise<void> {
    await this.#asking.load()
    await this.#founding.load(founding)
  }

  // --- connecting ------------------------------------------------------------------------------------------------

  /** A connection is there: logs in and joins. A later call makes an earlier one void. */
  async connect(): Promise<void> {
    const { core } = this.#parts
    const attempt = ++this.#attempt
    const { stream } = core
    const creation = stream ? undefined : await this.#founding.creation()
    const answer = await loginAndJoin(
      core.transport,
      core.env.clock,
      core.identity,
      core.address,
      stream ? undefined : core.meta.secret,
      {
        ...(core.meta.knocks && !stream ? { knock: true as const } : {}),
        ...(stream ? { ...stream.cursor, pairs: this.#pairCursors() } : {}),
        ...(creation ? { create: creation } : {}),
      },
    )
    // A refusal stands, also where the relay has cut the connection right behind it.
    const refused = answer?.ok === false && !passing.includes(answer.code)
    if (core.closed || core.stopped || (attempt !== this.#attempt && !refused)) return
    // The relay takes no login of a clock that differs from its own.
    if (answer?.ok) core.noteCame()
    await core.later(() => this.#joined(answer))
  }

  disconnected(): void {
    this.#attempt++
  }

  #connectLater(): void {
    const { core } = this.#parts
    core.timers.set('connect', reconnectPauseMs, () => {
      if (core.connected) core.beside(this.connect())
    })
  }

  async #joined(answer: Answer<JoinAnswer> | undefined): Promise<void> {
    const { core } = this.#parts
    if (!answer) return this.#connectLater()
    if (!answer.ok) {
      if (passing.includes(answer.code)) return this.#connectLater()
      // The open room that this device knew has ended meanwhile.
      if (answer.code === 'no-access' && core.stream && roomKind(core.address) === 'open') {
        core.beside(this.#beginAnew())
        return
      }
      // A relay that was set back to a backup may not know this member before others have named it.
      if (answer.code === 'no-access' && core.stream && this.#closedDoors++ < closedDoorsAtMost) {
        return this.#connectLater()
      }
      core.setPhase({ at: 'refused', code: refusedCode(answer), message: answer.message })
      core.stop()
      return
    }
    if (answer.state === 'waiting') return this.#wait()
    if (answer.created || !core.stream) await this.#founding.onMember(answer)
    if (core.stream) return this.#resumed(answer)
    // A member of whom the Welcome is still on its way, or was lost with the relay's memory.
    core.setPhase(this.#asking.waiting())
    core.timers.set('welcome', welcomeWaitMs, () => void core.later(() => this.#asking.ask(true)))
  }

  /** Nobody is there who could let this device into an open room, and nobody has been for a while: it begins anew. */
  async #beginAnew(): Promise<void> {
    const { core } = this.#parts
    const create = await this.#founding.creation(true)
    if (!create || !core.connected) return
    const answer = await core.transport.request('join', { room: core.address, create })
    await core.later(() => this.#joined(answer))
  }

  /**
   * Asks for the frames after the cursors, on the connection that is logged in already. Beside the queue: a relay that
   * does not answer holds nothing up. A call while one is under way makes it ask once more.
   */
  resume(): void {
    if (this.#resuming) this.#resumeAgain = true
    else this.#parts.core.beside(this.#resume())
  }

  async #resume(): Promise<void> {
    const { core } = this.#parts
    this.#resuming = true
    try {
      do {
        this.#resumeAgain = false
        const attempt = this.#attempt
        if (!core.stream || core.stopped) return
        const place = { ...core.stream.cursor, pairs: this.#pairCursors() }
        const answer = await core.transport.request('join', { room: core.address, ...place })
        if (attempt !== this.#attempt) return // the connection was another one: it resumes by itself
        if (answer?.ok && answer.state === 'member') await core.later(() => this.#resumed(answer))
      } while (this.#resumeAgain)
    } finally {
      this.#resuming = false
    }
  }

  /** Of the streams beside the room's, as many as one join may name. */
  #pairCursors(): NonNullable<Join['pairs']> {
    const { quantum, conversations } = this.#parts
    return [...conversations.cursors(), ...quantum.pairs.cursors()].slice(0, limits.pairsPerJoin)
  }

  async #resumed(answer: JoinedAsMember): Promise<void> {
    const { core, quantum, conversations, onResumed } = this.#parts
    const stream = core.stream!
    const restarted = stream.cursor.inc !== answer.inc && this.#toldInc !== answer.inc
    if (restarted) this.#toldInc = answer.inc
    if (core.phase.at === 'connecting') core.setPhase({ at: 'member' })
    this.#closedDoors = 0
    this.#startedAt ??= { inc: answer.inc, seq: answer.seq }
    this.#undecided?.()
    this.#undecided = undefined
    const { restored, ...plain } = answer
    const isRestored = restored !== undefined
    if (!isRestored) this.#reopening.over()
    const { rewound, setBack } = await stream.resumed(isRestored && this.#reopening.believes ? answer : plain)
    if (restarted) await this.#reopening.tell(isRestored)
    if (setBack) return this.#reopening.begin()
    await quantum.pairs.resumed(answer.pairs)
    await conversations.resumed(answer.pairs, answer.strays)
    if (rewound) await core.store(core.timeline.tell({ type: 'unreadable', reason: 'rewound' }, core.nowMs))
    if (core.phase.at === 'rejoining') return this.#asking.ask(true)
    if (stream.hole) return // first what the others have
    core.beside(quantum.pairs.publish())
    onResumed(answer)
  }

  // --- coming in -------------------------------------------------------------------------------------------------

  async #wait(): Promise<void> {
    const { core } = this.#parts
    await this.#founding.giveUp()
    await this.#asking.ask(core.stream !== undefined)
    if (roomKind(core.address) !== 'open' || core.meta.link) return
    core.timers.set('begin-anew', beginAnewMs, () => {
      const waits = core.phase.at === 'waiting' || core.phase.at === 'rejoining'
      if (waits && core.connected && !core.anyoneHere) core.beside(this.#beginAnew())
    })
  }

  /** This device can no longer follow the group: a member has to add it again. */
  rejoin(): void {
    const { core } = this.#parts
    if (core.phase.at === 'rejoining' && Math.abs(core.nowMs - this.#rejoinAskedMs) < rejoinPauseMs) return
    this.#rejoinAskedMs = core.nowMs
    void core.later(() => this.#asking.ask(true))
  }

  /**
   * The commit that took this device out adds it anew as well. By a request of its own, which arrived twice or was kept back
   * by the relay, a Welcome is on its way; by any other, a copy of this device has asked. What a copy did before this device
   * was started its person may know: they want this one to go on.
   *
   * @param ref - the KeyPackage's
   * @param at - the commit's place
   */
  awaitWelcome(ref: string | undefined, at: Cursor): void {
    const { core } = this.#parts
    const started = this.#startedAt
    if (!started) {
      this.#undecided = () => this.awaitWelcome(ref, at) // frames can be faster than the answer before them
      return
    }
    const isHistory = at.inc === started.inc && at.seq <= started.seq
    if (!isHistory && (ref === undefined || !this.#asking.isOwn(ref))) {
      this.stopBesideCopy()
      return
    }
    core.setPhase({ at: 'rejoining', anyoneHere: core.anyoneHere })
    core.timers.set('welcome', welcomeWaitMs, () => void core.later(() => this.#asking.ask(true)))
  }

  /**
   * A copy of this device is in use elsewhere. Each of the two could put the other out for ever, so this one stops until
   * a person says that it is to go on.
   */
  stopBesideCopy(): void {
    const { core } = this.#parts
    void core.later(() => {
      const message = 'The same device has come into the room from another place: its storage was copied.'
      core.setPhase({ at: 'refused', code: 'replaced', message })
      core.stop()
    })
  }

  onWelcome(welcome: WelcomeEvent): Promise<void> {
    return this.#welcoming.onWelcome(welcome)
  }
}
