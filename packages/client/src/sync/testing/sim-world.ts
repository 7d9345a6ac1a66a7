/**
 * A simulation of streams: devices, a relay, chance and faults by one seed, and the promises that must hold. Everything
 * runs in virtual time, so one seed always tells the same story.
 */
import { type Cursor, limits } from '@qsec/protocol'
import { type MemoryStorage, openMemoryStorage } from '../../storage/memory.ts'
import type { StreamFrame } from '../session.ts'
import type { Losses } from '../stream.ts'
import { fakeGroups } from './fake-groups.ts'
import { SimChecks } from './sim-checks.ts'
import { type SeededRandom, SimClock, seeded } from './sim-clock.ts'
import { type Content, SimDevice } from './sim-device.ts'
import type { SimGroups } from './sim-groups.ts'
import { type Faults, SimLink } from './sim-link.ts'
import { type Plan, planOf } from './sim-plan.ts'
import { type RelayEvent, SimRelay } from './sim-relay.ts'

export interface Outcome {
  violations: string[]
  /** The plan's await was reached, and the device ended there. */
  ended: boolean
  /** Every device fell out, and nobody was left to add them again. */
  deserted: boolean
  /** What happened, in order. */
  trace: string[]
  /** Of the trace: the same for the same seed. */
  traceHash: string
}

/** `plan`: how it differs from what the seed says. */
export async function simulate(seed: number, plan: Partial<Plan> = {}): Promise<Outcome> {
  return simulateWith(fakeGroups(), seed, plan)
}

/** The same with other groups. */
export function simulateWith<G>(groups: SimGroups<G>, seed: number, plan: Partial<Plan> = {}): Promise<Outcome> {
  return new SimWorld(seed, { ...planOf(seed), ...plan }, groups).run()
}

/** How long after the faults everything has to be in order again. */
const calmMs = 200_000

export class SimWorld<G> {
  readonly groups: SimGroups<G>
  readonly clock: SimClock
  readonly relay: SimRelay
  readonly random: SeededRandom
  readonly devices: Map<string, SimDevice<G>> = new Map()
  readonly #plan: Plan
  readonly #faults: Faults
  readonly #checks: SimChecks<G>
  readonly #trace: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #hasAtMs = new Map<string, number>()
  readonly #clocksMs = new Map<string, number>()
  /** Whom a relay that is two serves with the other one. */
  #twin: { relay: SimRelay; serves: ReadonlySet<string> } | undefined
  #ids = 0
  #awaits = 0
  #calm = false

  constructor(seed: number, plan: Plan, groups: SimGroups<G>) {
    this.groups = groups
    this.random = seeded(seed)
    this.clock = new SimClock(this.random, groups.settle)
    this.relay = new SimRelay(this.clock, 1, plan.ringFrames)
    this.#plan = plan
    this.#faults = { ...plan.faults }
    this.#checks = new SimChecks(this, plan)
    this.relay.messageBytes = this.messageBytes
    this.relay.dies = () => !this.#calm && this.random() < plan.dies
    this.relay.onRestart = () => this.#restarted()
    this.relay.onStands = (epoch, ct, early) => this.#checks.stands(epoch, ct, early)
  }

  /** Messages above this are refused, in this relay. */
  get messageBytes(): number {
    return 6_000
  }

  async run(): Promise<Outcome> {
    await this.#found()
    this.#setRefusals()
    const { faultsMs } = this.#plan
    this.#plague(faultsMs)
    if (this.#plan.lies) this.#lie(faultsMs)
    await this.clock.run(faultsMs)
    this.#endFaults()
    await this.clock.run(calmMs)
    for (const device of this.devices.values()) device.say('the last word')
    await this.clock.run(calmMs)
    const deserted = this.members.every((device) => device.rejoining)
    await this.#checks.atTheEnd(deserted)
    for (const device of this.devices.values()) device.end()
    const { violations } = this.#checks
    const ended = this.#awaits >= (this.#plan.endsAt ?? Number.POSITIVE_INFINITY)
    return { violations, ended, deserted, trace: this.#trace, traceHash: hashOf(this.#trace) }
  }

  // --- what happens ----------------------------------------------------------------------------------------------

  async #found(): Promise<void> {
    const names = ['ana', 'ben', 'cleo', 'dan', 'eve'].slice(0, this.#plan.devices)
    const { inc, seq } = this.relay.position
    for (const [name, group] of await this.groups.found(names)) {
      const device = new SimDevice(this, name, openMemoryStorage())
      await device.found(group, inc, seq)
      this.devices.set(name, device)
      device.connect()
    }
  }

  #setRefusals(): void {
    const { refused, busy } = this.#plan
    const verdicts = new Map<string, boolean>()
    this.relay.refuses = (_device, id) => {
      if (!verdicts.has(id)) verdicts.set(id, this.random() < refused)
      if (verdicts.get(id) && !this.#checks.wasRetried(id)) return 'bad-request'
      if (this.random() >= busy) return undefined
      return this.random() < 0.5 ? 'rate-limited' : 'unavailable'
    }
  }

  #plague(forMs: number): void {
    const { says, cuts, stalls, crashes, clockJumps, restarts, commits } = this.#plan
    const often = (perSecond: number, run: () => void) => {
      const times = Math.round((perSecond * forMs) / 1_000)
      for (let i = 0; i < times; i++) this.clock.after(this.random() * forMs, run)
    }
    often(says, () => this.#say())
    often(cuts, () => this.#cut(this.#any()))
    often(stalls, () => this.#any().stall(this.random() * 15_000))
    often(crashes, () => this.#any().crashAfter(1 + Math.floor(this.random() * 6), this.random() < 0.5))
    often(clockJumps, () => this.#clocksMs.set(this.#any().name, (this.random() - 0.5) * limits.ringAgeMs * 100))
    often(restarts, () => this.relay.restart())
    often(commits, () => this.#commit())
    often(this.#plan.removals, () => this.#remove())
    often(says / 5, () => this.#any().retryRefused())
  }

  #say(): void {
    const large = this.random() < this.#plan.large
    const text = large ? 'x'.repeat(this.messageBytes) : `text ${this.nextId()}`
    const burst = this.random() < 0.1 ? 10 : 1
    const device = this.#any()
    for (let i = 0; i < burst; i++) device.say(text, this.random() < 0.7 ? 'confirmed' : 'ordered')
  }

  #commit(): void {
    const device = this.#any()
    const others = [...this.devices.keys()].filter((name) => name !== device.name)
    const { invalid, partlyInvalid, needy } = this.#plan
    // One device errs: were the commits of all withdrawn in one epoch, nobody could begin the next.
    const chance = device.name === 'ben' ? this.random() : 1
    if (chance < invalid) device.commit({ refusedBy: others })
    else if (chance < invalid + partlyInvalid) {
      device.commit({ refusedBy: others.filter(() => this.random() < 0.5) })
    } else if (this.random() < needy) device.commit({ needs: this.nextId() })
    else device.commit()
  }

  #remove(): void {
    const names = [...this.devices.keys()].filter((name) => name !== 'ana' && !this.relay.gone.has(name))
    const name = names[Math.floor(this.random() * names.length)]
    if (name !== undefined && names.length > 1) this.devices.get('ana')!.commit({ removes: [name] })
  }

  #cut(device: SimDevice<G>): void {
    this.trace(`${device.name} is cut`)
    device.disconnect()
    const awayMs = this.random() < 0.2 ? 45_000 * this.random() : 3_000 * this.random()
    this.clock.after(awayMs, () => this.devices.get(device.name)!.connect())
  }

  #restarted(): void {
    this.trace(`the relay restarts: ${JSON.stringify(this.relay.position)}`)
    for (const device of this.devices.values()) this.#cut(device)
  }

  crash(device: SimDevice<G>): void {
    this.trace(`${device.name} crashes`)
    const left = device.storage.clone()
    device.end()
    const again = new SimDevice(this, device.name, left)
    this.devices.set(device.name, again)
    this.clock.after(this.#calm ? 100 : 5_000 * this.random(), () => void again.load().then(() => again.connect()))
  }

  #endFaults(): void {
    this.#calm = true
    this.trace('the faults end')
    this.#twin = undefined
    const loose = this.#faults.lostFrame > 0 || this.#plan.lies
    for (const device of this.devices.values()) {
      device.crashAfter(Number.POSITIVE_INFINITY, false)
      // Whoever was never told of the last frames hears of them at its next resume.
      if (loose) this.#cut(device)
    }
    Object.assign(this.#faults, { lostRequest: 0, lostAnswer: 0, twice: 0, lostFrame: 0, overtaken: 0, maxDelayMs: 50 })
    this.relay.refuses = () => undefined
  }

  #any(): SimDevice<G> {
    const devices = [...this.devices.values()]
    return devices[Math.floor(this.random() * devices.length)]!
  }

  // --- a relay that lies -----------------------------------------------------------------------------------------

  #lie(forMs: number): void {
    const { rewinds, forks } = this.#plan.lies!
    const [fromMs, forHowLongMs] = [this.random() * forMs * 0.5, this.random() * forMs * 0.4]
    if (forks) {
      this.clock.after(fromMs, () => {
        const serves = new Set([...this.devices.keys()].filter(() => this.random() < 0.5))
        this.#turnTo({ relay: this.relay.fork(), serves })
        this.clock.after(forHowLongMs, () => this.#turnTo(undefined))
      })
    }
    if (!rewinds) return
    this.clock.after(fromMs, () => {
      // To what its disk was, in a new life; or in the same life, as if nothing had been.
      const restore = this.relay.backup()
      const twin = { relay: this.relay.fork(), serves: new Set(this.devices.keys()) }
      const openly = this.random() < 0.5
      this.clock.after(forHowLongMs, () => (openly ? restore() : this.#turnTo(twin)))
    })
  }

  #turnTo(twin: { relay: SimRelay; serves: ReadonlySet<string> } | undefined): void {
    const moved = twin?.serves ?? this.#twin?.serves ?? new Set()
    this.trace(twin ? `the relay is two, the other one for ${[...moved]}` : 'the relay is one again')
    this.#twin = twin
    for (const name of moved) this.#cut(this.devices.get(name)!)
  }

  /** The event as the relay tells it to this device. */
  asTold(name: string, event: RelayEvent): RelayEvent {
    const { lies } = this.#plan
    if (!lies || this.#calm || event.type !== 'frame') return event
    const { frame } = event
    const chance = this.random()
    const { corrupt, replay, withhold, misnamed } = lies
    const changed = (how: string, parts: Partial<typeof frame>): RelayEvent => {
      this.trace(`${name} is lied to about ${frame.seq}: ${how}`)
      return { type: 'frame', frame: { ...frame, ...parts } }
    }
    if (chance < corrupt) {
      const at = Math.floor(this.random() * frame.ct.length)
      const other = frame.ct[at] === 'A' ? 'B' : 'A'
      return changed('corrupt', { ct: frame.ct.slice(0, at) + other + frame.ct.slice(at + 1) })
    }
    if (chance < corrupt + replay) {
      const earlier = this.relay.history[Math.floor(this.random() * this.relay.history.length)] ?? frame
      const { kind, id, device, ct } = earlier
      return changed(`replay ${id}`, { kind, id, device, ct })
    }
    // A frame of no epoch is as good as none.
    if (chance < corrupt + replay + withhold) return changed('withheld', { inc: 'nowhere' as typeof frame.inc })
    if (this.random() < misnamed) return changed('misnamed', { device: this.#any().name })
    return event
  }

  // --- what devices use ------------------------------------------------------------------------------------------

  link(name: string): SimLink {
    const relay = this.#twin?.serves.has(name) ? this.#twin.relay : this.relay
    return new SimLink(relay, this.clock, this.random, this.#faults)
  }

  /** A number for each frame. */
  numberOf(ct: string): number {
    const number = this.#numbers.get(ct) ?? this.#numbers.size
    this.#numbers.set(ct, number)
    return number
  }

  nextId(): string {
    return `${this.#ids++}`
  }

  has(name: string, what: string): boolean {
    const key = `${name} ${what}`
    if (!this.#hasAtMs.has(key)) this.#hasAtMs.set(key, this.clock.nowMs() + this.random() * 4_000)
    return this.#hasAtMs.get(key)! <= this.clock.nowMs()
  }

  /** A device awaits a port. True where it ends there. */
  endsHere(device: SimDevice<G>): boolean {
    if (this.#plan.endsAt === undefined || this.#calm || device.name !== 'ana' || device.dead) return false
    if (++this.#awaits !== this.#plan.endsAt) return false
    this.crash(device)
    return true
  }

  storeFails(): boolean {
    return !this.#calm && this.#plan.storeFailures > 0 && this.random() < this.#plan.storeFailures
  }

  /** How far the device's own clock is off. */
  jumpedMs(name: string): number {
    return this.#clocksMs.get(name) ?? 0
  }

  /** Devices that nobody has taken out. */
  get members(): SimDevice<G>[] {
    return [...this.devices.values()].filter(({ name }) => !this.relay.gone.has(name))
  }

  // --- what is noted of them -------------------------------------------------------------------------------------

  trace(line: string): void {
    this.#trace.push(`${(this.clock.nowMs() / 1_000).toFixed(3)} ${line}`)
  }

  violation(what: string): void {
    this.trace(`VIOLATION ${what}`)
    this.#checks.violations.push(what)
  }

  failed(name: string, error: unknown): void {
    this.violation(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
  }

  /** A relay that goes back to an earlier life, of which the device was told, has other frames at the same places. */
  twice(name: string, key: string): void {
    if (!this.#plan.lies) this.violation(`${name}: ${key} was applied twice`)
  }

  /** Whether the relay of this simulation lies, and may go back to an earlier place. */
  get isLiedTo(): boolean {
    return this.#plan.lies !== undefined
  }

  letGo(name: string, id: string): void {
    this.#checks.letGo(name, id)
  }

  takenOut(name: string, storage: MemoryStorage): void {
    this.#checks.takenOut(name, storage)
  }

  adopted(number: number): void {
    this.#checks.adopted(number)
  }

  said(device: SimDevice<G>, content: Content, until: string): void {
    this.#checks.said(device, content, until)
  }

  retried(id: string): void {
    this.#checks.retried(id)
  }

  jumped(name: string, from: Cursor, to: Cursor): void {
    this.#checks.jumped(name, from, to)
  }

  lost(name: string, losses: Losses): void {
    this.#checks.lost(name, losses)
  }

  heard(name: string, frame: StreamFrame, group: G, sender: string, content: Content): void {
    this.#checks.heard(name, frame, group, sender, content)
  }

  compared(device: SimDevice<G>, sender: string, content: Content, agrees: boolean | undefined): void {
    this.#checks.compared(device, sender, content, agrees)
  }

  refusedFrame(name: string, id: string, seq: number, reason: string): void {
    this.#checks.refusedFrame(name, id, seq, reason)
  }

  frameSent(name: string, ct: string): void {
    this.#checks.frameSent(name, ct)
  }

  commitSent(name: string, ct: string): void {
    this.#checks.commitSent(name, ct)
  }
}

/** FNV-1a, 32 bits twice: to tell traces apart, not against anybody. */
function hashOf(lines: readonly string[]): string {
  let [a, b] = [0x811c9dc5, 0x01000193]
  for (const line of lines) {
    for (let i = 0; i < line.length; i++) {
      a = Math.imul(a ^ line.charCodeAt(i), 0x01000193)
      b = Math.imul(b ^ line.charCodeAt(i), 0x85ebca6b)
    }
    b ^= a
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
