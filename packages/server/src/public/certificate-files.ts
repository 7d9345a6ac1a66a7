/** Certificate files of the operator's own: read at start, and again whenever they change. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CertificateFiles } from '../access.ts'
import type { Identity } from '../certificates/index.ts'

export type Loaded = { ok: true; identity: Identity; notAfter: Date } | { ok: false; fault: string }

/** What stands in the files now, if it can serve `domain`. The fault is a clause for people, without a full stop. */
export function loadCertificate(files: CertificateFiles, domain: string, nowMs: number): Loaded {
  const pem = readText(files.certificate)
  if (pem === undefined) return { ok: false, fault: `the certificate ${files.certificate} cannot be read` }
  const key = readText(files.key)
  if (key === undefined) return { ok: false, fault: `the key ${files.key} cannot be read` }
  const certificate = parsed(() => new X509Certificate(pem))
  if (!certificate) return { ok: false, fault: `${files.certificate} holds no certificate in PEM` }
  const privateKey = parsed(() => createPrivateKey(key))
  if (!privateKey) return { ok: false, fault: `${files.key} holds no private key in PEM without a passphrase` }
  if (!certificate.checkPrivateKey(privateKey))
    return { ok: false, fault: 'key and certificate do not belong together' }
  if (!certificate.checkHost(domain)) return { ok: false, fault: `the certificate is not for ${domain}` }
  const notAfter = new Date(certificate.validTo)
  if (notAfter.getTime() <= nowMs) return { ok: false, fault: `the certificate ended on ${certificate.validTo}` }
  return { ok: true, identity: { certificatePem: pem, privateKeyPem: key }, notAfter }
}

export interface CertificateWatch {
  /** Looks now; it does so by itself as well. */
  look(): void
  close(): void
}

const lookMs = 10_000

/**
 * Calls `changed` with each new pair that can serve, and `bad` once for each that cannot. Whoever renews writes two files,
 * one after the other: what does not hold at one look has time until the next one.
 */
export function watchCertificate(
  load: () => Loaded,
  first: Identity,
  { changed, bad }: { changed: (identity: Identity) => void; bad: (fault: string) => void },
): CertificateWatch {
  let served = first
  let doubted: string | undefined
  let told: string | undefined
  const look = (): void => {
    const loaded = load()
    if (!loaded.ok) {
      if (doubted === loaded.fault && told !== loaded.fault) {
        told = loaded.fault
        bad(loaded.fault)
      }
      doubted = loaded.fault
      return
    }
    doubted = told = undefined
    const { identity } = loaded
    if (identity.certificatePem === served.certificatePem && identity.privateKeyPem === served.privateKeyPem) return
    served = identity
    changed(identity)
  }
  const timer = setInterval(look, lookMs)
  timer.unref()
  return { look, close: () => clearInterval(timer) }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // said by the caller
  }
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    return undefined // said by the caller
  }
}
