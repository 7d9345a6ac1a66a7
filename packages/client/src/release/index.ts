/** Releases of the web client: their list of files, who signed it, and which relay they talk to. Entry `@qsec/client/release`. */
export {
  type FileList,
  fileListName,
  grouped,
  type ListedFile,
  manifestHash,
  parseFileList,
  relaySettingName,
  releaseBounds,
  signatureName,
} from './files.ts'
export {
  createReleaseSecret,
  formatReleaseKey,
  formatReleaseSecret,
  parseReleaseKey,
  parseReleaseSecret,
  type ReleaseKey,
  type ReleaseSecret,
  releaseFingerprint,
} from './key.ts'
export { isRelayOrigin, parseRelaySetting } from './relay-setting.ts'
export { judgeSignature, signRelease, type Verdict } from './signature.ts'
