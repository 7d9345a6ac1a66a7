/**
 * The pages say what the code does: examples parse, code blocks compile and run, and the test vectors of the protocol
 * page follow both from our code and from Node's own cryptography.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import {
  type ClientEventName,
  claimedTags,
  clientEventNames,
  commitNackSignedBytes,
  concatBytes,
  type DeviceId,
  encodeDeviceRecord,
  encodePersonKeys,
  fromBase64Url,
  type Incarnation,
  joinSignedBytes,
  loginSignedBytes,
  type MessageId,
  parseClientEvent,
  parseRefusal,
  parseRelayEvent,
  type RelayEventName,
  refusalCodes,
  relayEventNames,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeEnvelope, type RoomContent } from '../packages/client/src/content.ts'
import { encodeSaid } from '../packages/client/src/conversations/content.ts'
import { groupExtensions } from '../packages/client/src/crypto/extensions.ts'
import {
  closedRoomAddress,
  createDevice,
  createPersonKeys,
  deriveDeviceLink,
  deriveInvite,
  deviceLinkProof,
  encodeDeviceLinkProof,
  encodeInviteProof,
  encodeInvites,
  inviteProof,
  joinPublicKeyOf,
  openGroupId,
  sealForDevice,
  sha256,
  signCommitNack,
  signJoin,
  signLogin,
  suiteNumber,
} from '../packages/client/src/crypto/index.ts'
import { encodeLeaveProofs, signLeave } from '../packages/client/src/crypto/leave-proof.ts'
import { encodeSettings, foundingSettings } from '../packages/client/src/crypto/settings.ts'
import { shareTag, xor } from '../packages/client/src/quantum/pads.ts'
import { encodePairContent } from '../packages/client/src/quantum/pair-content.ts'
import { leafSetHash } from '../packages/client/src/quantum/shares.ts'
import { nextChain } from '../packages/client/src/room/voice.ts'
import { startOfLife, Transcript } from '../packages/client/src/sync/transcript.ts'
import { parseAnswer } from '../packages/client/src/transport/wire.ts'

const root = path.resolve(import.meta.dirname, '..')
const protocolPage = 'docs/protocol.md'

// --- blocks ------------------------------------------------------------------------------------------------------

interface Block {
  page: string
  line: number
  /** What stands behind the opening fence. */
  info: string
  text: string
}

function pages(): string[] {
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  const all = ['README.md', ...docs.map((file) => `docs/${file.replaceAll(path.sep, '/')}`)]
  return all.filter((file) => file.endsWith('.md') && existsSync(path.join(root, file)))
}

function blocksOf(page: string, source: string): Block[] {
  const blocks: Block[] = []
  let open: { info: string; line: number; indent: string; lines: string[] } | undefined
  for (const [i, line] of source.split('\n').entries()) {
    const fence = /^( *)```(.*)$/.exec(line)
    if (!open) {
      if (fence) open = { info: fence[2]!.trim(), line: i + 1, indent: fence[1]!, lines: [] }
    } else if (fence && fence[2]!.trim() === '') {
      blocks.push({ page, line: open.line, info: open.info, text: open.lines.join('\n') })
      open = undefined
    } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
  }
  if (open) throw new Error(`${page}:${open.line}: a code block without an end`)
  return blocks
}

const blocks = pages().flatMap((page) => blocksOf(page, readFileSync(path.join(root, page), 'utf8')))
const examples = blocks.filter(({ info }) => info.startsWith('json '))

// --- JSON --------------------------------------------------------------------------------------------------------

/** Why a JSON example does not hold; undefined where it does. */
function faultOf({ info, text }: Pick<Block, 'info' | 'text'>): string | undefined {
  const [, kind = '', name = ''] = /^json (\w+)(?::(\w+))?$/.exec(info) ?? []
  const value: unknown = JSON.parse(text)
  switch (kind) {
    case 'client':
      if (!clientEventNames.includes(name as ClientEventName)) return `no client event ${name}`
      return failure(parseClientEvent(name as ClientEventName, value))
    case 'relay':
      if (!relayEventNames.includes(name as RelayEventName)) return `no relay event ${name}`
      return failure(parseRelayEvent(name as RelayEventName, value)) ?? lost(value, relayValue(name, value))
    case 'answer': {
      if (!clientEventNames.includes(name as ClientEventName)) return `no client event ${name}`
      const parsed = parseAnswer(name as ClientEventName, value)
      return failure(parsed) ?? lost(value, parsed.ok ? parsed.value : undefined)
    }
    case 'refusal':
      return lost(value, parseRefusal(value))
    case 'content':
      return lost(value, decodeEnvelope(utf8(text)))
    case 'log':
    case 'settings': // held against code in packages/server/src
    case 'vectors':
      return undefined // held against code below
    default:
      return `the fence says neither what it is of nor whose: ${info}`
  }
}

function relayValue(name: string, value: unknown): unknown {
  const parsed = parseRelayEvent(name as RelayEventName, value)
  return parsed.ok ? parsed.value : undefined
}

function failure(parsed: { ok: boolean; message?: string }): string | undefined {
  return parsed.ok ? undefined : (parsed.message ?? 'does not parse')
}

/** Parsers drop unknown fields: an example may show none. */
function lost(shown: unknown, parsed: unknown): string | undefined {
  return canonical(shown) === canonical(parsed) ? undefined : 'does not parse, or shows a field that does not exist'
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

const contentTypes: Record<RoomContent['type'], true> = {
  text: true,
  edit: true,
  delete: true,
  reaction: true,
  typing: true,
  read: true,
  receipt: true,
  names: true,
  leave: true,
  eavesdropper: true,
  'key-exchange-wanted': true,
  'key-ack': true,
  'link-report': true,
  'log-deleted': true,
  compare: true,
  profile: true,
  'profiles-wanted': true,
  'earlier-ask': true,
  'earlier-ask-over': true,
  'earlier-given': true,
}

describe('JSON examples', () => {
  it('[DO1] every example is what its fence says', () => {
    const faults = examples.flatMap((block) => {
      const fault = faultOf(block)
      return fault ? [`${block.page}:${block.line}: ${fault}`] : []
    })
    expect(faults).toEqual([])
  })

  it('[DO2] a wrong example is noticed', () => {
    const wrong: [string, string][] = [
      ['json client:leave', '{"room":"not a room"}'],
      ['json client:leave', '{"room":"lobby","more":1}'],
      ['json client:nothing', '{"room":"lobby"}'],
      ['json relay:commit_stands', '{"room":"lobby"}'],
      ['json relay:join_failed', '{"room":"lobby","code":"a","message":"b","more":1}'],
      ['json answer:hello', '{"ok":true,"version":1}'],
      ['json answer:leave', '{"ok":true,"more":1}'],
      ['json refusal', '{"ok":false,"code":"not-a-code","message":""}'],
      ['json content', '{"content":{"type":"leave"}}'],
      ['json whatever', '{}'],
    ]
    for (const [info, text] of wrong) expect(faultOf({ info, text }), `${info} ${text}`).toBeDefined()
  })

  it('[DO3] every event, answer and content has an example', () => {
    const shown = new Set(examples.filter(({ page }) => page === protocolPage).map(({ info }) => info.slice(5)))
    const wanted = [
      ...clientEventNames.flatMap((name) => [`client:${name}`, `answer:${name}`]),
      ...relayEventNames.map((name) => `relay:${name}`),
      'refusal',
    ]
    expect(wanted.filter((name) => !shown.has(name))).toEqual([])
    const contents = examples.flatMap(({ info, text }) =>
      info === 'json content' ? [decodeEnvelope(utf8(text))?.content?.type] : [],
    )
    expect(Object.keys(contentTypes).filter((type) => !contents.includes(type as RoomContent['type']))).toEqual([])
  })

  it('[DO4] every refusal code and every tag of the room log is named', () => {
    const page = readFileSync(path.join(root, protocolPage), 'utf8')
    const folder = path.join(root, 'packages/server/src/room')
    const sources = readdirSync(folder)
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    const tags = sources.flatMap((source) =>
      [...source.matchAll(/'([A-Z0-9]+_[A-Z0-9_]+|COMMIT)'/g)].map(([, tag]) => tag!),
    )
    expect(tags).toContain('USER_JOIN')
    const names = [...refusalCodes, ...claimedTags, ...tags]
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})

// --- TypeScript --------------------------------------------------------------------------------------------------

const cache = path.join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
/** Inside the repository's packages, so that imports resolve as they do for a reader who installed them. */
const folder = mkdtempSync(path.join(cache, 'docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the compiler says of each source, compiled as a module of its own; empty where all of them hold. */
function compile(sources: Readonly<Record<string, string>>): string {
  const place = mkdtempSync(path.join(folder, 'compile-'))
  const files = Object.entries(sources).map(([name, text]) => {
    writeFileSync(path.join(place, name), text)
    return name
  })
  const config = {
    extends: path.relative(place, path.join(root, 'tsconfig.base.json')),
    compilerOptions: {
      lib: ['es2024', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      declaration: false,
      isolatedDeclarations: false,
      moduleDetection: 'force',
      noUnusedLocals: false,
    },
    files,
  }
  writeFileSync(path.join(place, 'tsconfig.json'), JSON.stringify(config))
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const done = spawnSync(process.execPath, [tsc, '-p', place], { encoding: 'utf8' })
  return done.status === 0 ? '' : `${done.stdout}${done.stderr}`
}

function isTypeScript({ info }: Block): boolean {
  return /^ts( |$)/.test(info)
}

function nameOf({ page, line }: Block): string {
  return `${page.replaceAll(/[/.]/g, '-')}-${line}.mts`
}

describe('TypeScript blocks', () => {
  it('[DO5] every block compiles', { timeout: 60_000 }, () => {
    const sources = Object.fromEntries(blocks.filter(isTypeScript).map((block) => [nameOf(block), block.text]))
    expect(Object.keys(sources).length).toBeGreaterThan(0)
    expect(compile(sources)).toBe('')
  })

  it('[DO6] a block that does not compile is noticed', { timeout: 60_000 }, () => {
    expect(
      compile({ 'wrong.mts': "import { limits } from '@qsec/protocol'\nlimits.messageBytes.nothing()\n" }),
    ).toContain('wrong.mts')
  })

  for (const block of blocks.filter(({ info }) => info === 'ts run')) {
    it(`[DO7] ${block.page}:${block.line} runs`, { timeout: 60_000 }, () => {
      // Node takes no types off below node_modules, so they are taken off here.
      const file = path.join(folder, nameOf(block).replace(/mts$/, 'mjs'))
      writeFileSync(file, stripTypeScriptTypes(block.text))
      execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: 'pipe' })
    })
  }
})

// --- test vectors ------------------------------------------------------------------------------------------------

type Vectors = Record<string, string>

const fill = (length: number, byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(byte)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
/** What is long stands on the page by its hash. */
const shown = (bytes: Uint8Array): string =>
  bytes.length > 1_000 ? `sha256:${createHash('sha256').update(bytes).digest('hex')}` : hex(bytes)
const createdMs = Date.UTC(2026, 0, 1)
const weekMs = 7 * 86_400_000
const host = 'relay.example'
const socketId = 'Vx0bq3rRfm4dXkJZAAAB'
const uuid = '6f0d3a54-5c1e-4e0a-9c7b-2f1d8e4b7a10'
const tagKey = Uint8Array.from({ length: 32 }, (_, i) => i)

async function deviceOfVectors() {
  // The bytes of what a device draws, in its order: Ed25519 and ML-DSA-65 seeds, MLS, relay, name salt, hedge.
  const drawn = [1, 14, 2, 3, 15, 16]
  const random = (length: number) => fill(length, drawn.shift()!)
  const nonce = fill(16, 4)
  const personKeys = await createPersonKeys(random)
  const { address } = closedRoomAddress(personKeys.keys, suiteNumber, nonce)
  const ana = await createDevice({ personKeys, room: address, name: 'Ana', nowMs: createdMs, random })
  return { nonce, personKeys, address, ana }
}

/** The vectors as our code has them. */
async function vectorsOfCode(): Promise<Vectors> {
  const { nonce, personKeys, address, ana } = await deviceOfVectors()
  const { record } = ana.bundle
  const peer = toBase64Url(fill(16, 9)) as string as DeviceId
  const creatorPersonKeys = encodePersonKeys(personKeys.keys)

  const challenge = { host, nonce: fill(32, 6), socketId }
  const secret = fill(32, 5)
  const invite = deriveInvite(address, secret)
  const leaf = { signatureKey: record.mlsSignatureKey, initKey: fill(1_216, 7), credential: ana.credential }
  const expiresMs = createdMs + weekMs
  const proof = inviteProof(address, secret, leaf, expiresMs)
  const leaveSignature = await signLeave(ana, closedRoomAddress(ana.bundle.personKeys, suiteNumber, nonce).groupId)
  const linkKey = fill(32, 17)
  const link = deriveDeviceLink(linkKey)
  const linkProof = deviceLinkProof(link, leaf)
  const live = { id: invite.inviteId, secret, expiresMs, mode: 'link' as const }
  const room = { kind: 'room', address, roomKind: 'closed', creatorPersonKeys, nonce } as const
  const pair = { kind: 'pair', room: address, devices: [ana.device, peer] as [DeviceId, DeviceId] } as const
  const other = toBase64Url(fill(16, 9))
  const persons = [other, ana.person].sort() as [string, string]
  const conversation = { kind: 'conversation', room: address, persons } as const
  const saidId = toBase64Url(fill(16, 15)) as string as MessageId
  const receiptInc = toBase64Url(fill(16, 17)) as string as Incarnation
  const receipt = { type: 'receipt', inc: receiptInc, seq: 2, transcript: fill(32, 19) } as const
  const refusal = { room: address, epoch: 3, seq: 9, hash: fill(32, 10), reason: 'bad-path' }

  const transcript = Transcript.begin(sha256, 7, concatBytes(utf8('qsec/transcript/v1'), fill(64, 8)))
  const transcriptStart = hex(transcript.last)
  const epochStart = concatBytes(utf8('qsec/transcript/v1'), fill(64, 8))
  const life = { inc: toBase64Url(fill(16, 18)) as string as Incarnation, seq: 100 }
  transcript.add(8, utf8('a frame'))
  const leafSet = leafSetHash([ana.device, peer])
  const sealed = xor(fill(32, 11), fill(32, 12))
  const run = fill(16, 13)
  const parties = { sender: ana.device, receiver: peer }
  const tag = shareTag(tagKey, { groupId: fromBase64Url(address)!, uuid, leafSet, ...parties, offset: 0, sealed })

  return {
    personKeys: shown(creatorPersonKeys),
    closedRoomAddress: address,
    openGroupId: hex(openGroupId('lobby' as typeof address, nonce)),
    deviceRecord: hex(encodeDeviceRecord(record)),
    nameCommitment: hex(record.nameCommitment),
    recordSignatureEd25519: hex(ana.bundle.signatures[0]!),
    recordSignatureMlDsa65: shown(ana.bundle.signatures[1]!),
    deviceId: ana.device,
    personFingerprint: ana.person,
    bundle: shown(ana.bundleBytes),
    bundleStart: hex(ana.bundleBytes.subarray(0, 60)),
    credential: hex(ana.credential),
    loginBytes: hex(loginSignedBytes(challenge, record.relayAuthKey, createdMs + 30_000)),
    loginSignature: hex(await signLogin(ana, challenge, createdMs + 30_000)),
    inviteId: invite.inviteId,
    joinPublicKey: hex(await joinPublicKeyOf(address, secret)),
    memberProofKey: hex(invite.memberProofKey),
    psk: hex(invite.psk),
    pskId: invite.pskId,
    metaKey: hex(invite.metaKey),
    joinBytes: hex(joinSignedBytes(challenge, address, ana.credential)),
    joinSignature: hex(await signJoin(address, secret, challenge, ana.credential)),
    inviteProof: hex(proof),
    inviteProofExtension: hex(encodeInviteProof({ inviteId: invite.inviteId, expiresMs, proof })),
    deviceLinkId: link.id,
    deviceLinkSealKey: hex(link.sealKey),
    deviceLinkProofKey: hex(link.proofKey),
    deviceLinkSealed: hex(await sealForDevice(address, linkKey, utf8('{}'), (length) => fill(length, 18))),
    deviceLinkProofExtension: hex(encodeDeviceLinkProof(linkProof)),
    invitesExtension: hex(encodeInvites([live])),
    settingsExtension: hex(encodeSettings({ ...foundingSettings(ana.person, 30), locked: true })),
    leaveSignature: hex(leaveSignature),
    leaveProofs: hex(encodeLeaveProofs([{ leaf: 3, signature: leaveSignature }])),
    roomPurposeExtension: shown(groupExtensions(room, [], foundingSettings(ana.person))[0]!.extensionData),
    pairPurposeExtension: hex(groupExtensions(pair, [], undefined)[0]!.extensionData),
    conversationPurposeExtension: hex(groupExtensions(conversation, [], undefined)[0]!.extensionData),
    commitNackBytes: hex(commitNackSignedBytes(refusal)),
    commitNackSignature: hex(await signCommitNack(ana, refusal)),
    transcriptStart,
    transcriptNext: hex(transcript.last),
    transcriptOfLife: hex(sha256(startOfLife(sha256, epochStart, life))),
    contentChain: nextChain('', utf8('{}')),
    leafSet: hex(leafSet),
    shareTag: hex(tag),
    share: hex(encodePairContent({ type: 'share', share: { uuid, leafSet, sealed, pad: { run, offset: 0, tag } } })),
    bb84Content: hex(encodePairContent({ type: 'bb84', run, message: Uint8Array.of(1, 2, 3) })),
    successorContent: hex(encodePairContent({ type: 'successor', room: address, secret: fill(32, 5) })),
    successorTaken: hex(encodePairContent({ type: 'successor-taken', room: address })),
    note: hex(encodeSaid(saidId, { type: 'note', text: 'hello', atMs: createdMs })),
    receipt: hex(encodeSaid(saidId, receipt)),
    earlierPart: hex(
      encodePairContent({
        ...{ type: 'earlier-part', share: toBase64Url(run), from: 0, total: 1 },
        messages: [
          {
            id: toBase64Url(fill(16, 6)),
            person: toBase64Url(fill(16, 7)),
            name: 'Ben',
            atMs: 1_800_000_000_000,
            text: 'hi',
          },
        ],
      }),
    ),
  }
}

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
/** Before the seed of an ML-DSA-65 key (RFC 9881, the form that holds the seed alone). */
const pkcs8MlDsa65 = Buffer.from('3034020100300b0609608648016503040312042280' + '20', 'hex')

/**
 * The vectors as the page describes them, with Node's cryptography and nothing of ours. A hedged signature cannot be made
 * again with Node, which draws the hedge itself: it is handed in, and has to verify.
 */
function vectorsOfPage(hedgedSignature: Uint8Array): Vectors {
  const cat = (...parts: (Uint8Array | string)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
  const uint = (value: number, bytes: number) => {
    const out = Buffer.alloc(8)
    out.writeBigUInt64BE(BigInt(value))
    return out.subarray(8 - bytes)
  }
  const pre = (k: number, part: Uint8Array | string) => cat(uint(Buffer.from(part).length, k), part)
  const hash = (...parts: (Uint8Array | string)[]) =>
    createHash('sha256')
      .update(cat(...parts))
      .digest()
  const keyOf = (seed: Uint8Array, prefix = pkcs8) =>
    createPrivateKey({ key: cat(prefix, seed), format: 'der', type: 'pkcs8' })
  const publicOf = (seed: Uint8Array) =>
    createPublicKey(keyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-32)
  const postQuantum = createPublicKey(keyOf(fill(32, 14), pkcs8MlDsa65))
  const postQuantumKey = postQuantum.export({ format: 'der', type: 'spki' }).subarray(-1_952)
  const signed = (seed: Uint8Array, bytes: Uint8Array) => sign(null, bytes, keyOf(seed))
  const [person, mls, relay, nonce] = [fill(32, 1), fill(32, 2), fill(32, 3), fill(16, 4)]

  const personKeys = cat(uint(2, 1), uint(1, 2), pre(2, publicOf(person)), uint(2, 2), pre(2, postQuantumKey))
  const groupId = hash('qsec/room/v1', personKeys, uint(83, 2), nonce).subarray(0, 16)
  const address = groupId.toString('base64url')
  const nameCommitment = hash('qsec/name/v1\0', fill(32, 15), pre(2, 'Ana'))
  const record = cat(
    uint(2, 1),
    pre(1, address),
    pre(1, publicOf(mls)),
    pre(1, publicOf(relay)),
    pre(1, nameCommitment),
    uint(createdMs, 8),
    uint(createdMs + 365 * 86_400_000, 8),
  )
  const ofRecord = cat('qsec/device-record/v2 Ed25519+ML-DSA-65\0', personKeys, record)
  const recordSignatureEd25519 = signed(person, ofRecord)
  if (!verify(null, ofRecord, postQuantum, hedgedSignature)) throw new Error('the ML-DSA-65 signature does not hold')
  const bothSignatures = cat(pre(2, recordSignatureEd25519), pre(2, hedgedSignature))
  const bundle = cat(uint(2, 1), pre(2, personKeys), pre(2, record), uint(2, 1), bothSignatures)
  const credential = hash(bundle)
  const deviceId = hash(record).subarray(0, 16).toString('base64url')
  const peer = Buffer.alloc(16, 9).toString('base64url')

  const addressed = cat(pre(2, host), fill(32, 6), pre(1, socketId))
  const login = cat('qsec-relay-auth-v1\0', addressed, publicOf(relay), uint(createdMs + 30_000, 8))
  const secret = fill(32, 5)
  const inviteId = hash('qsec/invite-id/v1', secret).subarray(0, 16)
  const derive = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha512', secret, cat('qsec/link/v1', groupId, inviteId), info, length))
  const proofKey = derive('member-proof', 32)
  const join = cat('qsec-relay-join-v1\0', addressed, pre(1, address), pre(1, credential))
  const expiry = uint(createdMs + weekMs, 8)
  const proof = createHmac('sha512', proofKey)
    .update(cat(groupId, inviteId, publicOf(mls), fill(1_216, 7), credential, expiry))
    .digest()
  const nack = cat(
    'qsec-commit-nack-v1\0',
    pre(1, address),
    pre(1, ''),
    uint(3, 8),
    uint(9, 8),
    pre(1, fill(32, 10)),
    pre(1, 'bad-path'),
  )

  const linkKey = fill(32, 17)
  const linkId = hash('qsec/device-link/v1', linkKey).subarray(0, 16)
  const ofLink = (info: string) => Buffer.from(hkdfSync('sha512', linkKey, 'qsec/device-link/v1', info, 32))
  const linkCipher = createCipheriv('aes-256-gcm', ofLink('seal'), fill(12, 18))
  linkCipher.setAAD(cat('qsec/device-link/v1', pre(1, address), linkId))
  const linkSealed = cat(uint(1, 1), fill(12, 18), linkCipher.update('{}'), linkCipher.final(), linkCipher.getAuthTag())
  const linkProof = createHmac('sha512', ofLink('proof'))
    .update(cat(linkId, publicOf(mls), fill(1_216, 7), credential))
    .digest()

  const transcriptStart = hash('qsec/transcript/v1', fill(64, 8))
  const leafSet = hash([deviceId, peer].sort().join('\n'))
  const sealed = fill(32, 11 ^ 12)
  const tagged = cat(pre(1, groupId), pre(1, uuid), pre(1, leafSet), pre(1, deviceId), pre(1, peer), uint(0, 4))
  const tag = tagOf(cat(tagged, pre(1, sealed)))
  const run = fill(16, 13)

  const leave = signed(mls, cat(Buffer.from('qsec/leave/v1\0'), pre(1, groupId), pre(1, credential)))

  const bytes = {
    personKeys,
    openGroupId: hash('qsec/open/v1', 'lobby', nonce).subarray(0, 16),
    deviceRecord: record,
    nameCommitment,
    recordSignatureEd25519,
    recordSignatureMlDsa65: hedgedSignature,
    bundle,
    bundleStart: bundle.subarray(0, 60),
    credential,
    loginBytes: login,
    loginSignature: signed(relay, login),
    joinPublicKey: publicOf(derive('relay-join', 32)),
    memberProofKey: proofKey,
    psk: derive('mls-psk', 64),
    metaKey: derive('room-meta', 32),
    joinBytes: join,
    joinSignature: signed(derive('relay-join', 32), join),
    inviteProof: proof,
    inviteProofExtension: cat(uint(1, 1), inviteId, expiry, proof),
    deviceLinkSealKey: ofLink('seal'),
    deviceLinkProofKey: ofLink('proof'),
    deviceLinkSealed: linkSealed,
    deviceLinkProofExtension: cat(uint(1, 1), linkId, linkProof),
    invitesExtension: cat(uint(1, 1), uint(1, 1), secret, expiry, uint(0, 1), uint(0, 1)),
    settingsExtension: cat(
      uint(1, 1),
      hash(personKeys).subarray(0, 16),
      uint(0, 1),
      uint(0, 1),
      uint(1, 1),
      uint(30, 2),
    ),
    leaveSignature: leave,
    leaveProofs: cat(uint(1, 1), uint(1, 2), uint(3, 4), leave),
    roomPurposeExtension: cat(uint(1, 1), uint(1, 1), pre(1, address), pre(2, personKeys), nonce),
    pairPurposeExtension: cat(uint(1, 1), uint(2, 1), pre(1, address), pre(1, deviceId), pre(1, peer)),
    conversationPurposeExtension: cat(
      uint(1, 1),
      uint(3, 1),
      pre(1, address),
      fill(16, 9),
      hash(personKeys).subarray(0, 16),
    ),
    commitNackBytes: nack,
    commitNackSignature: signed(mls, nack),
    transcriptStart,
    transcriptNext: hash(transcriptStart, uint(8, 8), hash('a frame')),
    transcriptOfLife: hash('qsec/transcript/v1/life', transcriptStart, pre(1, toBase64Url(fill(16, 18))), uint(100, 8)),
    leafSet,
    shareTag: tag,
    share: cat(uint(2, 1), pre(1, uuid), leafSet, sealed, uint(1, 1), run, uint(0, 4), tag),
    bb84Content: cat(uint(1, 1), run, pre(4, Uint8Array.of(1, 2, 3))),
    successorContent: cat(uint(4, 1), groupId, secret),
    successorTaken: cat(uint(5, 1), groupId),
    note: cat(uint(1, 1), fill(16, 15), uint(2, 1), uint(createdMs, 8), pre(4, 'hello')),
    receipt: cat(uint(1, 1), fill(16, 15), uint(1, 1), fill(16, 17), uint(2, 8), pre(1, fill(32, 19))),
    earlierPart: cat(
      ...[uint(18, 1), run, uint(0, 1), uint(1, 1), uint(1, 1), Buffer.alloc(16, 6), uint(16, 1), Buffer.alloc(16, 7)],
      ...[uint(3, 1), utf8('Ben'), uint(1_800_000_000_000, 8), uint(2, 4), utf8('hi')],
    ),
  }
  return {
    ...Object.fromEntries(Object.entries(bytes).map(([key, value]) => [key, shown(value)])),
    closedRoomAddress: address,
    deviceId,
    personFingerprint: hash(personKeys).subarray(0, 16).toString('base64url'),
    inviteId: inviteId.toString('base64url'),
    deviceLinkId: linkId.toString('base64url'),
    pskId: `qsec-link/1/${address}/${inviteId.toString('base64url')}`,
    contentChain: hash(pre(1, ''), hash('{}')).toString('base64url'),
  }
}

/** The one-time tag of `text` under `tagKey`, with the field written out in whole numbers. */
function tagOf(text: Uint8Array): Buffer {
  const numberOf = (bytes: Uint8Array) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse()) || '0'}`)
  const point = numberOf(tagKey.subarray(0, 16))
  const times = (a: bigint) => {
    let product = 0n
    for (let i = 0n; i < 128n; i++) if ((point >> i) & 1n) product ^= a << i
    for (let i = 255n; i >= 128n; i--) if ((product >> i) & 1n) product ^= (1n << i) | (0x87n << (i - 128n))
    return product
  }
  const data = Array.from({ length: Math.ceil(text.length / 16) }, (_, i) =>
    numberOf(text.subarray(16 * i, 16 * i + 16)),
  )
  const all = [BigInt(text.length), ...data]
  const hashed = [...all, BigInt(all.length)].reduce((acc, block) => times(acc ^ block), 0n)
  const tag = hashed ^ numberOf(tagKey.subarray(16))
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse()
}

describe('test vectors', () => {
  const onPage = blocks.filter(({ info }) => info === 'json vectors').map(({ text }) => JSON.parse(text) as Vectors)[0]!

  it('[DO8] the code gives what the page shows', async () => {
    expect(await vectorsOfCode()).toEqual(onPage)
  })

  it('[DO9] so does what the page describes, without the code', async () => {
    const described = vectorsOfPage((await deviceOfVectors()).ana.bundle.signatures[1]!)
    for (const [key, value] of Object.entries(onPage)) expect(described[key], key).toBe(value)
    expect(Object.keys(described).sort()).toEqual(Object.keys(onPage).sort())
  })

  it('[DO10] the examples are of the same device and the same link', () => {
    const joins = examples.filter(({ info }) => info === 'json client:join').map(({ text }) => JSON.parse(text))
    const text = (key: string) => Buffer.from(onPage[key]!, 'hex').toString('base64url')
    expect(joins[0].login).toMatchObject({ bundle: text('bundleStart'), signature: text('loginSignature') })
    expect(joins[0].create.joinKeys).toEqual([text('joinPublicKey')])
    expect(joins[1].proof).toEqual({ joinKey: text('joinPublicKey'), signature: text('joinSignature') })
    for (const { info, text: json } of examples) {
      if (/(offer_link|take_link|link_taken)$/.test(info) && 'id' in JSON.parse(json)) {
        expect(JSON.parse(json).id).toBe(onPage.deviceLinkId)
      }
    }
    const nack = examples.find(({ info }) => info === 'json client:commit_nack')!
    expect(JSON.parse(nack.text).signature).toBe(text('commitNackSignature'))
    const contents = examples.flatMap(({ info, text: json }) =>
      info === 'json content' ? [decodeEnvelope(utf8(json))!] : [],
    )
    const names = contents.flatMap(({ content }) => (content?.type === 'names' ? content.names : []))
    expect(names).toEqual([{ device: onPage.deviceId, name: 'Ana', salt: toBase64Url(fill(32, 15)) }])
    expect(contents.find(({ receipt }) => receipt?.transcript)?.receipt?.transcript).toBe(text('transcriptStart'))
  })
})
