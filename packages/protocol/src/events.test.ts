import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRefusal, refusalCodes } from './answers.ts'
import { fromBase64Url, toBase64Url } from './bytes.ts'
import {
  type ClientEventName,
  type ClientEvents,
  claimedTags,
  clientEventNames,
  parseClientEvent,
} from './client-events.ts'
import { limits } from './limits.ts'
import {
  parseBundlesAnswer,
  parseHelloAnswer,
  parseJoinAnswer,
  parseKeyPackageAnswer,
  parseOrdered,
  parseRelayEvent,
  parseReopenAnswer,
  parseRoomLogsAnswer,
  type RelayEventName,
  relayEventNames,
} from './relay-events.ts'

type Json = Record<string, unknown>
interface Sample {
  value: Json
  /** Dotted paths of the fields that may be missing. */
  optional: string[]
  /** The one field that may be null. */
  nullable?: string
}

const base64 = (bytes: number, byte = 1): string => toBase64Url(new Uint8Array(bytes).fill(byte))
const id = (byte: number): string => base64(16, byte)
const room = 'lobby'
const key32 = base64(32)
const signature = base64(64)
const device = id(2)
const inc = id(3)
const frame = { room, pair: id(4), id: id(5), epoch: 1, n: 0, ct: 'AAEAAg' }
const gapFrame = { seq: 8, event: 'commit', epoch: 1, id: id(5), device, at: 5, ct: 'AAEAAg' }

const clientSamples: Record<ClientEventName, Sample> = {
  hello: { value: { versions: [1, 2] }, optional: [] },
  join: {
    value: {
      room,
      login: { bundle: 'AQAl', expiresMs: 5, signature },
      create: { expected: 3, joinKeys: [key32], token: 'a token' },
      proof: { joinKey: key32, signature },
      inc,
      seq: 7,
      pairs: [{ pair: id(4), inc, seq: 2 }],
    },
    optional: ['login', 'create', 'create.expected', 'create.token', 'proof', 'inc', 'seq', 'pairs'],
  },
  reopen: {
    value: { room, epoch: 5, inc, seq: 9, members: [device], bundles: ['AQAl'], joinKeys: [key32], expected: 5 },
    optional: ['expected'],
  },
  leave: { value: { room }, optional: [] },
  dismiss_request: { value: { room, device }, optional: [] },
  announce_pubkey: {
    value: { room, request: 'AAEABQ', keyPackages: ['AAEABQ'], lastResort: 'AAEABQ' },
    optional: ['request', 'keyPackages', 'lastResort'],
  },
  fetch_bundles: { value: { room, hashes: [key32] }, optional: [] },
  offer_link: { value: { room, id: id(8), sealed: 'AAEAAg' }, optional: ['sealed'] },
  take_link: { value: { room, id: id(8) }, optional: [] },
  take_key_package: { value: { room, device }, optional: [] },
  keep_sealed: { value: { room, days: 14 }, optional: [] },
  have: { value: { room, at: { inc, seq: 7 }, pairs: [{ pair: id(4), inc, seq: 2 }] }, optional: ['at', 'pairs'] },
  set_push: { value: { room, endpoint: 'https://push.example/wpush/v2/abc' }, optional: ['endpoint'] },
  encrypted_message: { value: { ...frame, wakes: true }, optional: ['pair', 'wakes'] },
  bb84_relay: { value: { ...frame, to: device }, optional: [] },
  roomkey_share: { value: { ...frame, to: device }, optional: [] },
  commit: {
    value: {
      room,
      pair: id(4),
      open: { to: device, replaces: id(6) },
      id: id(5),
      epoch: 0,
      ct: 'AAEAAg',
      welcomes: [{ to: [device], ct: 'AAEAAw' }],
      bundles: ['AQAl'],
      removed: [id(7)],
      joinKeys: [key32],
      expected: 5,
      leader: device,
    },
    optional: ['pair', 'open', 'open.replaces', 'joinKeys', 'expected', 'leader'],
    nullable: 'expected',
  },
  commit_ack: { value: { room, pair: id(4), seq: 3 }, optional: ['pair'] },
  commit_nack: {
    value: { room, pair: id(4), seq: 3, epoch: 2, hash: key32, reason: 'bad-path', signature },
    optional: ['pair'],
  },
  bb84_meta: {
    value: { room, tag: 'BB84_INIT', peer: device, pulses: 5, detected: 4, sifted: 3, epoch: 2 },
    optional: ['peer', 'pulses', 'detected', 'sifted', 'epoch'],
  },
  bb84_session: {
    value: { room, peer: device, original: 9, matched: 5, mismatched: 1, qber: 0.5, threshold: 0.11, accepted: false },
    optional: [],
  },
  gap_want: { value: { room, inc, from: 8, to: 12, not: [device] }, optional: ['not'] },
  gap_give: { value: { room, want: id(5), frames: [gapFrame], next: { inc, seq: 9 } }, optional: ['next'] },
  file_want: { value: { room, file: id(9), at: 3, first: device, not: [device] }, optional: ['first', 'not'] },
  file_give: { value: { room, want: id(5), piece: 'AAEAAg' }, optional: ['piece'] },
  fetch_room_logs: { value: { room, since_id: 0, limit: 5 }, optional: ['limit'] },
  fetch_room_tables: { value: { room }, optional: [] },
  fetch_room_rows: { value: { room, table: 'kept_frames', after: [id(4), '7'] }, optional: ['after'] },
  delete_room_logs: { value: { room }, optional: [] },
}

const ordered = { room, pair: id(4), inc, seq: 9, epoch: 1, id: id(5), ct: 'AAEAAg', at: 5 }
const verdict: Sample = { value: { room, pair: id(4), inc, seq: 9, epoch: 1 }, optional: ['pair'] }
const relaySamples: Record<RelayEventName, Sample> = {
  encrypted_message: { value: { ...ordered, device, n: 0 }, optional: ['pair'] },
  bb84_message: { value: { ...ordered, from: device, n: 0 }, optional: [] },
  roomkey_share: { value: { ...ordered, from: device, n: 0 }, optional: [] },
  commit: { value: { ...ordered, device, bundles: ['AQAl'], joined: [device], removed: [id(7)] }, optional: ['pair'] },
  commit_stands: verdict,
  commit_nack: verdict,
  welcome: {
    value: { room, pair: id(4), from: device, inc, seq: 9, epoch: 2, ct: 'AAEAAw' },
    optional: ['pair'],
  },
  user_list: {
    value: { room, members: [{ device, present: true }], waiting: [id(7)], expected: 3, wakes: true },
    optional: ['expected', 'wakes'],
  },
  pubkey_list: {
    value: { room, devices: [{ device, bundle: 'AQAl', request: 'AAEABQ' }] },
    optional: ['devices.0.request'],
  },
  room_logs: { value: { room, logs: [{ id: 1, message: '[USER_JOIN]', created_at: 5 }] }, optional: [] },
  link_taken: { value: { room, id: id(8) }, optional: [] },
  keep_sealed: { value: { room, days: 0 }, optional: [] },
  join_failed: { value: { room, code: 'no-access', message: 'No.' }, optional: [] },
  heartbeat: { value: { room, pair: id(4), inc, seq: 9, epoch: 2 }, optional: ['pair'] },
  gap_want: { value: { room, want: id(5), inc, from: 8, to: 12 }, optional: [] },
  gap_give: {
    value: { room, inc, from: 8, device, frames: [gapFrame], next: { inc, seq: 9 } },
    optional: ['device', 'next'],
  },
  file_want: { value: { room, want: id(5), file: id(9), at: 3 }, optional: [] },
  drain: { value: { in: 700 }, optional: [] },
}

const resumed = { inc, epoch: 1, seq: 9, firstSeq: 1, recovered: true }
const answerSamples: { parse: (input: unknown) => { ok: boolean; message?: string; value?: unknown }; value: Json }[] =
  [
    { parse: parseHelloAnswer, value: { version: 1, nonce: key32 } },
    {
      parse: parseJoinAnswer,
      value: { device, state: 'member', created: false, ...resumed, pairs: [{ pair: id(4), ...resumed }] },
    },
    { parse: parseJoinAnswer, value: { device, state: 'waiting' } },
    { parse: parseOrdered, value: { inc, seq: 9 } },
    { parse: parseRoomLogsAnswer, value: { logs: [{ id: 1, message: '[USER_JOIN]', created_at: 5 }] } },
    { parse: parseBundlesAnswer, value: { bundles: ['AQAl'] } },
    { parse: parseReopenAnswer, value: { lacks: [device] } },
    { parse: parseKeyPackageAnswer, value: { keyPackage: 'AAEABQ', lastResort: true } },
  ]

// --- changing samples --------------------------------------------------------------------------------------------

type Path = (string | number)[]

/** Paths to everything inside `value`, `value` itself (an empty path) included. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...inner.flatMap(([key, one]) => pathsIn(one, [...path, key]))]
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value)
}

/** A copy of `value` with `change` made to what holds the last step of `path`. */
function changed(
  value: Json,
  path: Path,
  change: (holder: Record<string | number, unknown>, key: string | number) => void,
) {
  const copy = structuredClone(value)
  change(at(copy, path.slice(0, -1)) as Record<string | number, unknown>, path.at(-1)!)
  return copy
}

function without(value: Json, path: Path): Json {
  return changed(value, path, (holder, key) => delete holder[key])
}

function replaced(value: Json, path: Path, by: unknown): Json {
  return changed(value, path, (holder, key) => {
    holder[key] = by
  })
}

/** With an own field of that name, as `JSON.parse` makes it: `__proto__` too. */
function extended(value: Json, path: Path, name: string): Json {
  const copy = structuredClone(value)
  const field = { value: { room: 'SECRET' }, enumerable: true, configurable: true, writable: true }
  Object.defineProperty(at(copy, path), name, field)
  return copy
}

/** Values that no field of the kind of `good` takes. */
function wrongFor(good: unknown): unknown[] {
  const others: unknown[] = [null, {}, [], Number.NaN, 'ö'.repeat(2_001)]
  if (typeof good === 'boolean') return [...others, 0, 1, 'true']
  if (typeof good === 'number') return [...others, '1', true, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, 1n]
  if (typeof good === 'string') return [null, {}, [], ['lobby'], Number.NaN, 7, true, new String('lobby')]
  return Array.isArray(good) ? [null, {}, 'x', 7, [null], { length: 0 }] : [null, 'x', 7, true, []]
}

const client = clientEventNames.map((name) => ({ name, ...clientSamples[name] }))
const relay = relayEventNames.map((name) => ({ name, ...relaySamples[name] }))
const strangeNames = ['more', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '']
const marker = 'SECRET-marker-SECRET'

/** Fields by their own name; items of a list are no fields. */
function fieldsOf({ value, optional }: Sample): { path: Path; optional: boolean }[] {
  return pathsIn(value)
    .filter((path) => typeof path.at(-1) === 'string')
    .map((path) => ({ path, optional: optional.includes(path.join('.')) }))
}

describe.each(client)('client event $name', ({ name, value, optional, nullable }) => {
  const parse = (input: unknown) => parseClientEvent(name, input)

  it('[PR22] is taken as it is, with and without what may be missing', () => {
    expect(parse(value)).toEqual({ ok: true, value })
    for (const field of fieldsOf({ value, optional }).filter((one) => one.optional)) {
      const less = without(value, field.path)
      expect(parse(less), field.path.join('.')).toEqual({ ok: true, value: less })
    }
  })

  it('[PR23] is refused without any other field, which the message names', () => {
    for (const field of fieldsOf({ value, optional }).filter((one) => !one.optional)) {
      const parsed = parse(without(value, field.path))
      expect(parsed, field.path.join('.')).toMatchObject({ ok: false })
      expect(!parsed.ok && parsed.message).toContain(field.path.join('.'))
    }
  })

  it('[PR24] is refused with an unknown field at any depth, whatever its name', () => {
    for (const path of pathsIn(value).filter(
      (one) => !Array.isArray(at(value, one)) && Object(at(value, one)) === at(value, one),
    )) {
      for (const stranger of strangeNames) {
        expect(parse(extended(value, path, stranger)).ok, `${path.join('.')} ${stranger}`).toBe(false)
      }
    }
  })

  it('[PR25] is refused with a value of a wrong type at any place', () => {
    for (const path of pathsIn(value).slice(1)) {
      for (const bad of wrongFor(at(value, path))) {
        if (Array.isArray(bad) && bad.length === 0 && Array.isArray(at(value, path))) continue
        if (bad === null && path.join('.') === nullable) continue
        expect(parse(replaced(value, path, bad)).ok, `${path.join('.')}: ${typeof bad} ${String(bad)}`).toBe(false)
      }
    }
    for (const bad of [undefined, null, 7, true, 'x', [], [value], () => value, Symbol('x'), 1n]) {
      expect(parse(bad).ok, String(bad)).toBe(false)
    }
  })

  it('[PR26] says why without saying the value', () => {
    for (const path of pathsIn(value).slice(1)) {
      for (const secret of [marker, [marker], { [`a${path.length}`]: marker }]) {
        const parsed = parse(replaced(value, path, secret))
        if (!parsed.ok) expect(parsed.message).not.toContain(marker)
      }
    }
    expect(parse(marker)).toMatchObject({ ok: false, message: expect.not.stringContaining(marker) })
  })
})

describe('limits of client events', () => {
  const many = (count: number, one: unknown) => Array.from({ length: count }, () => one)
  const ids = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      toBase64Url(Uint8Array.from({ length: 16 }, (__, at) => (at < 2 ? i >> (8 * at) : 0))),
    )
  /** The most that a field takes, and one more. */
  const table: [ClientEventName, Path, most: unknown, more: unknown][] = [
    ['hello', ['versions'], many(16, 1), many(17, 1)],
    ['hello', ['versions', 0], 2 ** 53 - 1, 2 ** 53],
    ['join', ['room'], 'a'.repeat(20), 'a'.repeat(21)],
    ['join', ['login', 'bundle'], base64(limits.bundleBytes), base64(limits.bundleBytes + 1)],
    ['join', ['login', 'signature'], base64(64), base64(65)],
    ['join', ['create', 'expected'], limits.capacity, limits.capacity + 1],
    ['join', ['create', 'expected'], 1, 0],
    ['join', ['create', 'token'], 'a'.repeat(limits.createTokenLength), 'a'.repeat(limits.createTokenLength + 1)],
    ['join', ['create', 'joinKeys'], many(limits.joinKeysPerRoom, key32), many(limits.joinKeysPerRoom + 1, key32)],
    [
      'join',
      ['pairs'],
      many(limits.pairsPerJoin, { pair: id(1), inc, seq: 1 }),
      many(limits.pairsPerJoin + 1, { pair: id(1), inc, seq: 1 }),
    ],
    ['announce_pubkey', ['request'], base64(limits.keyPackageBytes), base64(limits.keyPackageBytes + 1)],
    ['announce_pubkey', ['lastResort'], base64(limits.keyPackageBytes), base64(limits.keyPackageBytes + 1)],
    [
      'announce_pubkey',
      ['keyPackages'],
      many(limits.keyPackagesPerDevice, 'AAEABQ'),
      many(limits.keyPackagesPerDevice + 1, 'AAEABQ'),
    ],
    ['fetch_bundles', ['hashes'], many(limits.devicesPerCommit, key32), many(limits.devicesPerCommit + 1, key32)],
    ['fetch_bundles', ['hashes', 0], base64(32), base64(31)],
    ['encrypted_message', ['ct'], base64(limits.messageBytes), base64(limits.messageBytes + 1)],
    ['encrypted_message', ['ct'], 'AA', ''],
    [
      'set_push',
      ['endpoint'],
      `https://push.example/${'a'.repeat(limits.pushEndpointLength - 21)}`,
      `https://push.example/${'a'.repeat(limits.pushEndpointLength - 20)}`,
    ],
    ['reopen', ['members'], ids(limits.devicesPerRoom), ids(limits.devicesPerRoom + 1)],
    ['reopen', ['bundles'], many(limits.bundlesPerReopen, 'AQAl'), many(limits.bundlesPerReopen + 1, 'AQAl')],
    ['bb84_relay', ['ct'], base64(limits.messageBytes), base64(limits.messageBytes + 1)],
    ['roomkey_share', ['ct'], base64(limits.messageBytes), base64(limits.messageBytes + 1)],
    ['commit', ['ct'], base64(limits.commitBytes), base64(limits.commitBytes + 1)],
    ['commit', ['welcomes', 0, 'ct'], base64(limits.welcomeBytes), base64(limits.welcomeBytes + 1)],
    ['commit', ['welcomes', 0, 'to'], ids(limits.devicesPerCommit), ids(limits.devicesPerCommit + 1)],
    ['commit', ['bundles'], many(limits.devicesPerCommit, 'AQAl'), many(limits.devicesPerCommit + 1, 'AQAl')],
    ['commit', ['removed'], ids(limits.devicesPerCommit), ids(limits.devicesPerCommit + 1)],
    ['commit', ['joinKeys'], many(limits.joinKeysPerRoom, key32), many(limits.joinKeysPerRoom + 1, key32)],
    ['commit', ['expected'], limits.capacity, limits.capacity + 1],
    ['commit', ['expected'], 1, 0],
    ['commit_nack', ['reason'], 'a'.repeat(40), 'a'.repeat(41)],
    ['commit_nack', ['reason'], 'a', 'A'],
    ['bb84_meta', ['tag'], claimedTags[5], 'USER_JOIN'],
    ['bb84_session', ['qber'], 1, 1.000_001],
    ['bb84_session', ['threshold'], 0, -0.000_001],
    ['gap_want', ['not'], ids(limits.gapLiars), ids(limits.gapLiars + 1)],
    ['fetch_room_logs', ['limit'], limits.logLines, limits.logLines + 1],
    ['fetch_room_logs', ['limit'], 1, 0],
  ]

  it.each(table)('[PR27] %s %j: the most is taken, one more is not', (name, path, most, more) => {
    const { value } = clientSamples[name]
    expect(parseClientEvent(name, replaced(value, path, most))).toMatchObject({ ok: true })
    expect(parseClientEvent(name, replaced(value, path, more))).toMatchObject({
      ok: false,
      message: expect.stringContaining(String(path[0])),
    })
  })

  it('[GP1] frames that members hand over are consecutive, and no more than fit in one packet', () => {
    const frames = (count: number, bytes: number, event = 'encrypted_message') =>
      many(count, 0).map((_, i) => ({ ...gapFrame, event, seq: 8 + i, ct: base64(bytes) }))
    const give = (list: unknown) => parseClientEvent('gap_give', { ...clientSamples.gap_give.value, frames: list }).ok
    expect([give([]), give(frames(limits.gapFrames, 8)), give(frames(limits.gapFrames + 1, 8))]).toEqual([
      true,
      true,
      false,
    ])
    expect([give(frames(4, limits.gapBytes / 4)), give(frames(5, limits.gapBytes / 4))]).toEqual([true, false])
    expect([give(frames(1, limits.messageBytes)), give(frames(1, limits.messageBytes + 1))]).toEqual([true, false])
    expect(give(frames(1, limits.commitBytes, 'commit'))).toBe(true)
    expect(give(frames(1, limits.commitBytes + 1, 'commit'))).toBe(false)
    expect(give(frames(3, 8).toReversed())).toBe(false)
    expect(give([...frames(1, 8), ...frames(1, 8)])).toBe(false)
    const given = { ...relaySamples.gap_give.value, frames: frames(3, 8).toReversed() }
    expect(parseRelayEvent('gap_give', given).ok).toBe(false)
  })

  it('[GP1] so many numbers are asked for at a time', () => {
    const want = (from: number, to: number) =>
      parseClientEvent('gap_want', { ...clientSamples.gap_want.value, from, to }).ok
    expect([want(8, 8), want(8, 7 + limits.gapFrames), want(8, 8 + limits.gapFrames), want(8, 7)]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('[PR27] one commit adds so many devices in all, however its Welcomes share them', () => {
    const welcomes = (count: number) => ids(count).map((one) => ({ to: [one], ct: 'AAEAAw' }))
    const parse = (list: unknown) => parseClientEvent('commit', { ...clientSamples.commit.value, welcomes: list })
    const { devicesPerCommit } = limits
    expect(parse(welcomes(devicesPerCommit)).ok).toBe(true)
    const half = { to: ids(devicesPerCommit / 2 + 1), ct: 'AAEAAw' }
    expect(parse([half, half])).toEqual({ ok: false, message: 'welcomes: more devices than one commit may add' })
  })

  it('[PK1] a knock is a join with nothing but a login, at a closed room', () => {
    const closed = id(1)
    const { login, create, proof, pairs } = clientSamples.join.value
    const knock = { room: closed, login, knock: true }
    expect(parseClientEvent('join', knock)).toEqual({ ok: true, value: knock })
    expect(parseClientEvent('join', { room: closed, knock: true }).ok).toBe(true)
    const refused: [Json, string][] = [
      [{ ...knock, room }, 'knock: only at a closed room'],
      [{ ...knock, create }, 'knock: with a login alone'],
      [{ ...knock, proof }, 'knock: with a login alone'],
      [{ ...knock, inc, seq: 7 }, 'knock: with a login alone'],
      [{ ...knock, seq: 7 }, 'knock: with a login alone'],
      [{ ...knock, pairs }, 'knock: with a login alone'],
      [{ ...knock, pairs: [] }, 'knock: with a login alone'],
    ]
    for (const [input, message] of refused) expect(parseClientEvent('join', input)).toEqual({ ok: false, message })
    for (const bad of [false, 1, 'true', null, {}, []]) {
      expect(parseClientEvent('join', { ...knock, knock: bad }).ok, String(bad)).toBe(false)
    }
  })

  it('[PK2] a commit says the capacity from then on, or with null that there is none', () => {
    const parse = (expected: unknown) => parseClientEvent('commit', { ...clientSamples.commit.value, expected })
    for (const good of [1, 1_000, null]) expect(parse(good)).toMatchObject({ ok: true, value: { expected: good } })
    for (const bad of [0, 1_001, 2.5, '3', undefined, [], {}]) expect(parse(bad).ok, String(bad)).toBe(false)
  })

  it('[PR28] bytes have one spelling in every field: what is taken can be decoded', () => {
    const guess = fc.string({ unit: fc.constantFrom(...'AQgwBEz9-_+= '), minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(guess, (ct) => {
        const { ok } = parseClientEvent('encrypted_message', { ...frame, ct })
        return ok === (fromBase64Url(ct) !== undefined)
      }),
      { numRuns: 1_000 },
    )
    for (const [field, bytes] of [
      ['hash', 32],
      ['signature', 64],
    ] as const) {
      const { value } = clientSamples.commit_nack
      const good = base64(bytes)
      for (const last of 'ABQgw') {
        const text = good.slice(0, -1) + last
        const taken = parseClientEvent('commit_nack', { ...value, [field]: text }).ok
        expect(taken, `${field} …${last}`).toBe(fromBase64Url(text) !== undefined)
      }
    }
  })
})

describe.each(relay)('relay event $name', ({ name, value, optional }) => {
  const parse = (input: unknown) => parseRelayEvent(name, input)

  it('[PR29] is taken as it is, with and without what may be missing', () => {
    expect(parse(value)).toEqual({ ok: true, value })
    for (const field of fieldsOf({ value, optional }).filter((one) => one.optional)) {
      const less = without(value, field.path)
      expect(parse(less), field.path.join('.')).toEqual({ ok: true, value: less })
    }
  })

  it('[PR30] loses unknown fields, and takes none by another way in', () => {
    for (const path of pathsIn(value).filter(
      (one) => !Array.isArray(at(value, one)) && Object(at(value, one)) === at(value, one),
    )) {
      for (const stranger of strangeNames) {
        const parsed = parse(extended(value, path, stranger))
        expect(parsed).toEqual({ ok: true, value })
        const holder = at(parsed.ok && parsed.value, path)
        expect(Object.getPrototypeOf(holder)).toBe(Object.prototype)
        expect(Object.hasOwn(holder as object, stranger)).toBe(false)
      }
    }
    expect(({} as Json).room).toBeUndefined()
  })

  it('[PR31] is refused without any other field, and with a wrong type at any place', () => {
    for (const field of fieldsOf({ value, optional }).filter((one) => !one.optional)) {
      expect(parse(without(value, field.path)).ok, field.path.join('.')).toBe(false)
    }
    for (const path of pathsIn(value).slice(1)) {
      for (const bad of wrongFor(at(value, path))) {
        if (Array.isArray(bad) && bad.length === 0 && Array.isArray(at(value, path))) continue
        expect(parse(replaced(value, path, bad)).ok, `${path.join('.')}: ${typeof bad}`).toBe(false)
      }
    }
    for (const bad of [undefined, null, 7, 'x', [], [value]]) expect(parse(bad).ok, String(bad)).toBe(false)
  })

  it('[PR26] is refused without its value being said', () => {
    for (const path of pathsIn(value).slice(1)) {
      const parsed = parse(replaced(value, path, [{ value: marker }, marker]))
      if (!parsed.ok) expect(parsed.message).not.toContain(marker)
    }
  })
})

describe('answers', () => {
  it('[PR32] each is taken, loses unknown fields, and is refused without any of its own', () => {
    for (const { parse, value } of answerSamples) {
      expect(parse({ ok: true, more: 1, ...value })).toEqual({ ok: true, value })
      for (const path of pathsIn(value).filter((one) => typeof one.at(-1) === 'string')) {
        expect(parse(without(value, path)).ok, path.join('.')).toBe(false)
        expect(parse(replaced(value, path, null)).ok, path.join('.')).toBe(false)
      }
      for (const bad of [undefined, null, 'x', []]) expect(parse(bad).ok).toBe(false)
    }
  })

  it('[PR33] a refusal has a known code, and may say where the stream stands', () => {
    for (const code of refusalCodes) {
      const short = { ok: false, code, message: 'No.' }
      const long = { ...short, inc, epoch: 1, seq: 2, n: 3, pair: id(4), needs: 'create-token' }
      expect(parseRefusal(short)).toEqual(short)
      expect(parseRefusal({ ...long, more: 1 })).toEqual(long)
    }
  })

  it('[PR33] anything else is no refusal', () => {
    const good = { ok: false, code: 'no-access', message: 'No.' }
    const bad = [
      { ...good, ok: true },
      { ...good, code: 'maybe' },
      { ...good, code: 'toString' },
      { ...good, message: 7 },
      { ...good, message: 'a'.repeat(1_001) },
      { ...good, epoch: '1' },
      { ...good, pair: 'x' },
      { ...good, needs: 'money' },
      { ok: false },
    ]
    for (const one of [...bad, undefined, null, 'no', []]) expect(parseRefusal(one)).toBeUndefined()
  })
})

describe('both directions', () => {
  const anyJson = fc.jsonValue({ maxDepth: 4 })

  it('[PR34] no parser throws, whatever comes', () => {
    const names = fc.constantFrom(...clientEventNames)
    const anything = fc.oneof(anyJson, fc.anything({ withMap: true, withBigInt: true, withNullPrototype: true }))
    fc.assert(
      fc.property(names, fc.constantFrom(...relayEventNames), anything, (up, down, input) => {
        parseClientEvent(up, input)
        parseRelayEvent(down, input)
        parseRefusal(input)
        for (const { parse } of answerSamples) parse(input)
      }),
    )
    fc.assert(
      fc.property(names, fc.nat(), anything, (name, which, input) => {
        const { value } = clientSamples[name]
        const paths = pathsIn(value).slice(1)
        parseClientEvent(name, replaced(value, paths[which % paths.length]!, input))
      }),
    )
  })

  // A frame that has its place and that nobody can read is a hole at which every receiver would wait.
  it('[PR35] what the relay may take from one device, the others can take from the relay', () => {
    const most = {
      encrypted_message: { ...frame, epoch: 2 ** 53 - 1, n: 2 ** 53 - 1, ct: base64(limits.messageBytes) },
      commit: {
        ...(clientSamples.commit.value as unknown as ClientEvents['commit']['in']),
        ct: base64(limits.commitBytes),
        welcomes: Array.from({ length: limits.devicesPerCommit }, () => ({ to: [device], ct: 'AAEAAw' })),
        bundles: Array.from({ length: 3 }, () => base64(limits.bundleBytes)),
        removed: Array.from({ length: limits.devicesPerCommit }, () => device),
      },
    }
    const message = parseClientEvent('encrypted_message', most.encrypted_message)
    const commit = parseClientEvent('commit', most.commit)
    if (!message.ok || !commit.ok) throw new Error('the relay takes the most')
    const { id: messageId, epoch, n, ct } = message.value
    const common = { room, inc, seq: 2 ** 53 - 1, at: 5 }
    expect(parseRelayEvent('encrypted_message', { ...common, device, id: messageId, epoch, n, ct }).ok).toBe(true)
    expect(
      parseRelayEvent('bb84_message', { ...common, pair: id(4), from: device, id: messageId, epoch, n, ct }).ok,
    ).toBe(true)
    const { welcomes, bundles, removed } = commit.value
    const down = {
      ...common,
      device,
      id: commit.value.id,
      epoch: commit.value.epoch,
      ct: commit.value.ct,
      bundles,
      removed,
    }
    const joined = welcomes.flatMap(({ to }) => to)
    expect(parseRelayEvent('commit', { ...down, joined }).ok).toBe(true)
  })

  it('[PR36] a commit opens a stream of two devices or of two persons, never both, never of nobody or too many', () => {
    const { value } = clientSamples.commit
    const opening = (open: unknown) => parseClientEvent('commit', { ...(value as object), open }).ok
    const devices = Array.from({ length: limits.devicesPerConversation - 1 }, () => device)
    for (const open of [{ to: device }, { devices: [device] }, { devices, replaces: id(6) }]) {
      expect(opening(open)).toBe(true)
    }
    const bad = [
      {},
      { devices: [] },
      { devices: [...devices, device] },
      { devices: [device], to: device },
      { devices: 1 },
    ]
    for (const open of [...bad, { devices: ['x'] }, { devices, persons: [] }, null, []])
      expect(opening(open)).toBe(false)
  })
})
