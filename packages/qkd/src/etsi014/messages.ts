/** What travels in ETSI GS QKD 014 V1.1.1: Status, Key request, Key IDs, Key container, Error, and their strict parsers. */
import { decodeBase64 } from './base64.ts'
import { isCount, isEntityId, isObject, type JsonObject, type Parsed, parseObject, wrong } from './wire.ts'

/** A UUID as its KME wrote it. Compare by `canonicalKeyId`: the case of its letters means nothing. */
export type KeyId = string & { readonly __type: 'KeyId' }

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function parseKeyId(input: unknown): KeyId | undefined {
  return typeof input === 'string' && uuidShape.test(input) ? (input as KeyId) : undefined
}

export function canonicalKeyId(keyId: KeyId): KeyId {
  return keyId.toLowerCase() as KeyId
}

/** Sizes are in bits. */
export interface KmeStatus {
  sourceKmeId: string
  targetKmeId: string
  masterSaeId: string
  slaveSaeId: string
  keySizeBits: number
  storedKeyCount: number
  maxKeyCount: number
  maxKeysPerRequest: number
  maxKeySizeBits: number
  minKeySizeBits: number
  /** How many additional slaves a request may name; 0 without multicast. */
  maxAdditionalSlaves: number
}

export function parseStatus(text: string): Parsed<KmeStatus> {
  const parsed = parseObject(text)
  if (!parsed.ok) return parsed
  const from = parsed.value
  for (const name of ['source_KME_ID', 'target_KME_ID', 'master_SAE_ID', 'slave_SAE_ID']) {
    if (!isEntityId(from[name])) return wrong(`${name} is no id`)
  }
  const counts = ['stored_key_count', 'max_key_count', 'max_key_per_request', 'max_SAE_ID_count']
  const sizes = ['key_size', 'max_key_size', 'min_key_size']
  for (const name of [...counts, ...sizes]) if (!isCount(from[name])) return wrong(`${name} is no count`)
  const status: KmeStatus = {
    sourceKmeId: from.source_KME_ID as string,
    targetKmeId: from.target_KME_ID as string,
    masterSaeId: from.master_SAE_ID as string,
    slaveSaeId: from.slave_SAE_ID as string,
    keySizeBits: from.key_size as number,
    storedKeyCount: from.stored_key_count as number,
    maxKeyCount: from.max_key_count as number,
    maxKeysPerRequest: from.max_key_per_request as number,
    maxKeySizeBits: from.max_key_size as number,
    minKeySizeBits: from.min_key_size as number,
    maxAdditionalSlaves: from.max_SAE_ID_count as number,
  }
  if (status.keySizeBits === 0 || status.keySizeBits % 8 !== 0) return wrong('key_size is no multiple of 8')
  if (status.minKeySizeBits > status.keySizeBits || status.keySizeBits > status.maxKeySizeBits) {
    return wrong('key_size is outside min_key_size to max_key_size')
  }
  return { ok: true, value: status }
}

/** One parameter of a vendor: an object with one name, such as `{"qsec_route":"direct"}`. */
export type ExtensionParameter = JsonObject

/** The body of *Get key*. All of it optional; `sizeBits` in bits. */
export interface KeyRequest {
  number?: number
  sizeBits?: number
  additionalSlaveSaeIds?: readonly string[]
  mandatory?: readonly ExtensionParameter[]
  optional?: readonly ExtensionParameter[]
}

export function encodeKeyRequest(request: KeyRequest): string {
  return JSON.stringify({
    number: request.number,
    size: request.sizeBits,
    additional_slave_SAE_IDs: request.additionalSlaveSaeIds,
    extension_mandatory: request.mandatory,
    extension_optional: request.optional,
  })
}

export function parseKeyRequest(text: string): Parsed<KeyRequest> {
  const parsed = parseObject(text)
  if (!parsed.ok) return parsed
  const { number, size, additional_slave_SAE_IDs: slaves, extension_mandatory, extension_optional } = parsed.value
  const request: KeyRequest = {}
  if (number !== undefined) {
    if (!isCount(number) || number === 0) return wrong('number is no positive whole number')
    request.number = number
  }
  if (size !== undefined) {
    if (!isCount(size) || size === 0) return wrong('size is no positive whole number')
    request.sizeBits = size
  }
  if (slaves !== undefined) {
    if (!Array.isArray(slaves) || !slaves.every(isEntityId)) return wrong('additional_slave_SAE_IDs is no list of ids')
    request.additionalSlaveSaeIds = slaves
  }
  if (extension_mandatory !== undefined) {
    if (!isParameterList(extension_mandatory)) return wrong('extension_mandatory is no list of parameters')
    request.mandatory = extension_mandatory
  }
  if (extension_optional !== undefined) {
    if (!isParameterList(extension_optional)) return wrong('extension_optional is no list of parameters')
    request.optional = extension_optional
  }
  return { ok: true, value: request }
}

function isParameterList(value: unknown): value is ExtensionParameter[] {
  return Array.isArray(value) && value.every((entry) => isObject(entry) && Object.keys(entry).length === 1)
}

export function encodeKeyIds(keyIds: readonly KeyId[]): string {
  return JSON.stringify({ key_IDs: keyIds.map((keyId) => ({ key_ID: keyId })) })
}

/** The body of *Get key with key IDs*: at least one, none twice. */
export function parseKeyIds(text: string): Parsed<KeyId[]> {
  const parsed = parseObject(text)
  if (!parsed.ok) return parsed
  const list = parsed.value.key_IDs
  if (!Array.isArray(list) || list.length === 0) return wrong('key_IDs is no list of key_ID')
  const keyIds: KeyId[] = []
  for (const entry of list) {
    const keyId = parseKeyId(isObject(entry) ? entry.key_ID : undefined)
    if (keyId === undefined) return wrong('a key_ID is no UUID')
    keyIds.push(keyId)
  }
  return hasRepeats(keyIds) ? wrong('a key_ID comes twice') : { ok: true, value: keyIds }
}

export interface ContainedKey {
  keyId: KeyId
  bytes: Uint8Array
}

export interface KeyContainer {
  keys: ContainedKey[]
  /** The container, or one key in it, says `qsec_source: simulated`. */
  saysSimulated: boolean
}

/**
 * All of the container or nothing of it; the bytes of a refused one are erased.
 *
 * @param expected - how many keys were asked for, and bits of each
 */
export function parseKeyContainer(text: string, expected: { number: number; sizeBits: number }): Parsed<KeyContainer> {
  const parsed = parseObject(text)
  if (!parsed.ok) return parsed
  const { keys: list, key_container_extension: extension } = parsed.value
  if (!Array.isArray(list)) return wrong('keys is no list')
  if (list.length !== expected.number) return wrong('other than the number of keys asked for')
  if (extension !== undefined && !isObject(extension)) return wrong('key_container_extension is no object')
  const keys: ContainedKey[] = []
  let saysSimulated = extension?.qsec_source === 'simulated'
  for (const entry of list) {
    const key = parseContainedKey(entry, expected.sizeBits)
    if (!key.ok) {
      eraseAll(keys)
      return key
    }
    keys.push(key.value)
    saysSimulated ||= key.value.saysSimulated
  }
  if (hasRepeats(keys.map(({ keyId }) => keyId))) {
    eraseAll(keys)
    return wrong('a key_ID comes twice')
  }
  return { ok: true, value: { keys, saysSimulated } }
}

function parseContainedKey(entry: unknown, sizeBits: number): Parsed<ContainedKey & { saysSimulated: boolean }> {
  if (!isObject(entry)) return wrong('a key is no object')
  const keyId = parseKeyId(entry.key_ID)
  if (keyId === undefined) return wrong('a key_ID is no UUID')
  for (const name of ['key_extension', 'key_ID_extension']) {
    if (entry[name] !== undefined && !isObject(entry[name])) return wrong(`${name} is no object`)
  }
  const bytes = typeof entry.key === 'string' ? decodeBase64(entry.key) : undefined
  if (!bytes) return wrong('a key is no Base64')
  if (bytes.length * 8 !== sizeBits) {
    bytes.fill(0)
    return wrong('a key has not the size asked for')
  }
  const saysSimulated = isObject(entry.key_extension) && entry.key_extension.qsec_source === 'simulated'
  return { ok: true, value: { keyId, bytes, saysSimulated } }
}

export function eraseAll(keys: readonly ContainedKey[]): void {
  for (const { bytes } of keys) bytes.fill(0)
}

const maxMessageCharacters = 200

/** The message of an Error, cut and without control characters: it may go on a screen. Details are not read. */
export function parseErrorMessage(text: string): Parsed<string> {
  const parsed = parseObject(text)
  if (!parsed.ok) return parsed
  const { message, details } = parsed.value
  if (typeof message !== 'string') return wrong('message is no text')
  if (details !== undefined && !(Array.isArray(details) && details.every(isObject))) {
    return wrong('details is no list of objects')
  }
  return { ok: true, value: message.slice(0, maxMessageCharacters).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ') }
}

export function hasRepeats(keyIds: readonly KeyId[]): boolean {
  return new Set(keyIds.map(canonicalKeyId)).size !== keyIds.length
}
