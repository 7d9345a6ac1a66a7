/** What one simulated KME answers to one authenticated request (ETSI GS QKD 014 V1.1.1), without the network. */
import { type KeyId, type KeyRequest, parseKeyId, parseKeyIds, parseKeyRequest } from '@qsec/qkd'
import type { Pool, PooledKey } from './pool.ts'

export interface KmeLimits {
  keySizeBits: number
  minKeySizeBits: number
  maxKeySizeBits: number
  maxKeyCount: number
  maxKeysPerRequest: number
  maxAdditionalSlaves: number
  /** Refuses optional parameters that it does not know, where the standard lets it ignore them. */
  refuseUnhandledOptional: boolean
}

/** One of the two, and what it knows of the other. */
export interface KmeView {
  kmeId: string
  peerKmeId: string
  /** Ids of the SAEs that this KME serves. */
  saes: ReadonlySet<string>
  peerSaes: ReadonlySet<string>
  limits: KmeLimits
  pool: Pool
}

export interface KmeCall {
  /** From the certificate of the caller. */
  saeId: string
  method: string
  /** Path and query. */
  url: string
  body: string
}

export type CallName = 'status' | 'enc_keys' | 'dec_keys'

export type KmeReply =
  | { status: 200; json: Record<string, unknown> }
  | { status: 200; keys: PooledKey[] }
  | { status: 400 | 404 | 405 | 503; message: string }
  | { status: 401 }

const refused = (message: string): KmeReply => ({ status: 400, message })

export function answerCall(kme: KmeView, call: KmeCall): KmeReply {
  if (!kme.saes.has(call.saeId)) return { status: 401 }
  const route = routeOf(call.url)
  if (!route) return { status: 404, message: 'no such resource' }
  const methods = route.name === 'status' ? ['GET'] : ['GET', 'POST']
  if (!methods.includes(call.method)) return { status: 405, message: 'method not allowed' }
  switch (route.name) {
    case 'status':
      return statusOf(kme, call.saeId, route.saeId)
    case 'enc_keys':
      return encKeys(kme, call, route)
    case 'dec_keys':
      return decKeys(kme, call, route)
  }
}

interface Route {
  name: CallName
  /** The other SAE, from the path. */
  saeId: string
  query: URLSearchParams
}

export function routeOf(url: string): Route | undefined {
  const [path = '', query = ''] = url.split('?')
  const match = /^\/api\/v1\/keys\/([^/]+)\/(status|enc_keys|dec_keys)$/.exec(path)
  if (!match) return undefined
  try {
    return {
      name: match[2] as CallName,
      saeId: decodeURIComponent(match[1]!),
      query: new URLSearchParams(query),
    }
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function statusOf(kme: KmeView, master: string, slave: string): KmeReply {
  if (!kme.peerSaes.has(slave)) return refused('slave_SAE_ID is not known')
  const { limits } = kme
  return {
    status: 200,
    json: {
      source_KME_ID: kme.kmeId,
      target_KME_ID: kme.peerKmeId,
      master_SAE_ID: master,
      slave_SAE_ID: slave,
      key_size: limits.keySizeBits,
      stored_key_count: kme.pool.storedKeyCount,
      max_key_count: limits.maxKeyCount,
      max_key_per_request: limits.maxKeysPerRequest,
      max_key_size: limits.maxKeySizeBits,
      min_key_size: limits.minKeySizeBits,
      max_SAE_ID_count: limits.maxAdditionalSlaves,
      status_extension: { qsec_source: 'simulated' },
    },
  }
}

function encKeys(kme: KmeView, call: KmeCall, route: Route): KmeReply {
  const request = call.method === 'GET' ? requestOfQuery(route.query) : requestOfBody(call.body)
  if (!request) return refused('the request is malformed')
  const { limits } = kme
  const { number = 1, sizeBits = limits.keySizeBits, additionalSlaveSaeIds = [] } = request
  if (sizeBits % 8 !== 0) return refused('size shall be a multiple of 8')
  if (sizeBits < limits.minKeySizeBits || sizeBits > limits.maxKeySizeBits) {
    return refused('size is outside min_key_size to max_key_size')
  }
  if (number > limits.maxKeysPerRequest) return refused('number is above max_key_per_request')
  if (additionalSlaveSaeIds.length > limits.maxAdditionalSlaves) {
    return refused('more additional_slave_SAE_IDs than max_SAE_ID_count')
  }
  const extension = extensionTrouble(request, limits)
  if (extension) return refused(extension)
  const slaves = [route.saeId, ...additionalSlaveSaeIds]
  if (!slaves.every((slave) => kme.peerSaes.has(slave))) return refused('a slave_SAE_ID is not known')
  const keys = kme.pool.take(number, sizeBits, call.saeId, slaves)
  return keys ? { status: 200, keys } : { status: 503, message: 'not enough keys in the pool' }
}

function requestOfQuery(query: URLSearchParams): KeyRequest | undefined {
  const request: KeyRequest = {}
  for (const [name, text] of query) {
    if (!/^[1-9]\d{0,8}$/.test(text) || query.getAll(name).length > 1) return undefined
    if (name === 'number') request.number = Number(text)
    else if (name === 'size') request.sizeBits = Number(text)
    else return undefined
  }
  return request
}

function requestOfBody(body: string): KeyRequest | undefined {
  if (body === '') return {}
  const parsed = parseKeyRequest(body)
  return parsed.ok ? parsed.value : undefined
}

/** The fixed messages of the standard. Of mandatory parameters `qsec_route: direct` can be met, the pair has no other. */
function extensionTrouble({ mandatory = [], optional = [] }: KeyRequest, limits: KmeLimits): string | undefined {
  if (!mandatory.every((parameter) => Object.hasOwn(parameter, 'qsec_route'))) {
    return 'not all extension_mandatory parameters are supported'
  }
  if (!mandatory.every(({ qsec_route }) => qsec_route === 'direct')) {
    return 'not all extension_mandatory request options could be met'
  }
  // Keys are made when they are asked for, so that every greatest age is met.
  const handled = optional.every((parameter) => Object.hasOwn(parameter, 'qsec_max_age'))
  if (limits.refuseUnhandledOptional && !handled) return 'not all extension_optional request options handled'
  return undefined
}

function decKeys(kme: KmeView, call: KmeCall, route: Route): KmeReply {
  const keyIds = call.method === 'GET' ? keyIdOfQuery(route.query) : keyIdsOfBody(call.body)
  if (!keyIds) return refused('the request is malformed')
  if (keyIds.length > kme.limits.maxKeysPerRequest) return refused('more key_IDs than max_key_per_request')
  const fetched = kme.pool.fetch(keyIds, route.saeId, call.saeId)
  if (fetched.ok) return { status: 200, keys: fetched.keys }
  if (fetched.reason === 'not-named') return { status: 401 }
  return refused('one or more keys specified are not found on KME')
}

function keyIdOfQuery(query: URLSearchParams): KeyId[] | undefined {
  const keyId = parseKeyId(query.get('key_ID'))
  return keyId !== undefined && [...query].length === 1 ? [keyId] : undefined
}

function keyIdsOfBody(body: string): KeyId[] | undefined {
  const parsed = parseKeyIds(body)
  return parsed.ok ? parsed.value : undefined
}
