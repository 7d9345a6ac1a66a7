/**
 * The certificates of a relay on a LAN: an authority of its own, made once, which people's devices are told to trust, and
 * under it the relay's certificate, made anew when addresses come or the old one nears its end.
 *
 * The authority vouches for servers alone, and for no names but those of a local network: whoever steals its key can pose
 * as a machine there, and not as anybody's bank. OpenSSL, NSS and GnuTLS were tried to refuse other names; a verifier that
 * does not know such bounds has to refuse the authority as a whole, for they are marked critical.
 */
import { X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Authority, Identity, Lifetime } from '../certificates/index.ts'
import { ConfigError } from '../settings/read.ts'
import type { LanNames } from './names.ts'

const dayMs = 86_400_000
/** Apple takes certificates of at most 825 days from authorities that a person has added, of 398 from any other. */
const leafDays = 90
const renewDaysAhead = 30
const authorityDays = 3_650
/** Clocks of a LAN differ, most of all where no time server can be reached. */
const earlierDays = 1
/** Domains that no one can own (RFC 6761, 6762, 8375, and .internal of ICANN). The machine's own name comes to them. */
const localDomains = ['localhost', 'local', 'home.arpa', 'internal']

export interface Keyring {
  readonly authority: X509Certificate
  readonly authorityPem: string
  /** The certificate to serve with, for these names, now; the same object as long as it holds. */
  certificateFor(names: LanNames): Promise<Identity>
}

export interface KeyringOptions {
  /** Folder of its own, made where there is none. */
  folder: string
  /** Name of this machine, as people will read it. */
  host: string
  now?: () => number
}

/** @throws ConfigError if its keys are readable for others or damaged */
export async function openKeyring({ folder, host, now = Date.now }: KeyringOptions): Promise<Keyring> {
  const { Authority } = await import('../certificates/index.ts') // 25 modules that only a relay on a LAN needs
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority = await openAuthority(Authority, path.join(folder, 'ca.pem'), host, now)
  const certificate = new X509Certificate(authority.identity.certificatePem)
  const domains = [...localDomains, ...(/CN=QSEC on (.+)/.exec(certificate.subject)?.slice(1) ?? [])]
  let served = readIdentity(path.join(folder, 'server.pem'))
  return {
    authority: certificate,
    authorityPem: authority.identity.certificatePem,
    async certificateFor(names) {
      const dns = ['localhost', ...names.dns].filter((name) => domains.some((domain) => isWithin(name, domain)))
      const ips = ['127.0.0.1', '::1', ...names.ips]
      if (!served || !holds(served, certificate, { dns, ips }, now())) {
        served = await authority.issue({ name: host, usage: 'server', dns, ips, ...lifetime(now(), leafDays) })
        writeIdentity(path.join(folder, 'server.pem'), served)
      }
      return served
    },
  }
}

async function openAuthority(
  kind: typeof Authority,
  file: string,
  host: string,
  now: () => number,
): Promise<Authority> {
  const stored = readIdentity(file)
  if (stored && Date.parse(new X509Certificate(stored.certificatePem).validTo) > now() + leafDays * dayMs) {
    return kind.load(stored)
  }
  const domains = [...localDomains, host]
  const made = await kind.create({ name: `QSEC on ${host}`, domains, ...lifetime(now(), authorityDays) })
  writeIdentity(file, made.identity)
  return made
}

function holds(
  { certificatePem }: Identity,
  authority: X509Certificate,
  { dns, ips }: { dns: string[]; ips: string[] },
  nowMs: number,
): boolean {
  const certificate = new X509Certificate(certificatePem)
  return (
    certificate.verify(authority.publicKey) &&
    Date.parse(certificate.validFrom) <= nowMs &&
    Date.parse(certificate.validTo) - nowMs > renewDaysAhead * dayMs &&
    dns.every((name) => certificate.checkHost(name) !== undefined) &&
    ips.every((ip) => certificate.checkIP(ip) !== undefined)
  )
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`)
}

function lifetime(nowMs: number, days: number): Lifetime {
  return { notBefore: new Date(nowMs - earlierDays * dayMs), notAfter: new Date(nowMs + (days - earlierDays) * dayMs) }
}

/** Key and certificate stand in one file, so that a crash leaves the old pair or the new one. */
function readIdentity(file: string): Identity | undefined {
  if (!existsSync(file)) return undefined
  // On Windows the bits say nothing; there the user's folder is the fence.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new ConfigError(
      `${file} holds a key and can be read by others, so it is no secret any more: delete ${path.dirname(file)}, start again, and have everybody trust the new certificate.`,
    )
  }
  const [privateKeyPem, certificatePem] = readFileSync(file, 'utf8').match(/-----BEGIN [\s\S]+?-----END .+-----/g) ?? []
  if (!privateKeyPem || !certificatePem)
    throw new ConfigError(`${file} is damaged: put a copy of it back, or delete it.`)
  return { certificatePem, privateKeyPem }
}

function writeIdentity(file: string, { certificatePem, privateKeyPem }: Identity): void {
  const beside = `${file}.new`
  writeFileSync(beside, `${privateKeyPem.trim()}\n${certificatePem.trim()}\n`, { mode: 0o600 })
  chmodSync(beside, 0o600) // one that was left lying keeps the rights that it had
  renameSync(beside, file)
}
