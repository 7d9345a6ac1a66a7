/**
 * A simulation of streams: devices, a relay, chance and faults by one seed, and the promises that must hold. Everything
 * runs in virtual time, so one seed always tells the same story.
 */
import { type Cursor, fromBase64Url, fromUtf8, utf8 } from '@qsec/protocol'
import type { StorageChange } from '../../ports.ts'
import { openMemoryStorage } from '../../storage/memory.ts'
import { parseFrame } from './fake-groups.ts'
import { type SeededRandom, SimClock, seeded } from './sim-clock.ts'
import { type Content, newGroup, SimDevice } from './sim-device.ts'
import { type Faults, SimLink } from './sim-link.ts'
import { relayMessageBytes, SimRelay } from './sim-relay.ts'

export interface Plan {
  devices: number
  /** How long there are faults. */
  faultsMs: number
  faults: Faults
  /** How often each of these is begun, for a second and the whole room. */
  says: number
  cuts: number
  crashes: number
  restarts: number
  commits: number
  /** Of the commits: invalid for everybody else, for some, and in need of something that comes later. */
  invalid: number
  partlyInvalid: number
  needy: number
  /** Of the messages: too large, refused until tried again, refused for the moment. */
  large: number
  refused: number
  busy: number
  /** A restarted relay knows whose commit it took last. */
  remembersCommit: boolean
  /** A bug put in on purpose, which the checks have to find. */
  planted?: 'ratchet-not-stored' | 'part-not-stored' | 'counters-ignored' | 'cursor-not-stored'
}

/** Of what each planted bug forgets the puts. */
const losses: Partial<Record<NonNullable<Plan['planted']>, RegExp>> = {
  'ratchet-not-stored': /^room\/(group$|parts\/)/,
  'part-not-stored': /^room\/parts\/[^/]+\/opens$/,
  'cursor-not-stored': /^room\/place$/,
}

/** A plan in which a seed decides what happens at all, and how often. */
export function planOf(seed: number): Plan {
  const random = seeded(seed * 7_919 + 1)
  const sometimes = (probability: number, most: number) => (random() < probability ? random() * most : 0)
  return {
    devices: 2 + Math.floor(random() * 4),
    faultsMs: 20_000 + random() * 40_000,
    faults: {
      lostRequest: sometimes(0.4, 0.2),
      lostAnswer: sometimes(0.4, 0.2),
      twice: sometimes(0.4, 0.2),
      maxDelayMs: 5 + random() ** 2 * 1_500,
    },
    says: 0.5 + random() * 3,
    cuts: sometimes(0.6, 0.4),
    crashes: sometimes(0.5, 0.3),
    restarts: sometimes(0.4, 0.12),
    commits: sometimes(0.7, 0.6),
    invalid: sometimes(0.3, 0.5),
    partlyInvalid: sometimes(0.2, 0.3),
    needy: sometimes(0.3, 0.5),
    large: sometimes(0.3, 0.1),
    refused: sometimes(0.3, 0.1),
    busy: sometimes(0.4, 0.3),
    remembersCommit: random() < 0.5,
  }
}

export interface Outcome {
  violations: string[]
  /** Every device fell out, and nobody was left to add them again. */
  deserted: boolean
  trace: string[]
}

export async function simulate(seed: number, plan: Plan = planOf(seed)): Promise<Outcome> {
  return new SimWorld(seed, plan).run()
}

/** How long after the faults everything has to be in order again. */
const calmMs = 200_000

export class SimWorld {
  readonly clock: SimClock
  readonly relay: SimRelay
  readonly random: SeededRandom
  readonly #plan: Plan
  readonly #faults: Faults
  readonly #devices = new Map<string, SimDevice>()
  readonly #violations: string[] = []
  readonly #trace: string[] = []
  readonly #sealed = new Map<string, string>()
  readonly #commits = new Map<string, Set<string>>()
  readonly #said = new Map<string, { sender: string; until: string }>()
  readonly #retried = new Set<string>()
  readonly #jumps = new Map<string, { from: Cursor; to: Cursor }[]>()
  readonly #hasAtMs = new Map<string, number>()
  #ids = 0
  #calm = false

  constructor(seed: number, plan: Plan) {
    this.random = seeded(seed)
    this.clock = new SimClock(this.random)
    this.relay = new SimRelay(this.clock, 1)
    this.relay.remembersCommit = plan.remembersCommit
    this.relay.ignoresCounters = plan.planted === 'counters-ignored'
    this.#plan = plan
    this.#faults = { ...plan.faults }
  }

  async run(): Promise<Outcome> {
    await this.#found()
    this.#setRefusals()
    const { faultsMs } = this.#plan
    this.#plague(faultsMs)
    await this.clock.run(faultsMs)
    this.#endFaults()
    await this.clock.run(calmMs)
    for (const device of this.#devices.values()) device.say('the last word')
    await this.clock.run(calmMs)
    const deserted = [...this.#devices.values()].every((device) => device.rejoining)
    if (!deserted) this.#checkAgreement()
    this.#checkLogs()
    return { violations: this.#violations, deserted, trace: this.#trace }
  }

  // --- what happens ----------------------------------------------------------------------------------------------

  async #found(): Promise<void> {
    const names = ['ana', 'ben', 'cleo', 'dan', 'eve'].slice(0, this.#plan.devices)
    const { inc, seq } = this.relay.position
    for (const name of names) {
      const device = new SimDevice(this, name, openMemoryStorage())
      await device.found(newGroup('first', name, names), inc, seq)
      this.#devices.set(name, device)
      device.connect()
    }
  }

  #setRefusals(): void {
    const { refused, busy } = this.#plan
    const verdicts = new Map<string, boolean>()
    this.relay.refuses = (_device, id) => {
      if (!verdicts.has(id)) verdicts.set(id, this.random() < refused)
      if (verdicts.get(id) && !this.#retried.has(id)) return 'bad-request'
      if (this.random() >= busy) return undefined
      return this.random() < 0.5 ? 'rate-limited' : 'unavailable'
    }
  }

  #plague(forMs: number): void {
    const { says, cuts, crashes, restarts, commits } = this.#plan
    const often = (perSecond: number, run: () => void) => {
      const times = Math.round((perSecond * forMs) / 1_000)
      for (let i = 0; i < times; i++) this.clock.after(this.random() * forMs, run)
    }
    often(says, () => this.#say())
    often(cuts, () => this.#cut(this.#any()))
    often(crashes, () => this.#any().crashAfter(1 + Math.floor(this.random() * 6), this.random() < 0.5))
    often(restarts, () => this.#restart())
    often(commits, () => this.#commit())
    often(says / 5, () => this.#any().retryRefused())
  }

  #say(): void {
    const large = this.random() < this.#plan.large
    const text = large ? 'x'.repeat(relayMessageBytes) : `text ${this.nextId()}`
    const burst = this.random() < 0.1 ? 10 : 1
    const device = this.#any()
    for (let i = 0; i < burst; i++) device.say(text, this.random() < 0.7 ? 'confirmed' : 'ordered')
  }

  #commit(): void {
    const device = this.#any()
    const others = [...this.#devices.keys()].filter((name) => name !== device.name)
    const { invalid, partlyInvalid, needy } = this.#plan
    // One device errs: were the commits of all withdrawn in one epoch, nobody could begin the next.
    const chance = device.name === 'ben' ? this.random() : 1
    if (chance < invalid) device.commit({ refusedBy: others })
    else if (chance < invalid + partlyInvalid) {
      device.commit({ refusedBy: others.filter(() => this.random() < 0.5) })
    } else if (this.random() < needy) device.commit({ needs: this.nextId() })
    else device.commit()
  }

  #cut(device: SimDevice): void {
    this.trace(`${device.name} is cut`)
    device.disconnect()
    const awayMs = this.random() < 0.2 ? 45_000 * this.random() : 3_000 * this.random()
    this.clock.after(awayMs, () => this.#devices.get(device.name)!.connect())
  }

  #restart(): void {
    for (const device of this.#devices.values()) this.#cut(device)
    this.relay.restart()
    this.trace(`the relay restarts: ${JSON.stringify(this.relay.position)}`)
  }

  crash(device: SimDevice): void {
    this.trace(`${device.name} crashes`)
    const left = device.storage.clone()
    device.end()
    const again = new SimDevice(this, device.name, left)
    this.#devices.set(device.name, again)
    this.clock.after(this.#calm ? 100 : 5_000 * this.random(), () => void again.load().then(() => again.connect()))
  }

  #endFaults(): void {
    this.#calm = true
    this.trace('the faults end')
    for (const device of this.#devices.values()) device.crashAfter(Number.POSITIVE_INFINITY, false)
    Object.assign(this.#faults, { lostRequest: 0, lostAnswer: 0, twice: 0, maxDelayMs: 50 })
    this.relay.refuses = () => undefined
  }

  #any(): SimDevice {
    const devices = [...this.#devices.values()]
    return devices[Math.floor(this.random() * devices.length)]!
  }

  // --- what devices use ------------------------------------------------------------------------------------------

  /** What of a transaction reaches the disk. */
  kept(changes: readonly StorageChange[]): readonly StorageChange[] {
    const { planted } = this.#plan
    const lost = planted && losses[planted]
    return lost ? changes.filter((change) => change.type !== 'put' || !lost.test(change.key)) : changes
  }

  link(): SimLink {
    return new SimLink(this.clock, this.random, this.#faults)
  }

  nextId(): string {
    return `${this.#ids++}`
  }

  has(name: string, what: string): boolean {
    const key = `${name} ${what}`
    if (!this.#hasAtMs.has(key)) this.#hasAtMs.set(key, this.clock.nowMs() + this.random() * 4_000)
    return this.#hasAtMs.get(key)! <= this.clock.nowMs()
  }

  said(sender: string, id: string, until: string): void {
    this.#said.set(id, { sender, until })
  }

  retried(id: string): void {
    this.#retried.add(id)
  }

  jumped(name: string, from: Cursor, to: Cursor): void {
    this.#jumps.set(name, [...(this.#jumps.get(name) ?? []), { from, to }])
  }

  // --- what must hold --------------------------------------------------------------------------------------------

  trace(line: string): void {
    this.#trace.push(`${(this.clock.nowMs() / 1_000).toFixed(3)} ${line}`)
  }

  violation(what: string): void {
    this.trace(`VIOLATION ${what}`)
    this.#violations.push(what)
  }

  failed(name: string, error: unknown): void {
    this.violation(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
  }

  /** A frame leaves: one generation of one device is never used for two. */
  frameSent(name: string, ct: string): void {
    const frame = parseFrame(utf8(ct))
    const key = frame?.type === 'application' ? `${frame.secret} ${frame.by} ${frame.generation}` : ct
    const before = this.#sealed.get(key)
    if (before !== undefined && before !== ct) this.violation(`${name} sealed twice with ${key}`)
    this.#sealed.set(key, ct)
  }

  /** A commit leaves: none follows one of the same state that was withdrawn. */
  commitSent(name: string, ct: string): void {
    const { secret } = parseFrame(utf8(ct))!
    const key = `${secret} ${name}`
    const before = this.#commits.get(key) ?? new Set()
    for (const other of before) {
      if (other !== ct && this.relay.withdrawn.has(other)) this.violation(`${name} commits again after a withdrawal`)
    }
    this.#commits.set(key, before.add(ct))
  }

  #checkAgreement(): void {
    const { inc, epoch, seq } = this.relay.position
    const secrets = new Set<string>()
    for (const { name, stream, dead } of this.#devices.values()) {
      if (!stream || dead) {
        this.violation(`${name} is not there`)
        continue
      }
      secrets.add(stream.group.secret)
      const { cursor, rows, pending, blocked } = stream
      // What was ordered before all others came in anew is kept: nobody can confirm it any more.
      const waiting = rows.filter(
        ({ refused, ordered }) => !refused && !(ordered && this.#isBeforeAllBut(name, ordered)),
      )
      const there = cursor.inc === inc && cursor.seq === seq && stream.epoch === epoch
      if (!there)
        this.violation(`${name} stands at ${JSON.stringify(cursor)}, epoch ${stream.epoch}, not ${seq} ${epoch}`)
      if (waiting.length > 0)
        this.violation(
          `${name} still has ${waiting.length} rows: ${JSON.stringify({ ...waiting[0]!, content: '', sealed: waiting[0]!.sealed?.epoch })}`,
        )
      if (pending || blocked)
        this.violation(`${name} is not free: ${JSON.stringify({ pending: pending?.id, blocked })}`)
    }
    if (secrets.size !== 1) this.violation(`the devices are in ${secrets.size} groups`)
  }

  #checkLogs(): void {
    const ordered = new Map<string, Cursor[]>()
    for (const { ct, inc, seq } of this.relay.history) {
      const frame = parseFrame(utf8(ct))
      if (frame?.type !== 'application') continue
      const { id } = JSON.parse(fromUtf8(fromBase64Url(frame.content)!)!) as Content
      ordered.set(id, [...(ordered.get(id) ?? []), { inc, seq }])
    }
    const devices = [...this.#devices.values()]
    for (const device of devices) {
      this.#checkOrder(device, ordered)
      this.#checkComplete(device)
      const refused = new Set<string>(device.stream?.rows.map((row) => (row.refused ? row.id : '')))
      if (device.rejoining) continue
      for (const { sender, id } of device.log) {
        if (sender !== device.name || refused.has(id)) continue
        if (!ordered.has(id)) this.violation(`${id} was never ordered`)
        const { until } = this.#said.get(id)!
        const heard = devices.some((other) => other !== device && other.log.some((entry) => entry.id === id))
        const missed = this.#missedByAllBut(device.name, ordered.get(id) ?? [])
        if (!heard && until === 'confirmed' && !missed) this.violation(`nobody has ${id}`)
      }
    }
  }

  #checkOrder({ name, log }: SimDevice, ordered: ReadonlyMap<string, Cursor[]>): void {
    const last = new Map<string, number>()
    const ids = new Set<string>()
    for (const { sender, id, index } of log) {
      if (ids.has(id)) this.violation(`${name} has ${id} twice`)
      ids.add(id)
      // What a device has missed and what was refused may come late, when the sender tries again.
      const late = this.#retried.has(id) || ordered.get(id)?.some((at) => this.#wasMissed(name, at))
      if (late || sender === name) continue
      if (index <= (last.get(sender) ?? -1)) this.violation(`${name} has ${id} out of order`)
      last.set(sender, index)
    }
  }

  /** Everything that the relay ordered is applied, but for what a device was told that it missed. */
  #checkComplete(device: SimDevice): void {
    if (device.rejoining) return
    const missing = this.relay.history.filter(
      (at) => !device.hasApplied(at.inc, at.seq) && !this.#wasMissed(device.name, at),
    )
    if (missing.length > 0) this.violation(`${device.name} lacks ${missing.map(({ inc, seq }) => `${inc}/${seq}`)}`)
  }

  /** Whether the device was told that it cannot have what stands there. */
  #wasMissed(name: string, at: Cursor): boolean {
    return this.#jumps.get(name)?.some(({ from, to }) => liesBetween(at, from, to)) ?? false
  }

  #isBeforeAllBut(sender: string, at: Cursor): boolean {
    const start = { inc: 'life0', seq: 0 } as Cursor
    const others = [...this.#devices.keys()].filter((name) => name !== sender)
    return others.every((name) => this.#jumps.get(name)?.some(({ to }) => liesBetween(at, start, to)))
  }

  #missedByAllBut(sender: string, at: readonly Cursor[]): boolean {
    const others = [...this.#devices.keys()].filter((name) => name !== sender)
    return others.every((name) => at.every((one) => this.#wasMissed(name, one)))
  }
}

/** Lives of the simulated relay are numbered, and its sequence numbers rise through all of them. */
function liesBetween(at: { inc: string; seq: number }, from: Cursor, to: Cursor): boolean {
  const life = (inc: string) => Number(inc.slice(4))
  const after = life(at.inc) > life(from.inc) || (at.inc === from.inc && at.seq > from.seq)
  const before = life(at.inc) < life(to.inc) || (at.inc === to.inc && at.seq <= to.seq)
  return after && before
}
