/**
 * One device in one room: the main path. Frames and wishes go through one queue; what they change is stored first and
 * shown afterwards; what the room needs next (commits, receipts, names, keys) follows from what is stored.
 *
 * Here a room is opened, listens, and is closed. What it hears goes on in `relay-events.ts` and `stream-host.ts`; what its
 * person says and asks, in the parts that `assemble.ts` joins.
 */
import type { RelayEvents } from '@qsec/protocol'
import type { Group } from '../crypto/index.ts'
import type { ClientEnv } from '../entry.ts'
import type { TransportState } from '../ports.ts'
import type { RoomClient } from '../room-client.ts'
import type { RoomSnapshot } from '../snapshot.ts'
import { Stream } from '../sync/stream.ts'
import { assembleRoom } from './assemble.ts'
import type { ClaimedDevice } from './device-store.ts'
import type { RoomParts } from './parts.ts'
import { setPush } from './pushing.ts'
import { onRelayEvent } from './relay-events.ts'
import { decodeStoredGroup } from './room-ops.ts'
import { streamParts } from './stream-host.ts'
import { refIn, type Timeline } from './timeline.ts'

export class Room implements RoomClient {
  readonly #claimed: ClaimedDevice
  readonly #parts: RoomParts
  readonly #listeners = new Set<() => void>()
  #snapshot: RoomSnapshot | undefined
  #notifying = false
  #closing: Promise<void> | undefined

  private constructor(env: ClientEnv, claimed: ClaimedDevice, relayUrl: string) {
    this.#claimed = claimed
    this.#parts = assembleRoom(env, claimed, relayUrl, () => this.#changed())
  }

  /** Opens the room with a claimed device. `founding` is the group that this device made for a room to be created. */
  static async open(env: ClientEnv, claimed: ClaimedDevice, relayUrl: string, founding?: Group): Promise<Room> {
    const room = new Room(env, claimed, relayUrl)
    await room.#load(founding)
    room.#listen()
    return room
  }

  async #load(founding: Group | undefined): Promise<void> {
    const { core, provenance, vanishing, trust, successor, notes, reading, earlier, entrance, links } = this.#parts
    const { quantum, conversations } = this.#parts
    await core.load()
    await this.#parts.attachments.load()
    await vanishing.load()
    await provenance.load()
    await trust.load()
    await successor.load()
    await notes.load()
    await reading.load()
    await earlier.load()
    await entrance.load(founding)
    await links.load()
    await quantum.load()
    await conversations.load()
    if (core.meta.ended) {
      await vanishing.sweep()
      return core.stop()
    }
    core.stream = await Stream.load(streamParts(this.#parts), decodeStoredGroup)
    // Whether it still is inside the relay alone can say. Nothing is sealed before that.
    if (core.stream && !core.stream.fallenOut && !core.stream.group.settings?.ended) {
      core.setPhase({ at: 'connecting', inside: true })
    }
    // Before anything of it is shown.
    await vanishing.sweep()
    await core.store(trust.notice())
  }

  #listen(): void {
    const { core } = this.#parts
    const { transport } = core
    if (core.stopped) {
      core.setPhase({ at: core.meta.removed ? 'removed' : 'ended' })
      return
    }
    transport.onEvent((name, payload, done) => {
      if (name === 'file_want') return this.#parts.attachments.onAsked(payload as RelayEvents['file_want'])
      void core.later(() => onRelayEvent(this.#parts, name, payload)).then(done)
    })
    transport.onState((state) => this.#onState(state))
    transport.onAwake(() => this.#parts.entrance.resume())
    this.#onState(transport.state)
  }

  #onState(state: TransportState): void {
    const { core, entrance, quantum, conversations, catchUp, attachments } = this.#parts
    this.#changed()
    entrance.disconnected()
    if (state === 'connected') core.beside(entrance.connect())
    else {
      core.stream?.disconnected()
      quantum.pairs.disconnected()
      conversations.disconnected()
      catchUp.disconnected()
      attachments.disconnected()
    }
  }

  // --- what applications see -------------------------------------------------------------------------------------

  get snapshot(): RoomSnapshot {
    this.#snapshot ??= this.#parts.picture.draw()
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Listeners hear of many changes at once: after the present turn of the event loop. */
  #changed(): void {
    this.#snapshot = undefined
    if (this.#notifying) return
    this.#notifying = true
    queueMicrotask(() => {
      this.#notifying = false
      for (const listener of this.#listeners) listener()
    })
  }

  // --- what people say -------------------------------------------------------------------------------------------

  send: RoomClient['send'] = (text, more) => this.#parts.speaking.send(text, more)
  attach: RoomClient['attach'] = (files, more) => this.#parts.speaking.attach(files, more)
  fetchFile: RoomClient['fetchFile'] = (key, id) => this.#parts.attachments.fetch(key, id)
  cancelFile: RoomClient['cancelFile'] = (id) => this.#parts.attachments.cancel(id)
  openFile: RoomClient['openFile'] = (key, id) => this.#parts.attachments.open(key, id)
  edit: RoomClient['edit'] = (key, text, mentions) => this.#parts.speaking.edit(key, text, mentions)
  deleteMessage: RoomClient['deleteMessage'] = (key) => this.#parts.speaking.deleteMessage(key)
  react: RoomClient['react'] = (key, sign, on) => this.#parts.speaking.react(key, sign, on)
  tell: RoomClient['tell'] = (device, text, more) => this.#parts.notes.say(device, text, more)
  goOnWithout: RoomClient['goOnWithout'] = () => this.#run(({ catchUp }) => catchUp.skip())
  retry: RoomClient['retry'] = async (key) => {
    if (!(await this.#parts.notes.retry(key))) await this.#parts.speaking.retry(key)
  }
  discard: RoomClient['discard'] = async (key) => {
    if (!(await this.#parts.notes.discard(key))) await this.#parts.speaking.discard(key)
  }
  switchEavesdropper: RoomClient['switchEavesdropper'] = (on) => this.#parts.speaking.switchEavesdropper(on)
  runKeyExchange: RoomClient['runKeyExchange'] = () => this.#parts.speaking.runKeyExchange()

  // --- what was said ---------------------------------------------------------------------------------------------

  showEarlier: RoomClient['showEarlier'] = () => this.#shown((timeline) => timeline.loadEarlier())
  showFrom: RoomClient['showFrom'] = (key) => this.#showFrom(key)
  showLatest: RoomClient['showLatest'] = () => this.#shown((timeline) => timeline.forgetEarlier())

  openSearch: RoomClient['openSearch'] = async (onChange) => {
    const { core, picture } = this.#parts
    const { Search } = await import('../find/search.ts')
    const { timeline, env } = core
    return new Search({ timeline, clock: env.clock, person: (device) => picture.person(device), onChange })
  }
  findDay: RoomClient['findDay'] = async (fromMs, untilMs) => {
    const { firstOfDay } = await import('../find/day.ts')
    return firstOfDay(this.#parts.core.timeline, fromMs, untilMs)
  }

  see: RoomClient['see'] = (key) => this.#parts.reading.see(key)
  keepDraft: RoomClient['keepDraft'] = (draft) => this.#parts.reading.keepDraft(draft)
  typed: RoomClient['typed'] = () => this.#parts.reading.typed()
  chooseNotify: RoomClient['chooseNotify'] = (change) => this.#parts.reading.chooseNotify(change)
  setPush: RoomClient['setPush'] = (endpoint) => setPush(this.#parts.core, endpoint)
  tellAware: RoomClient['tellAware'] = (what, on) => this.#parts.reading.tell(what, on)

  async #showFrom(key: string): Promise<boolean> {
    const { core } = this.#parts
    let way: 'here' | 'further' | 'none' = 'further'
    while (way === 'further') way = await this.#run(() => core.timeline.loadTowards(refIn(key)))
    core.changed()
    return way === 'here'
  }

  #shown<T>(job: (timeline: Timeline) => Promise<T> | T): Promise<T> {
    return this.#run(async ({ core }) => {
      const done = await job(core.timeline)
      core.changed()
      return done
    })
  }

  // --- whom they trust -------------------------------------------------------------------------------------------

  safetyNumber: RoomClient['safetyNumber'] = (device) => this.#parts.trust.safetyNumber(device)
  scan: RoomClient['scan'] = (device, shown) => this.#parts.trust.scan(device, shown)
  confirm: RoomClient['confirm'] = (device, how, matched) => this.#parts.trust.confirm(device, how, matched)
  acceptKeys: RoomClient['acceptKeys'] = (device) => this.#parts.trust.accept(device)
  compare: RoomClient['compare'] = (device) => this.#run(({ trust }) => trust.comparing.ask(device))
  agreeToCompare: RoomClient['agreeToCompare'] = () => this.#run(({ trust }) => trust.comparing.agree())
  answerComparison: RoomClient['answerComparison'] = (matched) =>
    this.#run(({ trust }) => trust.comparing.answer(matched))
  endComparison: RoomClient['endComparison'] = () => this.#run(({ trust }) => trust.comparing.end())
  tellProfile: RoomClient['tellProfile'] = (on) => this.#parts.trust.profiles.tell(on)

  #run<T>(job: (parts: RoomParts) => Promise<T> | T): Promise<T> {
    return this.#parts.core.run(() => job(this.#parts))
  }

  // --- where the keys come from ----------------------------------------------------------------------------------

  epochs: RoomClient['epochs'] = () =>
    this.#run(async ({ core, provenance, picture }) => {
      const { epochViews } = await import('../provenance/view.ts')
      return epochViews(await provenance.all(), core.stream?.epoch ?? -1, (device) => picture.person(device))
    })
  exportEpochs: RoomClient['exportEpochs'] = async () => {
    const { address: room, device, nowMs: madeMs } = this.#parts.core
    const { epochsAsJson } = await import('../provenance/export.ts')
    return epochsAsJson(await this.epochs(), { room, device, madeMs })
  }

  // --- what they ask of the room ---------------------------------------------------------------------------------

  makeInvite: RoomClient['makeInvite'] = (invite) => this.#parts.leading.makeInvite(invite)
  revokeInvite: RoomClient['revokeInvite'] = (id) => this.#parts.leading.revokeInvite(id)
  letIn: RoomClient['letIn'] = (device) => this.#parts.leading.letIn(device)
  turnAway: RoomClient['turnAway'] = (device) => this.#parts.leading.turnAway(device)
  putOut: RoomClient['putOut'] = (device) => this.#parts.leading.putOut(device)
  linkDevice: RoomClient['linkDevice'] = () => this.#parts.leading.linkDevice()
  endDeviceLink: RoomClient['endDeviceLink'] = () => this.#parts.links.end()
  removeDevice: RoomClient['removeDevice'] = (device) => this.#parts.leading.removeDevice(device)
  changeRoom: RoomClient['changeRoom'] = (change) => this.#parts.leading.changeRoom(change)
  setAdmin: RoomClient['setAdmin'] = (device, admin) => this.#parts.leading.setAdmin(device, admin)
  handOver: RoomClient['handOver'] = (device) => this.#parts.leading.handOver(device)
  endRoom: RoomClient['endRoom'] = () => this.#parts.leading.endRoom()
  cancelWish: RoomClient['cancelWish'] = (id) => this.#parts.leading.cancelWish(id)
  noteSuccessor: RoomClient['noteSuccessor'] = (path) => this.#parts.successor.note(path)
  inviteToSuccessor: RoomClient['inviteToSuccessor'] = (device, path) => this.#parts.successor.invite(device, path)

  // --- what was said before somebody came in ---------------------------------------------------------------------

  askForEarlier: RoomClient['askForEarlier'] = (count) => this.#parts.earlier.ask(count)
  endEarlierAsk: RoomClient['endEarlierAsk'] = () => this.#parts.earlier.endAsk()
  offerEarlier: RoomClient['offerEarlier'] = (device, count) => this.#parts.earlier.offer(device, count)
  answerEarlier: RoomClient['answerEarlier'] = (device, yes) => this.#parts.earlier.answer(device, yes)
  stopGivingEarlier: RoomClient['stopGivingEarlier'] = (device) => this.#parts.earlier.stopGiving(device)
  stopTakingEarlier: RoomClient['stopTakingEarlier'] = (block) => this.#parts.earlier.stopTaking(block)
  removeEarlier: RoomClient['removeEarlier'] = (block) => this.#parts.earlier.remove(block)

  // --- what the relay has ----------------------------------------------------------------------------------------

  serverTables: RoomClient['serverTables'] = () => this.#parts.holdings.tables()
  serverRows: RoomClient['serverRows'] = (table, after) => this.#parts.holdings.rows(table, after)
  deleteServerLog: RoomClient['deleteServerLog'] = () => this.#parts.holdings.deleteLog()

  // --- its end ---------------------------------------------------------------------------------------------------

  leave: RoomClient['leave'] = () => this.#parts.goodbye.leave()

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** What was asked for before is stored first. The lock is free once nothing more can be written. */
  async #close(): Promise<void> {
    const { core, membership, quantum, conversations, vanishing, attachments } = this.#parts
    const { queue, transport } = core
    core.closed = true
    membership.close()
    attachments.close()
    transport.close()
    quantum.close()
    conversations.close()
    vanishing.close()
    await queue.idle()
    core.stop()
    await queue.idle()
    this.#claimed.release()
  }
}
