/** Two simulated KMEs that share a pool, with the certificates of both and of their SAEs. */
import { randomBytes } from 'node:crypto'
import type { KmeLimits, KmeView } from './answer.ts'
import { type Identity, TestAuthority } from './certificates.ts'
import { Pool } from './pool.ts'
import { type RunningKme, startKme } from './server.ts'

export interface KmeSide {
  kmeId: string
  saes: readonly string[]
  /** 0 for any free one. */
  port: number
  /** For tests: a certificate that the SAE has to refuse. */
  certificate?: 'wrong-id' | 'expired'
}

export interface KmePairOptions {
  a: KmeSide
  b: KmeSide
  limits?: Partial<KmeLimits>
  refillKeysPerSecond?: number
  /** Default: the platform's chance. A seeded stream is for tests. */
  random?: (byteLength: number) => Uint8Array
  nowMs?: () => number
}

export interface KmePair {
  a: RunningKme
  b: RunningKme
  authority: TestAuthority
  /** By SAE id. */
  saes: ReadonlyMap<string, Identity>
  close(): Promise<void>
}

const defaultLimits: KmeLimits = {
  keySizeBits: 256,
  minKeySizeBits: 64,
  maxKeySizeBits: 4096,
  maxKeyCount: 1000,
  maxKeysPerRequest: 64,
  maxAdditionalSlaves: 4,
  refuseUnhandledOptional: false,
}

export async function startKmePair(options: KmePairOptions): Promise<KmePair> {
  const limits = { ...defaultLimits, ...options.limits }
  const pool = new Pool({
    random: options.random ?? ((byteLength) => Uint8Array.from(randomBytes(byteLength))),
    nowMs: options.nowMs ?? (() => performance.now()),
    keySizeBits: limits.keySizeBits,
    maxKeyCount: limits.maxKeyCount,
    refillKeysPerSecond: options.refillKeysPerSecond ?? 0,
  })
  const authority = await TestAuthority.create()
  const start = async (own: KmeSide, peer: KmeSide): Promise<RunningKme> => {
    const view: KmeView = {
      kmeId: own.kmeId,
      peerKmeId: peer.kmeId,
      saes: new Set(own.saes),
      peerSaes: new Set(peer.saes),
      limits,
      pool,
    }
    const named = own.certificate === 'wrong-id' ? `not-${own.kmeId}` : own.kmeId
    const identity = await authority.issueKme(named, own.certificate === 'expired')
    return startKme(view, identity, authority.certificatePem, own.port)
  }
  const a = await start(options.a, options.b)
  let b: RunningKme | undefined
  const close = async (): Promise<void> => {
    await Promise.all([a.close(), b?.close()])
  }
  try {
    b = await start(options.b, options.a)
    const saes = new Map<string, Identity>()
    for (const saeId of [...options.a.saes, ...options.b.saes]) saes.set(saeId, await authority.issueSae(saeId))
    return { a, b, authority, saes, close }
  } catch (error) {
    await close()
    throw error
  }
}
