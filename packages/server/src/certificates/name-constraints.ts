/**
 * The extension that binds an authority to a few domains (RFC 5280, 4.2.1.10): a certificate of it for any other name is
 * refused. Addresses are left free, for those of a network cannot be known when the authority is made.
 */
import * as x509 from '@peculiar/x509'

const oid = '2.5.29.30'
const [sequence, permittedSubtrees, dnsName] = [0x30, 0xa0, 0x82]

/** @param domains - each stands for itself and for all names that end with it; ASCII, at most 63 characters */
export function permittedDomains(domains: readonly string[]): x509.Extension {
  const subtrees = domains.map((domain) => der(sequence, der(dnsName, new TextEncoder().encode(domain))))
  return new x509.Extension(oid, true, der(sequence, der(permittedSubtrees, ...subtrees)))
}

/** A value with its tag and length. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  if (length > 0xffff) throw new RangeError('name constraints: too many domains')
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  const bytes = new Uint8Array(header.length + length)
  bytes.set(header)
  let at = header.length
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
