/** The promises of a simulation of streams (RULES.md, SM), held against what happens and against the end of it. */
import type { Cursor } from '@qsec/protocol'
import { fromUtf8 } from '@qsec/protocol'
import type { MemoryStorage } from '../../storage/memory.ts'
import { readGroup } from '../group-rows.ts'
import type { StreamFrame } from '../session.ts'
import type { Losses } from '../stream.ts'
import { type Content, type Passed, placeKey, type SimDevice } from './sim-device.ts'
import type { Plan } from './sim-plan.ts'
import type { SimWorld } from './sim-world.ts'

/** Timers of one device that may wait at the end, and what it may have stored of its stream: six rows, and two parts of three groups. */
const timersAtMost = 12
const entriesAtMost = 12

interface Said {
  sender: string
  text: string
  index: number
  until: string
  /** What its sender had behind it when it said this: behind a relay that goes back, its places can get other frames. */
  saw?: Passed
}

export class SimChecks<G> {
  readonly violations: string[] = []
  readonly #world: SimWorld<G>
  readonly #plan: Plan
  readonly #sealed = new Map<string, string>()
  readonly #commits = new Map<string, Set<string>>()
  readonly #standing = new Map<number, string>()
  readonly #said = new Map<string, Said>()
  /** By listener and speaker: the index that the speaker's next content has. */
  readonly #next = new Map<string, number>()
  readonly #retried = new Set<string>()
  /** Commits that others than their makers have adopted. */
  readonly #adopted = new Set<number>()
  readonly #jumps = new Map<string, { from: Cursor; to: Cursor }[]>()
  /** What those who were taken out had stored right before. */
  readonly #copies = new Map<string, MemoryStorage>()
  /** Devices that have told their person that something is wrong. */
  readonly #alarmed = new Set<string>()

  constructor(world: SimWorld<G>, plan: Plan) {
    this.#world = world
    this.#plan = plan
  }

  // --- as it happens ---------------------------------------------------------------------------------------------

  said(device: SimDevice<G>, { id, text, index }: Content, until: string): void {
    const saw = this.#plan.lies ? { saw: device.passed() } : {}
    this.#said.set(id, { sender: device.name, text, index, until, ...saw })
  }

  retried(id: string): void {
    this.#retried.add(id)
  }

  wasRetried(id: string): boolean {
    return this.#retried.has(id)
  }

  jumped(name: string, from: Cursor, to: Cursor): void {
    this.#jumps.set(name, [...(this.#jumps.get(name) ?? []), { from, to }])
    for (const other of this.#world.devices.keys()) this.#next.delete(`${name} ${other}`)
  }

  /** A device was told that it cannot have everything. */
  lost(name: string, { lost, rewound }: Losses): void {
    this.#alarmed.add(name)
    if (this.#plan.lies) return
    if (rewound) this.#world.violation(`${name}: an honest relay rewound`)
    const { inc } = this.#world.devices.get(name)!.stream!.cursor
    if (!lost) return
    if (this.#plan.ringFrames > 100) this.#world.violation(`${name}: lost ${JSON.stringify(lost)}`)
    this.jumped(name, { inc, seq: lost.fromSeq - 1 }, { inc, seq: lost.toSeq })
  }

  /** A content is about to be shown: somebody said just that, and it opens in the epoch of its order. */
  heard(name: string, frame: StreamFrame, group: G, sender: string, content: Content): void {
    const { groups } = this.#world
    const said = this.#said.get(content.id)
    if (said?.text !== content.text || said.index !== content.index) {
      this.#world.violation(`${name} took ${content.id}, which nobody said`)
    }
    if (said && said.sender !== sender) {
      this.#world.violation(`${name} has ${content.id} of ${said.sender} as ${sender}'s`)
    }
    this.#countOf(name, sender, content.index)
    const told = groups.told(groups.spell(frame.ct))
    if (told?.secret !== groups.secretOf(group)) {
      this.#world.violation(`${name}: a frame of epoch ${frame.epoch} was applied in another`)
    }
  }

  /** As the room of a device does it: who skips something that was said before tells its person. */
  #countOf(name: string, sender: string, index: number): void {
    const due = this.#next.get(`${name} ${sender}`) ?? (this.#jumps.has(name) ? index : 0)
    if (index > due) this.#alarmed.add(name)
    if (index >= due) this.#next.set(`${name} ${sender}`, index + 1)
  }

  /** A device has compared what it saw with what a sender saw; `agrees` is undefined where it has not kept its own. */
  compared(device: SimDevice<G>, sender: string, { id, receipt }: Content, agrees: boolean | undefined): void {
    if (agrees === false) this.#alarmed.add(device.name)
    if (agrees === false && !this.#plan.lies) {
      this.#world.violation(`${device.name}: a false alarm about the history of ${sender} ${receipt.seq}`)
    }
    // What an honest relay ordered is held against what all took at the end.
    const { saw } = this.#said.get(id) ?? {}
    if (agrees === true && saw && this.#differ(device.passed(), saw, receipt)) {
      this.#world.violation(`${device.name}: no alarm, though ${sender} saw another ${receipt.seq}`)
    }
  }

  /** Whether two devices took different frames for one that stands at or before `at`, in its epoch. */
  #differ(device: Passed, other: Passed, at: Cursor): boolean {
    for (let { seq } = at; seq > 0; seq--) {
      const key = placeKey(at.inc, seq)
      const [one, two] = [device.get(key), other.get(key)]
      if (!one || !two) return false
      if (one.what !== two.what) return true
      if (isCommit(one) || isCommit(two)) return false
    }
    return false
  }

  refusedFrame(name: string, id: string, seq: number, reason: string): void {
    this.#alarmed.add(name)
    if (!this.#plan.lies) this.#world.violation(`${name}: refused ${id} at ${seq} for ${reason}`)
  }

  /** A frame leaves: one generation of one device is never used for two. */
  frameSent(name: string, ct: string): void {
    const told = this.#world.groups.told(ct)
    const key = told?.type === 'application' ? `${told.secret} ${told.by} ${told.generation}` : ct
    const before = this.#sealed.get(key)
    if (before !== undefined && before !== ct) this.#world.violation(`${name} sealed twice with ${key}`)
    this.#sealed.set(key, ct)
  }

  /** A commit leaves: none follows one of the same state that was withdrawn, and no two that differ. */
  commitSent(name: string, ct: string): void {
    const key = `${this.#world.groups.told(ct)!.secret} ${name}`
    const before = this.#commits.get(key) ?? new Set()
    for (const other of before) {
      if (other === ct) continue
      const withdrawn = this.#world.relay.withdrawn.has(other)
      // A relay that lies about its epochs gets several, each with a nonce of its own by its reuse guard (RFC 9420 §6.3.1).
      if (!withdrawn && (this.#plan.lies || this.#wasReopened(ct))) continue
      this.#world.violation(`${name} commits again ${withdrawn ? 'after a withdrawal' : 'from one state'}`)
    }
    this.#commits.set(key, before.add(ct))
  }

  /** A commit that had ended this one's epoch was withdrawn: both of two commits are lost, and somebody has to begin the next. */
  #wasReopened(ct: string): boolean {
    const { groups, relay } = this.#world
    return [...relay.withdrawn].some((other) => groups.told(other)?.secret === groups.told(ct)?.secret)
  }

  /** A row that was to wait for another device is deleted: one has it. */
  letGo(name: string, id: string): void {
    const others = [...this.#world.devices.values()].filter((other) => other.name !== name)
    // Of one that starts just now it is not known here what it has stored.
    const counts = others.some((other) => !other.stream || other.has(id))
    if (!counts && !this.#plan.lies) this.#world.violation(`${name} lets go of ${id}, which nobody has`)
  }

  takenOut(name: string, storage: MemoryStorage): void {
    this.#copies.set(name, storage)
  }

  adopted(number: number): void {
    this.#adopted.add(number)
  }

  /** A commit stands at the relay, `early`: before its time was over, while others could judge it. */
  stands(epoch: number, ct: string, early: boolean): void {
    if (this.#plan.lies) return
    if (early && !this.#adopted.has(this.#world.numberOf(ct)))
      this.#world.violation(`the commit of ${epoch} stands, and nobody has adopted it`)
    if (this.#world.relay.withdrawnNow.has(ct)) this.#world.violation(`a withdrawn commit of ${epoch} stands`)
    const before = this.#standing.get(epoch)
    this.#standing.set(epoch, ct)
    if (before !== undefined && before !== ct) {
      this.#world.violation(`two commits stand in epoch ${epoch}`)
    }
  }

  // --- at the end ------------------------------------------------------------------------------------------------

  async atTheEnd(deserted: boolean): Promise<void> {
    await this.#checkTakenOut()
    for (const device of this.#world.devices.values()) this.#checkBounds(device)
    const ordered = this.#ordered()
    for (const device of this.#world.devices.values()) this.#checkOrder(device, ordered)
    if (this.#plan.lies) {
      this.#checkAlarms()
      return
    }
    if (!deserted) this.#checkAgreement()
    for (const device of this.#world.members) {
      this.#checkComplete(device)
      this.#checkKept(device, ordered)
      this.#checkDelivered(device, ordered)
    }
  }

  /** What counts as delivered to a device is in its log. */
  #checkDelivered(device: SimDevice<G>, ordered: ReadonlyMap<string, Cursor[]>): void {
    for (const { sender, id } of device.log) {
      const at = ordered.get(id)?.findLast(({ inc, seq }) => device.applied(inc, seq)?.how === 'own')
      if (sender !== device.name || !at) continue
      for (const other of this.#world.devices.values()) {
        if (other === device || other.has(id) || !device.countsAsDelivered(other.name, at.seq)) continue
        this.#world.violation(`${id} counts as delivered to ${other.name}, which does not have it`)
      }
    }
  }

  /** Of two in one group who have heard each other's last words, one is alarmed if they took different frames. */
  #checkAlarms(): void {
    const devices = [...this.#world.devices.values()]
    for (const one of devices) {
      for (const two of devices) {
        if (one.name >= two.name || !one.stream || !two.stream) continue
        const [here, there] = [one.stream.cursor, two.stream.cursor]
        const together =
          here.inc === there.inc &&
          here.seq === there.seq &&
          this.#world.groups.secretOf(one.stream.group) === this.#world.groups.secretOf(two.stream.group)
        // Without a transcript of its epoch, since a restart of the relay or a gap, a device cannot compare.
        if (!one.stream.transcript || !two.stream.transcript) continue
        // Who fell out, as it was told, can say nothing that the other could compare until somebody takes it in again.
        if (one.stream.fallenOut && two.stream.fallenOut) continue
        if (!together || this.#alarmed.has(one.name) || this.#alarmed.has(two.name)) continue
        if (this.#differ(one.passed(), two.passed(), here))
          this.#world.violation(`${one.name} and ${two.name}: no alarm about ${here.seq}`)
      }
    }
  }

  /** Who was taken out can read nothing of what was ordered behind that, and has no secret of the room as it is. */
  async #checkTakenOut(): Promise<void> {
    if (this.#plan.lies) return // it may never have told the others
    const { groups, relay, members } = this.#world
    const current = members.flatMap(({ stream }) => (stream ? groups.secretsOf(stream.group) : []))
    for (const name of relay.gone) {
      const from = relay.history.findIndex(({ removed }) => removed?.includes(name))
      const later = relay.history.slice(from + 1).filter(({ kind }) => kind !== 'commit')
      const { storage } = this.#world.devices.get(name)!
      for (const held of [storage, this.#copies.get(name) ?? storage]) {
        const head = await held.get('room/group')
        const group = head && (await readGroup(held, 'room', head, groups.decode))
        for (const { ct, inc, seq } of group ? later : []) {
          if (await groups.opens(group!, ct))
            this.#world.violation(`${name} reads ${inc}/${seq}, from which it was taken out`)
        }
        const entries = await held.list('')
        if (entries.some(({ value }) => current.some((secret) => contains(value, secret)))) {
          this.#world.violation(`${name} has a secret of the room out of which it was taken`)
        }
      }
    }
  }

  #checkBounds({ name, timers, storage }: SimDevice<G>): void {
    if (timers > timersAtMost) this.#world.violation(`${name} has ${timers} timers`)
    void storage.list('room/').then((entries) => {
      const left = entries.filter(({ key }) => !key.startsWith('room/out/')).length
      if (left > entriesAtMost) this.#world.violation(`${name} has stored ${left} things of its stream`)
    })
  }

  #checkAgreement(): void {
    const { inc, epoch, seq } = this.#world.relay.position
    const secrets = new Set<string>()
    for (const { name, stream, dead } of this.#world.members) {
      if (!stream || dead) {
        this.#world.violation(`${name} is not there`)
        continue
      }
      secrets.add(this.#world.groups.secretOf(stream.group))
      const { cursor, rows, pending, blocked } = stream
      // What all others were told that they cannot have is kept: nobody can confirm it before the relay begins anew.
      const isLost = (at: Cursor) => this.#isBeforeAllBut(name, at) || this.#missedByAllBut(name, [at])
      const waiting = rows.filter(({ refused, ordered }) => !refused && !(ordered && isLost(ordered)))
      const there = cursor.inc === inc && cursor.seq === seq && stream.epoch === epoch
      if (!there) {
        this.#world.violation(
          `${name} stands at ${JSON.stringify(cursor)} in ${stream.epoch}, not at ${inc} ${seq} in ${epoch}`,
        )
      }
      if (waiting.length > 0) {
        const row = { ...waiting[0]!, content: '', sealed: waiting[0]!.sealed?.epoch }
        this.#world.violation(`${name} still has ${waiting.length} rows: ${JSON.stringify(row)}`)
      }
      if (pending || blocked) {
        this.#world.violation(`${name} is not free: ${JSON.stringify({ pending: pending?.id, blocked })}`)
      }
    }
    if (secrets.size !== 1) this.#world.violation(`the devices are in ${secrets.size} groups`)
  }

  /** Where the relay ordered each content. */
  #ordered(): Map<string, Cursor[]> {
    const ordered = new Map<string, Cursor[]>()
    for (const { ct, inc, seq } of this.#world.relay.history) {
      const told = this.#world.groups.told(ct)
      if (told?.type !== 'application') continue
      const { id } = JSON.parse(fromUtf8(told.content)!) as Content
      ordered.set(id, [...(ordered.get(id) ?? []), { inc, seq }])
    }
    return ordered
  }

  /** Nothing twice, and the words of each sender in the order of its saying. */
  #checkOrder({ name, log }: SimDevice<G>, ordered: ReadonlyMap<string, Cursor[]>): void {
    const last = new Map<string, number>()
    const ids = new Set<string>()
    for (const { sender, id, index } of log) {
      if (ids.has(id)) this.#world.violation(`${name} has ${id} twice`)
      ids.add(id)
      // What a device has missed and what was refused may come late, when the sender tries again.
      const late = this.#retried.has(id) || ordered.get(id)?.some((at) => this.#wasMissed(name, at))
      if (late || sender === name || (this.#plan.lies && (this.#alarmed.has(name) || this.#jumps.has(name)))) continue
      if (index <= (last.get(sender) ?? -1)) this.#world.violation(`${name} has ${id} out of order`)
      last.set(sender, index)
    }
  }

  /** Everything that the relay ordered is applied, as it was ordered, but for what a device was told that it missed. */
  #checkComplete(device: SimDevice<G>): void {
    if (device.rejoining) return
    const wrong = this.#world.relay.history.filter((at) => {
      const applied = device.applied(at.inc, at.seq)
      return applied ? applied.what !== this.#world.numberOf(at.ct) : !this.#wasMissed(device.name, at)
    })
    if (wrong.length > 0) this.#world.violation(`${device.name} lacks ${wrong.map(({ inc, seq }) => `${inc}/${seq}`)}`)
  }

  /** What was acknowledged is not lost, unless those who would have it were told that they cannot. */
  #checkKept(device: SimDevice<G>, ordered: ReadonlyMap<string, Cursor[]>): void {
    if (device.rejoining) return
    const refused = new Set<string>(device.stream?.rows.map((row) => (row.refused ? row.id : '')))
    for (const { sender, id } of device.log) {
      if (sender !== device.name || refused.has(id)) continue
      if (!ordered.has(id)) this.#world.violation(`${id} was never ordered`)
      const others = [...this.#world.devices.values()].filter((other) => other !== device)
      const heard = others.some((other) => other.log.some((entry) => entry.id === id))
      const missed = this.#missedByAllBut(device.name, ordered.get(id) ?? [])
      const { until } = this.#said.get(id)!
      if (!heard && until === 'confirmed' && !missed) this.#world.violation(`nobody has ${id}`)
    }
  }

  /** Whether the device was told that it cannot have what stands there. */
  #wasMissed(name: string, at: Cursor): boolean {
    return this.#jumps.get(name)?.some(({ from, to }) => liesBetween(at, from, to)) ?? false
  }

  #isBeforeAllBut(sender: string, at: Cursor): boolean {
    const start = { inc: 'life0', seq: 0 } as Cursor
    const others = this.#world.members.map(({ name }) => name).filter((name) => name !== sender)
    return others.every((name) => this.#jumps.get(name)?.some(({ to }) => liesBetween(at, start, to)))
  }

  #missedByAllBut(sender: string, at: readonly Cursor[]): boolean {
    const others = this.#world.members.map(({ name }) => name).filter((name) => name !== sender)
    return others.every((name) => at.every((one) => this.#wasMissed(name, one)))
  }
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = bytes.indexOf(part[0]!); at >= 0; at = bytes.indexOf(part[0]!, at + 1)) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return true
  }
  return false
}

function isCommit({ how }: { how: string }): boolean {
  return how === 'committed' || how === 'adopted'
}

/** Lives of the simulated relay are numbered, and its sequence numbers rise through all of them. */
function liesBetween(at: { inc: string; seq: number }, from: Cursor, to: Cursor): boolean {
  const life = (inc: string) => Number(inc.slice(4))
  const after = life(at.inc) > life(from.inc) || (at.inc === from.inc && at.seq > from.seq)
  const before = life(at.inc) < life(to.inc) || (at.inc === to.inc && at.seq <= to.seq)
  return after && before
}
