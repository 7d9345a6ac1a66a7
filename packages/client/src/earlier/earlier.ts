/**
 * Messages from before somebody came in, given by a member who agrees (protocol.md §8). A newcomer asks the room, or a
 * member offers; a person presses *Give* or *Accept*; then they travel from device to device, and all in the room are told.
 */
import type { DeviceId } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import type { EarlierContent } from '../quantum/earlier-content.ts'
import type { RoomClient } from '../room-client.ts'
import type { EarlierView, PersonView } from '../snapshot.ts'
import type { EarlierSaid } from './content.ts'
import { Desk, type DeskParts } from './desk.ts'
import { Giver } from './giver.ts'
import { Quotes } from './quotes.ts'
import { Taker } from './taker.ts'
import { EarlierPicture } from './view.ts'

export class Earlier {
  readonly #parts: DeskParts
  readonly #desk: Desk
  readonly #giver: Giver
  readonly #taker: Taker
  readonly #quotes: Quotes
  readonly #picture: EarlierPicture

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#desk = new Desk(parts)
    this.#quotes = new Quotes(parts.core.key('quoted'))
    this.#giver = new Giver(this.#desk)
    this.#taker = new Taker(this.#desk, this.#quotes)
    this.#picture = new EarlierPicture(this.#desk, this.#quotes, this.#giver)
  }

  async load(): Promise<void> {
    await this.#desk.load()
    await this.#quotes.load(this.#parts.core.storage)
    this.#desk.watch()
  }

  view(person: (device: DeviceId) => PersonView): EarlierView {
    return this.#picture.draw(person)
  }

  // --- what the person does --------------------------------------------------------------------------------------

  readonly ask: RoomClient['askForEarlier'] = (count) => this.#taker.ask(count)
  readonly endAsk: RoomClient['endEarlierAsk'] = () => this.#taker.endAsk()
  readonly offer: RoomClient['offerEarlier'] = (device, count) => this.#giver.offer(device, count)
  readonly stopGiving: RoomClient['stopGivingEarlier'] = (device) => this.#giver.stop(device)
  readonly stopTaking: RoomClient['stopTakingEarlier'] = (key) => this.#taker.stop(orderIn(key))
  readonly remove: RoomClient['removeEarlier'] = (key) => this.#taker.remove(orderIn(key))

  readonly answer: RoomClient['answerEarlier'] = (device, yes) => {
    const offered = this.#desk.records.offers.some((one) => one.device === device)
    if (offered) return yes ? this.#taker.accept(device) : this.#taker.decline(device)
    return yes ? this.#giver.give(device) : this.#giver.decline(device)
  }

  // --- what happens ----------------------------------------------------------------------------------------------

  /** Looks whether something is due. */
  consider(): void {
    this.#giver.consider()
    void this.#parts.core.later(() => this.#taker.consider())
  }

  /** Somebody else asks in the room, or takes that back. */
  onSaid(device: DeviceId, said: Exclude<EarlierSaid, { type: 'earlier-given' }>, atMs: number): StorageChange[] {
    return said.type === 'earlier-ask'
      ? this.#giver.onAsk(device, said, atMs)
      : this.#giver.onAskOver(device, said.share)
  }

  /** Somebody, perhaps the person here, gives messages to `to`: all are told, and the ask is answered. */
  onGiven(by: DeviceId, { share, to, count }: Extract<EarlierSaid, { type: 'earlier-given' }>): StorageChange[] {
    const { core } = this.#parts
    return [
      ...this.#giver.onAskOver(to, share),
      ...core.timeline.tell({ type: 'earlier-given', by, to, count }, core.nowMs),
    ]
  }

  /** A member said it on its line with this device. */
  onLine(peer: DeviceId, content: EarlierContent): StorageChange[] {
    switch (content.type) {
      case 'earlier-offer':
        return this.#taker.onOffer(peer, content.share, content.count)
      case 'earlier-accept':
        return this.#giver.onAccept(peer, content.share)
      case 'earlier-part':
        return this.#taker.onPart(peer, content)
      case 'earlier-taken':
        return this.#giver.onTaken(peer, content.share, content.upTo)
      case 'earlier-stop':
        return this.#giver.onStop(peer, content.share) ?? this.#taker.onStop(peer, content.share)
    }
  }
}

function orderIn(key: string): number {
  return Number(key.slice(1))
}
