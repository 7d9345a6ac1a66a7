/** Words about the code of this page: which version it is, who made it, and that the server has another one. */

import type { Change, Kept, LookFault, Signed } from '../kept/kept.ts'
import { type Translatable, translatable } from './translatable.ts'

const keptEnglish = {
  region: 'Version of this page',
  offered: (version: string): string => `The server now has another version of this page: ${version}`,
  code: 'Its code is other code.',
  headers: 'The rules that the server gives the browser for this page are others.',
  relay: 'It would talk to another server.',
  signature: {
    none: 'Nobody has signed it, as the one that runs here.',
    'same-key': 'It is signed, by the same key as before.',
    'first-key': 'It is signed. The one that runs here is not, so this browser cannot tell whose key that is.',
    'other-key': 'It is signed by another key than before. Ask whoever runs this server before you take it.',
    'no-longer': 'It is not signed, and the versions before were. Ask whoever runs this server before you take it.',
    wrong: 'Its signature is wrong. Do not take it, and tell whoever runs this server.',
  } as Readonly<Record<Change['signature'], string>>,
  older: 'It was signed earlier than the one that runs here: it may be an old one with known faults.',
  hash: 'Hash',
  take: 'Take it and reload',
  later: 'Later',
  taken: 'Another tab has taken a new version of this page. This one runs the old one until you reload it.',
  reload: 'Reload',
  takeFailed: 'The new version could not be taken.',
  fault: (fault: LookFault): string =>
    fault.type === 'not-listed'
      ? `The server’s files are not those of its own list: ${fault.file} is another one or is missing. It may be about to be updated, or somebody has changed it.`
      : 'The server does not say which files this page is made of.',
  faultKept: 'What runs here is the version that this browser keeps.',
  faultNotKept: 'So this browser does not keep the page, and cannot tell you when it changes.',
  dismiss: 'Dismiss',
} as const

export const keptWords: Translatable<typeof keptEnglish> = translatable('keptWords', keptEnglish)

const aboutEnglish = {
  title: 'About this page',
  version: 'Version',
  hash: 'Hash of its list of files',
  signed: 'Signed',
  signedWords: (signature: Signed): string => {
    if (signature.signed) return `Yes, on ${signature.signedAt.slice(0, 10)}, by the key`
    return signature.reason === 'none' ? 'No: built here, unsigned' : 'No: its signature is wrong'
  },
  relay: 'Talks to',
  keptTitle: 'Is it still the same?',
  keeping: {
    kept: 'This browser keeps this version and starts it without the server. It asks you before it takes another one.',
    'kept-not-running':
      'This browser keeps this version. This tab came straight from the server; from the next reload on the kept one runs.',
    impossible:
      'This browser keeps no copy here (a private window, perhaps), so each visit takes what the server gives at that moment.',
    starting: 'Looking…',
    failed: 'This browser could not keep a copy, so each visit takes what the server gives at that moment.',
  },
  looked: (when: string): string => `Last compared with the server: ${when}.`,
  unreachable: 'The server could not be reached.',
  same: 'The server has the same version.',
  lookNow: 'Compare now',
  stop: 'Keep no copy',
  stopped: 'The copy is gone. The next visit takes what the server gives. Your rooms and keys stay.',
  limits:
    'Whoever serves this page can still deceive a browser that comes for the first time, or replace what watches here. To be sure, compare hash and key with what the publisher says elsewhere, or check from a computer that you trust:',
  verify: (origin: string): string => `qsec verify ${origin} --key qsec.pub`,
  sourceTitle: 'Source and licences',
  source:
    'QSEC is free software under the MIT licence. Whoever runs this server can give you the source of this version; built from it, the same hash comes out.',
  notices: 'Licences of the packages in it',
  noticesFailed: 'The licences could not be loaded.',
  close: 'Close',
} as const

export const aboutWords: Translatable<typeof aboutEnglish> = translatable('aboutWords', aboutEnglish)

/** One sentence for each thing that is other, the weightiest at the end. */
export function changeSentences(change: Change): string[] {
  return [
    ...(change.code ? [keptWords.code] : []),
    ...(change.headers ? [keptWords.headers] : []),
    ...(change.relay ? [keptWords.relay] : []),
    keptWords.signature[change.signature],
    ...(change.older ? [keptWords.older] : []),
  ]
}

/** Changes that nobody should take without asking somebody. */
export function isAlarming({ signature, older, relay }: Change): boolean {
  return signature === 'other-key' || signature === 'no-longer' || signature === 'wrong' || older || relay
}

/** What the fault means for whoever looks at this page; undefined where nothing is wrong. */
export function faultSentences({ fault, current }: Kept): string[] | undefined {
  if (fault === undefined || fault.type === 'unreachable') return undefined
  return [keptWords.fault(fault), current ? keptWords.faultKept : keptWords.faultNotKept]
}
