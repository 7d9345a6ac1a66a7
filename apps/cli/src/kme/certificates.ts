/** A certificate authority for tests, made at run time: KMEs and SAEs with their id as common name. */
import { Authority, type Identity, type Lifetime } from '@qsec/server/certificates'

export type { Identity }

const dayMs = 86_400_000

export class TestAuthority {
  readonly certificatePem: string
  readonly #authority: Authority

  private constructor(authority: Authority) {
    this.certificatePem = authority.identity.certificatePem
    this.#authority = authority
  }

  static async create(name = 'QSEC test CA'): Promise<TestAuthority> {
    return new TestAuthority(await Authority.create({ name, ...lifetime(false) }))
  }

  /** Of a KME on this machine; `expired` gives one that ended yesterday. */
  issueKme(kmeId: string, expired = false): Promise<Identity> {
    const here = { dns: ['localhost'], ips: ['127.0.0.1'] }
    return this.#authority.issue({ name: kmeId, usage: 'server', ...here, ...lifetime(expired) })
  }

  issueSae(saeId: string): Promise<Identity> {
    return this.#authority.issue({ name: saeId, usage: 'client', ...lifetime(false) })
  }
}

/** From an hour ago, for clocks that differ, to 30 days ahead. */
function lifetime(expired: boolean): Lifetime {
  const now = Date.now()
  if (expired) return { notBefore: new Date(now - 2 * dayMs), notAfter: new Date(now - dayMs) }
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 30 * dayMs) }
}
