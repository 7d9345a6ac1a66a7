/** A certificate authority for tests, made at run time: KMEs and SAEs with their id as common name. */
import './reflect.ts'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 86_400_000

export interface Identity {
  certificatePem: string
  /** PKCS #8, not encrypted. */
  privateKeyPem: string
}

export class TestAuthority {
  readonly certificatePem: string
  readonly #name: string
  readonly #signingKey: CryptoKey

  private constructor(certificate: x509.X509Certificate, signingKey: CryptoKey) {
    this.certificatePem = certificate.toString('pem')
    this.#name = certificate.subject
    this.#signingKey = signingKey
  }

  static async create(name = 'QSEC test CA'): Promise<TestAuthority> {
    const keys = await newKeys()
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [name] }],
      ...validity(false),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return new TestAuthority(certificate, keys.privateKey)
  }

  /** Of a KME on this machine; `expired` gives one that ended yesterday. */
  issueKme(kmeId: string, expired = false): Promise<Identity> {
    const here = new x509.SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      { type: 'dns', value: 'localhost' },
    ])
    return this.#issue(kmeId, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]), here], expired)
  }

  issueSae(saeId: string): Promise<Identity> {
    return this.#issue(saeId, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])], false)
  }

  async #issue(id: string, extensions: x509.Extension[], expired: boolean): Promise<Identity> {
    const keys = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      subject: [{ CN: [id] }],
      issuer: this.#name,
      ...validity(expired),
      publicKey: keys.publicKey,
      signingKey: this.#signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        ...extensions,
      ],
    })
    const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
    return {
      certificatePem: certificate.toString('pem'),
      privateKeyPem: x509.PemConverter.encode(der, 'PRIVATE KEY'),
    }
  }
}

async function newKeys(): Promise<{ publicKey: CryptoKey; privateKey: CryptoKey }> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** From an hour ago, for clocks that differ, to 30 days ahead. */
function validity(expired: boolean): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  if (expired) return { notBefore: new Date(now - 2 * dayMs), notAfter: new Date(now - dayMs) }
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 30 * dayMs) }
}
