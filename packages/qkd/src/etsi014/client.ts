/** The client (SAE) of ETSI GS QKD 014 V1.1.1, over an HTTP port with mutual TLS in it. */
import type { KeyLabel } from '../session/result.ts'
import { BackOff } from './back-off.ts'
import {
  canonicalKeyId,
  encodeKeyIds,
  encodeKeyRequest,
  eraseAll,
  hasRepeats,
  type KeyId,
  type KeyRequest,
  type KmeStatus,
  parseErrorMessage,
  parseKeyContainer,
  parseStatus,
} from './messages.ts'
import type { HttpAnswer, HttpPort, HttpRequest, UsedKeyIds } from './ports.ts'
import { DeliveredKey, type KeysResult, type KmeFailure, type LostKeys, type StatusResult } from './results.ts'
import { isEntityId } from './wire.ts'

export interface Etsi014Options {
  http: HttpPort
  /** Our id, which the KME reads from our certificate. */
  saeId: string
  /** The pinned id of our KME. */
  kmeId: string
  used: UsedKeyIds
  /** What the operator calls keys of this KME; `simulated` if nothing is said, or if the KME itself says so. */
  label?: KeyLabel
  /** Numbers in [0, 1), for the waits after 503 and 429. */
  jitter: () => number
  /** Resolves after so long; between tries of *Get status*. */
  waitMs: (ms: number) => Promise<void>
}

interface CallOptions {
  /** POST even where the standard allows GET. */
  post?: boolean
}

type Body = { ok: true; body: string } | { ok: false; failure: KmeFailure }

const statusTries = 3
const nothingLost: LostKeys = { count: 0, keyIds: [] }
const notFoundMessage = 'one or more keys specified are not found on KME'

export class Etsi014Client {
  readonly #options: Etsi014Options
  readonly #backOff: BackOff
  readonly #statusOf = new Map<string, KmeStatus>()
  #saidSimulated = false

  constructor(options: Etsi014Options) {
    this.#options = options
    this.#backOff = new BackOff(options.jitter)
  }

  /** *Get status*: uses nothing up, so it alone is tried again by itself, three times at most. */
  async status(slaveSaeId: string): Promise<StatusResult> {
    for (let tried = 1; ; tried++) {
      const result = await this.#statusOnce(slaveSaeId)
      if (result.ok || tried === statusTries) return result
      const { failure } = result
      if (failure.reason === 'busy') await this.#options.waitMs(failure.retryAfterMs)
      else if (failure.reason === 'lost' || failure.reason === 'unreachable') {
        await this.#options.waitMs(this.#backOff.afterBusyMs())
      } else return result
    }
  }

  /**
   * *Get key*, as master. Sent once: after `lost` keys may be gone from the pool, so ask anew for others. Asks for the
   * status of this slave first if it is not known yet, for the limits.
   *
   * @param request - `sizeBits` a multiple of 8; default the KME's own
   */
  async getKeys(slaveSaeId: string, request: KeyRequest & CallOptions = {}): Promise<KeysResult> {
    const { post = false, ...asked } = request
    const number = asked.number ?? 1
    if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`getKeys: number ${number}`)
    checkSize(asked.sizeBits)
    const known = this.#statusOf.get(slaveSaeId)
    const limits = known ? ({ ok: true, status: known } as const) : await this.status(slaveSaeId)
    if (!limits.ok) return limits
    const sizeBits = asked.sizeBits ?? limits.status.keySizeBits
    const tooMuch = outOfLimits(limits.status, number, sizeBits, asked.additionalSlaveSaeIds?.length ?? 0)
    if (tooMuch) return failed({ reason: 'out-of-limits', what: tooMuch })

    const lost = { count: number, keyIds: [] }
    const answer = await this.#call(keyRequest(slaveSaeId, { ...asked, number, sizeBits }, post), lost)
    if (!answer.ok) return answer
    return this.#take(answer.body, number, sizeBits, undefined)
  }

  /**
   * *Get key with key IDs*, as slave: the keys in the order of `keyIds`. Sent once: every failure with `lost` in it names
   * ids that may be gone, which count as used from then on and have to be reported to the master.
   *
   * @param keyIds - from the master; different ones, at least one
   * @param options - `sizeBits` as agreed with the master
   */
  async getKeysById(
    masterSaeId: string,
    keyIds: readonly KeyId[],
    options: CallOptions & { sizeBits: number },
  ): Promise<KeysResult> {
    if (keyIds.length === 0 || hasRepeats(keyIds)) throw new RangeError('getKeysById: no key_ID, or one twice')
    checkSize(options.sizeBits)
    const before = await this.#usedAmong(keyIds)
    if (before.length > 0) return failed({ reason: 'already-used', keyIds: before })

    const lost = { count: keyIds.length, keyIds }
    const answer = await this.#call(keyIdsRequest(masterSaeId, keyIds, options.post ?? false), lost)
    const result = answer.ok ? await this.#take(answer.body, keyIds.length, options.sizeBits, keyIds) : answer
    if (!result.ok) {
      const { failure } = result
      if (failure.reason === 'refused' && failure.message === notFoundMessage) {
        return failed({ reason: 'key-not-found', keyIds })
      }
      if ('lost' in failure) await this.#options.used.add(keyIds.map(canonicalKeyId))
    }
    return result
  }

  async #statusOnce(slaveSaeId: string): Promise<StatusResult> {
    const path = `${pathOf(slaveSaeId)}/status`
    const answer = await this.#call({ method: 'GET', path }, nothingLost)
    if (!answer.ok) return answer
    const parsed = parseStatus(answer.body)
    if (!parsed.ok) return malformed(parsed.what, nothingLost)
    const { sourceKmeId, masterSaeId, slaveSaeId: saidSlave } = parsed.value
    if (sourceKmeId !== this.#options.kmeId) return malformed('source_KME_ID is not the pinned one', nothingLost)
    if (masterSaeId !== this.#options.saeId) return malformed('master_SAE_ID is not ours', nothingLost)
    if (saidSlave !== slaveSaeId) return malformed('slave_SAE_ID is not the one asked for', nothingLost)
    this.#statusOf.set(slaveSaeId, parsed.value)
    return { ok: true, status: parsed.value }
  }

  /** From the text of a container to keys that nobody has used: all of them, or none and all bytes erased. */
  async #take(
    text: string,
    number: number,
    sizeBits: number,
    wanted: readonly KeyId[] | undefined,
  ): Promise<KeysResult> {
    const lost: LostKeys = { count: number, keyIds: wanted ?? [] }
    const parsed = parseKeyContainer(text, { number, sizeBits })
    if (!parsed.ok) return malformed(parsed.what, lost)
    const { keys, saysSimulated } = parsed.value
    const byId = new Map(keys.map((key) => [canonicalKeyId(key.keyId), key]))
    const order = (wanted ?? keys.map(({ keyId }) => keyId)).map(canonicalKeyId)
    if (!order.every((keyId) => byId.has(keyId))) {
      eraseAll(keys)
      return malformed('a key_ID that was not asked for', lost)
    }
    let kept = false
    try {
      // Kept before it is handed out: after a crash a key may be lost, never used twice.
      kept = await this.#options.used.add(order)
    } finally {
      if (!kept) eraseAll(keys)
    }
    if (!kept) return failed({ reason: 'reused', lost })
    this.#saidSimulated ||= saysSimulated
    const label = this.#saidSimulated ? 'simulated' : (this.#options.label ?? 'simulated')
    return { ok: true, keys: order.map((keyId) => new DeliveredKey(keyId, label, byId.get(keyId)!.bytes)) }
  }

  /** @param lost - what may be gone if the answer does not come or cannot be read */
  async #call(request: HttpRequest, lost: LostKeys): Promise<Body> {
    const answer = await this.#options.http(request)
    if ('failed' in answer) {
      if (answer.failed === 'lost') return failed({ reason: 'lost', lost })
      return failed({ reason: answer.failed === 'untrusted' ? 'untrusted' : 'unreachable' })
    }
    const { status } = answer
    if (status === 503 || status === 429) {
      return failed({ reason: 'busy', status, retryAfterMs: this.#backOff.afterBusyMs() })
    }
    this.#backOff.answered()
    if (status === 200) {
      return isJson(answer) ? { ok: true, body: answer.body } : malformed('the body is not called JSON', lost)
    }
    if (status === 401) return failed({ reason: 'unauthorised' })
    if (status === 404 && request.path.includes('/dec_keys')) {
      return failed({ reason: 'key-not-found', keyIds: lost.keyIds })
    }
    const message = status === 400 && isJson(answer) ? parseErrorMessage(answer.body) : undefined
    if (message?.ok) return failed({ reason: 'refused', message: message.value })
    return failed({ reason: 'non-conforming', status, lost })
  }

  async #usedAmong(keyIds: readonly KeyId[]): Promise<KeyId[]> {
    const used: KeyId[] = []
    for (const keyId of keyIds) if (await this.#options.used.has(canonicalKeyId(keyId))) used.push(keyId)
    return used
  }
}

function pathOf(saeId: string): string {
  if (!isEntityId(saeId)) throw new RangeError('an SAE id has 1 to 256 characters, none of them control characters')
  return `/api/v1/keys/${encodeURIComponent(saeId)}`
}

function keyRequest(slaveSaeId: string, request: KeyRequest, post: boolean): HttpRequest {
  const path = `${pathOf(slaveSaeId)}/enc_keys`
  const { additionalSlaveSaeIds, mandatory, optional } = request
  if (post || additionalSlaveSaeIds || mandatory || optional) {
    return { method: 'POST', path, body: encodeKeyRequest(request) }
  }
  return { method: 'GET', path: `${path}?number=${request.number}&size=${request.sizeBits}` }
}

function keyIdsRequest(masterSaeId: string, keyIds: readonly KeyId[], post: boolean): HttpRequest {
  const path = `${pathOf(masterSaeId)}/dec_keys`
  if (post || keyIds.length > 1) return { method: 'POST', path, body: encodeKeyIds(keyIds) }
  return { method: 'GET', path: `${path}?key_ID=${keyIds[0]}` }
}

function outOfLimits(status: KmeStatus, number: number, sizeBits: number, slaves: number): string | undefined {
  if (number > status.maxKeysPerRequest) return `at most ${status.maxKeysPerRequest} keys a request`
  if (sizeBits < status.minKeySizeBits) return `at least ${status.minKeySizeBits} bits a key`
  if (sizeBits > status.maxKeySizeBits) return `at most ${status.maxKeySizeBits} bits a key`
  if (slaves > status.maxAdditionalSlaves) return `at most ${status.maxAdditionalSlaves} additional slaves`
  return undefined
}

function checkSize(sizeBits: number | undefined): void {
  if (sizeBits === undefined || (Number.isSafeInteger(sizeBits) && sizeBits > 0 && sizeBits % 8 === 0)) return
  throw new RangeError(`size ${sizeBits}: no multiple of 8 bits`)
}

function isJson({ contentType }: Extract<HttpAnswer, { status: number }>): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType)
}

function failed(failure: KmeFailure): { ok: false; failure: KmeFailure } {
  return { ok: false, failure }
}

function malformed(what: string, lost: LostKeys): { ok: false; failure: KmeFailure } {
  return failed({ reason: 'malformed', what, lost })
}
