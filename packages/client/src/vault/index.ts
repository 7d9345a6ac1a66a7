/** Secrets that people keep, and the boxes that they open. */
export { type DoorKind, doorsOf, openKeyBox, type Secret, type Secrets, sealKeyBox } from './key-box.ts'
export {
  formatRecoveryCode,
  newRecoverySecret,
  parseRecoveryCode,
  type RecoverySecret,
  sameRecoverySecret,
} from './recovery-code.ts'
export { isLongEnough, passphraseCharactersAtLeast, type Stretch, type StretchCost, usualCost } from './stretch.ts'
