/** Words of everything that concerns this browser itself: its lock, its backups, and what it keeps. */
import type { Kept, Restoring, VaultState } from '../keeper.ts'
import { lockWords } from './lock.ts'
import { type Translatable, translatable } from './translatable.ts'

const deviceEnglish = {
  open: 'This device',
  title: 'This device',
  help: 'What this browser keeps of your rooms, and what protects it.',
  home: 'Start page',
  loading: 'Looking at what is stored here…',
  failed: 'What is stored here could not be read.',
  wait: 'Working… this takes a few seconds.',
  cancel: 'Cancel',
  close: 'Close',
  done: 'Done',
  next: 'Next',

  lock: 'Passphrase',
  lockState: (state: VaultState): string =>
    state === 'open'
      ? 'Not set. A key of this browser encrypts what is stored; whoever can copy this computer’s disk can copy that key too.'
      : 'Set. Without your passphrase or your recovery code nothing that is stored here can be read.',
  set: 'Set a passphrase',
  change: 'Change the passphrase',
  remove: 'Remove the passphrase',
  removeTitle: 'Remove the passphrase?',
  removeHelp: 'From then on whoever can copy this computer’s disk can read what is stored here.',
  removeYes: 'Remove it',
  setHelp:
    'You will type it each time this page is opened. Four or more words that do not belong together are good, and easy to keep in mind.',
  newPassphrase: 'New passphrase',
  tooShort: 'Use at least 10 characters.',
  again: 'The same again',
  notSame: 'The two are not the same.',
  codeTitle: 'Write down your recovery code',
  codeHelp:
    'It opens your rooms if you forget the passphrase. It is shown this once; keep it on paper, away from this computer.',
  codeLabel: 'Your recovery code',
  copy: 'Copy',
  copied: 'Copied',
  typeBack: 'Type it here, so that we both know it is right',
  notTheCode: 'That is not the code above.',
  protect: 'Set the passphrase',
  protectDone: 'The passphrase is set.',
  protectFailed: 'The passphrase could not be set; everything is as before.',
  unprotectFailed: 'The passphrase could not be removed.',

  kept: 'Rooms kept here',
  none: 'This browser keeps no room.',
  messages: (count: number): string => (count === 1 ? '1 message' : `${count} messages`),
  restored: 'restored from a backup, to be read only',
  restoredName: (room: string): string => `${room}, restored`,
  as: (one: Kept): string => `as ${one.name || 'somebody'}`,
  read: 'Read',
  export: 'Export',
  forget: 'Delete',
  forgetFailed: 'It could not be deleted.',

  exportTitle: 'Export history',
  exportHelp:
    'A file with what was said in this room, as this device has it. The file is not encrypted: whoever gets it can read it.',
  exportHtml: 'Readable page (HTML)',
  exportJson: 'For programs (JSON)',
  exportFailed: 'The history could not be exported.',

  backup: 'Backup',
  backupHelp:
    'One encrypted file with who you are in your rooms, whom you verified, and what was said. It holds no key that could read new messages: to take part elsewhere you still need an invite.',
  makeBackup: 'Make a backup',
  restoreBackup: 'Restore a backup',
  backupTitle: 'Make a backup',
  backupChoice: 'What is to open it',
  byPassphrase: 'A passphrase that I choose',
  byCode: 'A recovery code, made now',
  backupPassphraseHelp:
    'It may be the one of this device, or another one. Without it the file is of no use to anybody.',
  backupCodeHelp: 'Write it down. It is shown this once, and without it the file is of no use to anybody.',
  makeIt: 'Save the file',
  backupDone: 'The backup is saved.',
  backupFailed: 'The backup could not be made.',

  restoreTitle: 'Restore a backup',
  restoreHelp:
    'Nothing that this browser knows itself is overwritten. Restored rooms can be read; to take part in one again, open its invite link.',
  file: 'Backup file',
  fileMissing: 'Choose the file first.',
  opensBy: 'What opens it',
  restore: 'Restore',
  restoreFailed: 'The backup could not be restored.',
  restoredWords: (restored: Extract<Restoring, { ok: true }>): string => {
    const rooms = restored.rooms === 1 ? '1 room' : `${restored.rooms} rooms`
    const messages = restored.messages === 1 ? '1 message' : `${restored.messages} messages`
    const kept = restored.keptOwnProfile ? ' This browser had an identity of its own already, and keeps it.' : ''
    return `Restored: ${rooms} with ${messages}.${kept}`
  },

  historyHelp:
    'Restored from a backup, to be read only. These are the words of whoever made the backup, not verified ones.',
  historyGone: 'This history is not here any more.',
  back: 'Back',

  erase: 'Erase everything on this device',
  eraseHelp:
    'Every room, key, message and setting that this browser keeps of QSEC, in all of its tabs. The others in your rooms still see this device as a member until they remove it; leave the rooms first if you can.',
  eraseTitle: 'Erase everything here?',
  eraseWarning:
    'This cannot be undone. Without a backup your history is lost. The browser deletes the files; what the disk itself keeps of deleted files for a while is beyond a web page.',
  eraseYes: 'Erase everything',
  eraseFailed: 'Not everything could be erased.',
} as const

export const deviceWords: Translatable<typeof deviceEnglish> = translatable('deviceWords', deviceEnglish)

/** Why a backup gave nothing. */
function restoringEnglish(reason: Extract<Restoring, { ok: false }>['reason']): string {
  switch (reason) {
    case 'no-backup':
      return 'This file is no backup of QSEC, or it is cut short.'
    case 'newer':
      return 'A newer QSEC made this file. Reload the page, and try again.'
    case 'not-opened':
      return 'That does not open it: the passphrase or the code is wrong, or the file was changed.'
    case 'unreadable':
      return 'The file opened, but what is inside has a form that this version does not know.'
    case 'no-code':
      return lockWords.noCode
    case 'too-large':
      return 'The file is larger than any backup of QSEC.'
  }
}

export const restoringWords: Translatable<typeof restoringEnglish> = translatable('restoringWords', restoringEnglish)
