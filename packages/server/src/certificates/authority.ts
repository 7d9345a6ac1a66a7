/** A certificate authority of one's own: makes X.509 certificates with keys from the platform's generator. */
import './reflect.ts'
import * as x509 from '@peculiar/x509'
import { permittedDomains } from './name-constraints.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface Identity {
  certificatePem: string
  /** PKCS #8, not encrypted. */
  privateKeyPem: string
}

export interface Lifetime {
  notBefore: Date
  notAfter: Date
}

export interface NewAuthority extends Lifetime {
  name: string
  /** Names of servers end in one of these, or are addresses; left out: any. Then it also vouches for servers alone. */
  domains?: readonly string[]
}

export interface NewCertificate extends Lifetime {
  /** The common name; shown to people, and checked by nobody but KMEs. */
  name: string
  usage: 'server' | 'client'
  /** Names and addresses of a server. */
  dns?: readonly string[]
  ips?: readonly string[]
}

export class Authority {
  readonly identity: Identity
  readonly #certificate: x509.X509Certificate
  readonly #signingKey: CryptoKey

  private constructor(identity: Identity, certificate: x509.X509Certificate, signingKey: CryptoKey) {
    this.identity = identity
    this.#certificate = certificate
    this.#signingKey = signingKey
  }

  static async create({ name, domains, notBefore, notAfter }: NewAuthority): Promise<Authority> {
    const keys = await newKeys()
    const bounds = domains && [
      permittedDomains(domains),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ]
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [name] }],
      notBefore,
      notAfter,
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ...(bounds ?? []),
      ],
    })
    return new Authority(await identityOf(certificate, keys.privateKey), certificate, keys.privateKey)
  }

  /** @throws if the two are not what `identity` of an authority gave */
  static async load(identity: Identity): Promise<Authority> {
    const [der] = x509.PemConverter.decode(identity.privateKeyPem)
    if (!der) throw new TypeError('authority: there is no private key')
    const signingKey = await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
    return new Authority(identity, new x509.X509Certificate(identity.certificatePem), signingKey)
  }

  async issue({ name, usage, dns = [], ips = [], notBefore, notAfter }: NewCertificate): Promise<Identity> {
    const keys = await newKeys()
    const names = [
      ...dns.map((value) => ({ type: 'dns' as const, value })),
      ...ips.map((value) => ({ type: 'ip' as const, value })),
    ]
    const extendedUsage = x509.ExtendedKeyUsage[usage === 'server' ? 'serverAuth' : 'clientAuth']
    const certificate = await x509.X509CertificateGenerator.create({
      subject: [{ CN: [name] }],
      issuer: this.#certificate.subject,
      notBefore,
      notAfter,
      publicKey: keys.publicKey,
      signingKey: this.#signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([extendedUsage]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    })
    return identityOf(certificate, keys.privateKey)
  }
}

async function identityOf(certificate: x509.X509Certificate, privateKey: CryptoKey): Promise<Identity> {
  const der = await crypto.subtle.exportKey('pkcs8', privateKey)
  return {
    certificatePem: certificate.toString('pem'),
    privateKeyPem: x509.PemConverter.encode(der, 'PRIVATE KEY'),
  }
}

async function newKeys(): Promise<{ publicKey: CryptoKey; privateKey: CryptoKey }> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}
