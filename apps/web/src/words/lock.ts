/** Words of the lock of this browser, and of fields for what opens something. */
import { type Translatable, translatable } from './translatable.ts'

const lockEnglish = {
  title: 'QSEC is locked',
  help: 'What this browser keeps of your rooms is encrypted under your passphrase.',
  passphrase: 'Passphrase',
  code: 'Recovery code',
  codeHint: 'The 28 characters that were shown when the passphrase was set. Spaces and hyphens do not matter.',
  unlock: 'Unlock',
  unlocking: 'Unlocking… this takes a few seconds.',
  useCode: 'Use the recovery code',
  usePassphrase: 'Use the passphrase',
  wrong: 'That does not open it. Check for slips; capital letters count in a passphrase.',
  noCode: 'That is no recovery code: one of its characters is wrong or missing.',
  lost: 'Neither of them? Then nothing can open it, and nobody can help. You can erase everything here and begin anew.',
  show: 'Show',
  hide: 'Hide',
} as const

export const lockWords: Translatable<typeof lockEnglish> = translatable('lockWords', lockEnglish)
