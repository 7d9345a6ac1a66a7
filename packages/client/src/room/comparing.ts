/** Comparing pictures with one person at a time: sends, hears and times what `trust/comparison.ts` decides. */
import { type DeviceId, fromBase64Url, type PersonKey, toBase64Url } from '@qsec/protocol'
import type { RoomContent } from '../content.ts'
import type { Group } from '../crypto/index.ts'
import type { ComparisonView, PersonView } from '../snapshot.ts'
import {
  agree,
  answer,
  type Comparison,
  type ComparisonFrame,
  type ComparisonState,
  hear,
  isUnderWay,
  nonceBytes,
  ownCommitment,
  type Step,
} from '../trust/comparison.ts'
import type { CompareContent } from '../trust/content.ts'
import type { RoomCore } from './core.ts'

/** A comparison that nobody finishes ends after this. */
const comparisonMs = 5 * 60_000
/** Epochs whose codes this device still knows: one side may be a commit behind when it is asked. */
const epochsKept = 16

export interface ComparingParts {
  core: RoomCore
  say(content: RoomContent): Promise<void>
  keysOf(device: DeviceId): readonly PersonKey[] | undefined
  /** The person here has said whether the pictures match. */
  onAnswered(peer: DeviceId, matched: boolean): Promise<void>
}

export class Comparing {
  readonly #parts: ComparingParts
  readonly #authenticators = new Map<number, Uint8Array>()
  #comparison: Comparison | undefined

  constructor(parts: ComparingParts) {
    this.#parts = parts
  }

  view(person: (device: DeviceId) => PersonView): ComparisonView | undefined {
    if (!this.#comparison) return undefined
    const { frame, peer, role, state, theySay } = this.#comparison
    const view = { with: person(peer), epoch: frame.epoch, role, state: shown(state) }
    return theySay === undefined ? view : { ...view, theySay }
  }

  remember({ epoch, authenticator }: Group): void {
    if (this.#authenticators.has(epoch)) return
    this.#authenticators.set(epoch, authenticator.slice())
    for (const old of [...this.#authenticators.keys()].slice(0, -epochsKept)) this.#authenticators.delete(old)
  }

  // --- what the person does; each runs in the queue --------------------------------------------------------------

  async ask(peer: DeviceId): Promise<void> {
    const { core, say } = this.#parts
    const run = core.randomId<string>()
    const frame = core.stream && this.#frame(run, core.stream.group.epoch, core.device, peer)
    if (!frame) throw new Error('trust: this device is not in the room, or does not know the other one')
    const before = this.#comparison
    const nonce = core.env.random(nonceBytes)
    const asked: Comparison = { frame, peer, role: 'asker', nonce, state: { at: 'waiting' } }
    this.#hold(asked)
    if (before && isUnderWay(before)) await this.#send(before, { step: 'end' })
    const commitment = toBase64Url(ownCommitment(asked))
    await say({ type: 'compare', to: peer, run, step: 'ask', epoch: frame.epoch, commitment })
  }

  async agree(): Promise<void> {
    if (this.#comparison?.state.at !== 'asked') return
    const agreed = agree(this.#comparison)
    this.#hold(agreed)
    await this.#send(agreed, { step: 'accept', commitment: ownCommitment(agreed) })
    await this.#send(agreed, { step: 'reveal', nonce: agreed.nonce })
  }

  async answer(matched: boolean): Promise<void> {
    const compared = this.#comparison
    if (compared?.state.at !== 'showing') return
    this.#comparison = answer(compared, matched)
    await this.#parts.onAnswered(compared.peer, matched)
    await this.#send(compared, { step: 'end', matched })
  }

  async end(): Promise<void> {
    const compared = this.#comparison
    this.#comparison = undefined
    this.#parts.core.timers.clear('comparison')
    this.#parts.core.changed()
    if (compared && isUnderWay(compared)) await this.#send(compared, { step: 'end' })
  }

  // --- what the other one says -----------------------------------------------------------------------------------

  onContent(device: DeviceId, content: CompareContent): void {
    const { core } = this.#parts
    if (content.to !== core.device) return
    if (content.step === 'ask') {
      this.#onAsk(device, content)
      return
    }
    const compared = this.#comparison
    if (compared?.peer !== device || compared.frame.run !== content.run) return
    const { next, reveal } = hear(compared, stepOf(content))
    this.#comparison = next
    if (reveal) void core.later(() => this.#send(next, { step: 'reveal', nonce: next.nonce }))
    core.changed()
  }

  #onAsk(device: DeviceId, content: Extract<CompareContent, { step: 'ask' }>): void {
    const { core } = this.#parts
    const before = this.#comparison
    const samePeer = before?.peer === device
    const bothAsked = before?.state.at === 'waiting' && samePeer
    // Both asked at once: the run with the smaller name goes on. Otherwise whoever came first does.
    if (bothAsked && content.run > before.frame.run) return
    if (before && isUnderWay(before) && !samePeer) return
    const frame = this.#frame(content.run, content.epoch, device, core.device)
    if (!frame) {
      void core.later(() => this.#say(device, content.run, { step: 'end' }))
      return
    }
    const theirs = fromBase64Url(content.commitment)!
    const nonce = core.env.random(nonceBytes)
    this.#hold({ frame, peer: device, role: 'asked', nonce, state: { at: 'asked', theirs } })
    if (bothAsked) void core.later(() => this.agree())
  }

  #hold(compared: Comparison): void {
    const { core } = this.#parts
    this.#comparison = compared
    core.timers.set('comparison', comparisonMs, () => {
      const now = this.#comparison
      if (!now || now.frame.run !== compared.frame.run || !isUnderWay(now)) return
      this.#comparison = { ...now, state: { at: 'over', reason: 'expired' } }
      core.changed()
    })
    core.changed()
  }

  /** Undefined where this device does not know the epoch any more, or the other's keys. */
  #frame(run: string, epoch: number, asker: DeviceId, asked: DeviceId): ComparisonFrame | undefined {
    const { core, keysOf } = this.#parts
    if (core.stream) this.remember(core.stream.group)
    const authenticator = this.#authenticators.get(epoch)
    const [askers, askeds] = [keysOf(asker), keysOf(asked)]
    if (!authenticator || !askers || !askeds) return undefined
    return { room: core.address, run, epoch, authenticator, asker: askers, asked: askeds }
  }

  #send({ peer, frame }: Comparison, step: Step): Promise<void> {
    return this.#say(peer, frame.run, step)
  }

  async #say(to: DeviceId, run: string, step: Step): Promise<void> {
    const { core, say } = this.#parts
    if (core.phase.at !== 'member') return
    const compare = { type: 'compare' as const, to, run }
    switch (step.step) {
      case 'accept':
        return say({ ...compare, step: 'accept', commitment: toBase64Url(step.commitment) })
      case 'reveal':
        return say({ ...compare, step: 'reveal', nonce: toBase64Url(step.nonce) })
      case 'end':
        return say({ ...compare, ...step })
    }
  }
}

function stepOf(content: Exclude<CompareContent, { step: 'ask' }>): Step {
  switch (content.step) {
    case 'accept':
      return { step: 'accept', commitment: fromBase64Url(content.commitment)! }
    case 'reveal':
      return { step: 'reveal', nonce: fromBase64Url(content.nonce)! }
    case 'end':
      return content.matched === undefined ? { step: 'end' } : { step: 'end', matched: content.matched }
  }
}

function shown(state: ComparisonState): ComparisonView['state'] {
  return state.at === 'asked' || state.at === 'committed' ? { at: state.at } : state
}
