/** What a relay on a LAN prints when it has started. */
import { encodeQR } from 'qr'

export interface LanWords {
  /** Origins of the relay, the best one first. */
  origins: readonly string[]
  /** Address of the guide. */
  guide: string
  /** SHA-256 of the authority, in pairs with colons. */
  fingerprint: string
  /** Whether somebody with a camera may look at it. */
  hasScreen: boolean
}

export function lanWords({ origins, guide, fingerprint, hasScreen }: LanWords): string {
  const [best, ...others] = origins
  return [
    `QSEC is serving on ${best}`,
    ...others.map((origin) => `                also ${origin}`),
    '',
    `Each phone and computer, once: open ${guide}`,
    'and do what it says there, so that the device trusts the certificate of this server.',
    ...(hasScreen ? ['', encodeQR(guide, 'term', { ecc: 'low', border: 2 })] : []),
    '',
    'Fingerprint of the certificate (SHA-256), to be compared with what the device shows:',
    ...fingerprintLines(fingerprint).map((line) => `  ${line}`),
  ].join('\n')
}

function fingerprintLines(fingerprint: string): string[] {
  return fingerprint.match(/(?:[0-9A-F]{2}:?){1,8}/g)?.map((line) => line.replace(/:$/, '').replaceAll(':', ' ')) ?? []
}
