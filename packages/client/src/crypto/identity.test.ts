import { encodeBundle, loginSignedBytes, parseRoomAddress, utf8 } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { ed25519Verify } from './ed25519.ts'
import { hkdfExpand, hkdfExtract, hmacSha512, sha256 } from './hashes.ts'
import {
  closedRoomAddress,
  createDevice,
  createPersonKeys,
  decodeDeviceIdentity,
  decodeInvites,
  deriveInvite,
  encodeDeviceIdentity,
  encodeInvites,
  formatLinkFragment,
  inviteProof,
  joinPublicKeyOf,
  newInvite,
  openGroupId,
  parseLinkFragment,
  personKeysOf,
  signCommitNack,
  signJoin,
  signLogin,
  suiteNumber,
  verifyBundle,
  verifyCommitNack,
  verifyInviteProof,
} from './index.ts'
import { dayMs, nowMs, random } from './test-world.ts'

const room = parseRoomAddress('lobby')!

describe('devices', () => {
  it('[CR55] a device survives its storage, and damaged or foreign bytes make none', async () => {
    const identity = await createDevice({ room, nowMs, random })
    const bytes = encodeDeviceIdentity(identity)
    expect(await decodeDeviceIdentity(bytes)).toEqual(identity)
    expect(await decodeDeviceIdentity(bytes.subarray(0, -1))).toBeUndefined()
    expect(await decodeDeviceIdentity(new Uint8Array([...bytes, 0]))).toBeUndefined()
    const bent = bytes.slice()
    bent[bent.length - 1]! ^= 1
    expect(await decodeDeviceIdentity(bent)).toBeUndefined()
  })

  it('[CR56] a bundle holds for its own keys, device record and room only', async () => {
    const [ana, ben] = [await createDevice({ room, nowMs, random }), await createDevice({ room, nowMs, random })]
    expect(await verifyBundle(ana.bundleBytes, { room })).toMatchObject({ device: ana.device, person: ana.person })
    expect(await verifyBundle(ana.bundleBytes, { room: parseRoomAddress('cellar')! })).toBeUndefined()
    const mixed = encodeBundle({ ...ana.bundle, personKeys: ben.bundle.personKeys })
    expect(await verifyBundle(mixed)).toBeUndefined()
    const moved = encodeBundle({ ...ana.bundle, record: { ...ana.bundle.record, relayAuthKey: random(32) } })
    expect(await verifyBundle(moved)).toBeUndefined()
    for (const length of [0, 1, 100, 2_000, ana.bundleBytes.length - 1]) {
      expect(await verifyBundle(ana.bundleBytes.subarray(0, length)), `${length} bytes`).toBeUndefined()
    }
    expect(await verifyBundle(new Uint8Array([...ana.bundleBytes, 0]))).toBeUndefined()
    for (let at = 0; at < ana.bundleBytes.length; at += 97) {
      const bent = ana.bundleBytes.slice()
      bent[at]! ^= 1
      expect(await verifyBundle(bent), `byte ${at}`).toBeUndefined()
    }
    const second = await createDevice({ room, nowMs, random, personKeys: personKeysOf(ana) })
    expect(second.person).toBe(ana.person)
    expect(second.device).not.toBe(ana.device)
  })

  it('[CR57] a login and a refusal are signed by the keys for just that', async () => {
    const ana = await createDevice({ room, nowMs, random })
    const challenge = { host: 'relay.example', nonce: random(32), socketId: 'abc' }
    const { relayAuthKey } = ana.bundle.record
    const signed = loginSignedBytes(challenge, relayAuthKey, nowMs + 30_000)
    expect(await ed25519Verify(relayAuthKey, signed, await signLogin(ana, challenge, nowMs + 30_000))).toBe(true)
    expect(() => signLogin(ana, { ...challenge, nonce: random(31) }, nowMs)).toThrow(RangeError)
    const refusal = { room, epoch: 3, seq: 9, hash: random(32), reason: 'bad-path' }
    const nack = await signCommitNack(ana, refusal)
    const bundle = (await verifyBundle(ana.bundleBytes))!
    expect(await verifyCommitNack(bundle, refusal, nack)).toBe(true)
    expect(await verifyCommitNack(bundle, { ...refusal, epoch: 4 }, nack)).toBe(false)
  })

  it('[CR58] an address commits to its creator, suite and nonce', async () => {
    const keys = (await createPersonKeys(random)).keys
    const nonce = random(16)
    const { address, groupId } = closedRoomAddress(keys, suiteNumber, nonce)
    expect(address).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(groupId).toHaveLength(16)
    expect(closedRoomAddress(keys, suiteNumber, nonce).address).toBe(address)
    expect(closedRoomAddress(keys, suiteNumber + 1, nonce).address).not.toBe(address)
    expect(closedRoomAddress(keys, suiteNumber, random(16)).address).not.toBe(address)
    expect(closedRoomAddress((await createPersonKeys(random)).keys, suiteNumber, nonce).address).not.toBe(address)
    expect(openGroupId(room, nonce)).toEqual(sha256(utf8('qsec/open/v1'), utf8('lobby'), nonce).slice(0, 16))
  })
})

describe('invites', async () => {
  const keys = (await createPersonKeys(random)).keys
  const { address, groupId } = closedRoomAddress(keys, suiteNumber, random(16))

  it('[CR59] the keys of a link are those of the specification', async () => {
    const secret = random(32)
    const inviteId = sha256(utf8('qsec/invite-id/v1'), secret).slice(0, 16)
    const prk = hkdfExtract(new Uint8Array([...utf8('qsec/link/v1'), ...groupId, ...inviteId]), secret)
    const derived = deriveInvite(address, secret)
    expect(derived.psk).toEqual(hkdfExpand(prk, utf8('mls-psk'), 64))
    expect(derived.pskId).toBe(`qsec-link/1/${address}/${derived.inviteId}`)
    expect(derived.memberProofKey).toEqual(hkdfExpand(prk, utf8('member-proof'), 32))
    const leaf = { signatureKey: random(32), initKey: random(1_216), credential: random(32) }
    const expiry = new Uint8Array(8)
    new DataView(expiry.buffer).setBigUint64(0, BigInt(nowMs))
    const { memberProofKey } = derived
    const mac = hmacSha512(memberProofKey, groupId, inviteId, leaf.signatureKey, leaf.initKey, leaf.credential, expiry)
    expect(inviteProof(address, secret, leaf, nowMs)).toEqual(mac)
    const shown = { inviteId: derived.inviteId, expiresMs: nowMs, proof: mac }
    expect(verifyInviteProof(address, secret, leaf, shown)).toBe(true)
    const others = [
      { ...leaf, signatureKey: random(32) },
      { ...leaf, initKey: random(1_216) },
      { ...leaf, credential: random(32) },
    ]
    for (const other of others) expect(verifyInviteProof(address, secret, other, shown)).toBe(false)
    expect(verifyInviteProof(address, secret, leaf, { ...shown, expiresMs: nowMs + 1 })).toBe(false)
    expect(verifyInviteProof(address, random(32), leaf, shown)).toBe(false)
    const elsewhere = closedRoomAddress(keys, suiteNumber, random(16)).address
    expect(verifyInviteProof(elsewhere, secret, leaf, shown)).toBe(false)
    const challenge = { host: 'relay.example', nonce: random(32), socketId: 'abc' }
    const { joinSignedBytes } = await import('@qsec/protocol')
    const joined = await signJoin(address, secret, challenge, leaf.credential)
    expect(
      await ed25519Verify(
        await joinPublicKeyOf(address, secret),
        joinSignedBytes(challenge, address, leaf.credential),
        joined,
      ),
    ).toBe(true)
    expect(() => deriveInvite(room, secret)).toThrow(RangeError)
  })

  it('[CR60] live invites and link fragments have one spelling', () => {
    const invites = [
      newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link' }),
      newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link', usesLeft: 1 }),
    ]
    const bytes = encodeInvites(invites)
    expect(decodeInvites(bytes)).toEqual(invites)
    expect(decodeInvites(new Uint8Array([...bytes, 0]))).toBeUndefined()
    expect(decodeInvites(bytes.subarray(0, -1))).toBeUndefined()
    expect(decodeInvites(encodeInvites([invites[0]!, invites[0]!]))).toBeUndefined()
    const { secret } = invites[0]!
    const fragment = formatLinkFragment(secret)
    expect(fragment).toMatch(/^v1\.[A-Za-z0-9_-]{43}$/)
    expect(parseLinkFragment(fragment)).toEqual(secret)
    expect(parseLinkFragment(`#${fragment}`)).toEqual(secret)
    for (const bad of ['', '#', 'v2.x', `${fragment}A`, fragment.slice(0, -1), `${fragment.slice(0, -1)}B`]) {
      expect(parseLinkFragment(bad), bad).toBeUndefined()
    }
  })
})
