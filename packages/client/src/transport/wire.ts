/** Where everything that comes from a relay is checked, whatever carried it. */
import {
  type Answer,
  type ClientEventName,
  type ClientEvents,
  type Parsed,
  parseBundlesAnswer,
  parseDeleteRoomLogsAnswer,
  parseFileWantAnswer,
  parseHelloAnswer,
  parseJoinAnswer,
  parseKeepSealedAnswer,
  parseKeyPackageAnswer,
  parseOrdered,
  parseRefusal,
  parseRelayEvent,
  parseReopenAnswer,
  parseRoomLogsAnswer,
  parseRoomRowsAnswer,
  parseRoomTablesAnswer,
  parseTakeLinkAnswer,
  type RelayEventName,
} from '@qsec/protocol'
import type { RelayEventHandler, TransportState } from '../ports.ts'

/** `{ok: true}` and nothing else that counts. */
const plain = (): Parsed<object> => ({ ok: true, value: {} })

const answerParsers: { [K in ClientEventName]: (input: unknown) => Parsed<ClientEvents[K]['out']> } = {
  hello: parseHelloAnswer,
  join: parseJoinAnswer,
  leave: plain,
  dismiss_request: plain,
  offer_link: plain,
  reopen: parseReopenAnswer,
  take_link: parseTakeLinkAnswer,
  announce_pubkey: plain,
  fetch_bundles: parseBundlesAnswer,
  take_key_package: parseKeyPackageAnswer,
  encrypted_message: parseOrdered,
  bb84_relay: parseOrdered,
  roomkey_share: parseOrdered,
  commit: parseOrdered,
  commit_ack: plain,
  commit_nack: plain,
  keep_sealed: parseKeepSealedAnswer,
  have: plain,
  set_push: plain,
  bb84_meta: plain,
  bb84_session: plain,
  gap_want: plain,
  gap_give: plain,
  file_want: parseFileWantAnswer,
  file_give: plain,
  fetch_room_logs: parseRoomLogsAnswer,
  fetch_room_tables: parseRoomTablesAnswer,
  fetch_room_rows: parseRoomRowsAnswer,
  delete_room_logs: parseDeleteRoomLogsAnswer,
}

export function parseAnswer<K extends ClientEventName>(
  name: K,
  input: unknown,
): Parsed<Answer<ClientEvents[K]['out']>> {
  const refusal = parseRefusal(input)
  if (refusal) return { ok: true, value: refusal }
  if (typeof input !== 'object' || input === null || (input as { ok?: unknown }).ok !== true) {
    return { ok: false, message: 'the answer is neither ok nor a refusal' }
  }
  const parsed = answerParsers[name](input)
  return parsed.ok ? { ok: true, value: { ok: true, ...parsed.value } } : parsed
}

type MalformedHandler = (name: RelayEventName | ClientEventName, message: string) => void

/** Those who listen to one transport. */
export class Listeners {
  readonly #event: RelayEventHandler[] = []
  readonly #malformed: MalformedHandler[] = []
  readonly #state: ((state: TransportState) => void)[] = []
  readonly #awake: (() => void)[] = []

  onEvent(handler: RelayEventHandler): void {
    this.#event.push(handler)
  }
  onMalformed(handler: MalformedHandler): void {
    this.#malformed.push(handler)
  }
  onState(handler: (state: TransportState) => void): void {
    this.#state.push(handler)
  }
  onAwake(handler: () => void): void {
    this.#awake.push(handler)
  }

  /** Hands an event on, if it is well-formed. `done` may be called more than once. */
  event(name: RelayEventName, payload: unknown, done: () => void): void {
    const parsed = parseRelayEvent(name, payload)
    if (parsed.ok) for (const handler of this.#event) handler(name, parsed.value, done)
    else this.malformed(name, parsed.message)
  }

  /** The answer as a caller may have it; undefined, and a word to who listens, where it is malformed. */
  answer<K extends ClientEventName>(name: K, input: unknown): Answer<ClientEvents[K]['out']> | undefined {
    const parsed = parseAnswer(name, input)
    if (parsed.ok) return parsed.value
    this.malformed(name, parsed.message)
    return undefined
  }

  malformed(name: RelayEventName | ClientEventName, message: string): void {
    for (const handler of this.#malformed) handler(name, message)
  }

  awake(): void {
    for (const handler of this.#awake) handler()
  }

  state(state: TransportState): void {
    for (const handler of this.#state) handler(state)
  }
}
