/** What this folder gives to the rest of the client. It is the only home of ts-mls, whose types do not leave it. */
export * from './device-link.ts'
export * from './group.ts'
export * from './identity.ts'
export * from './invite.ts'
export { type LeaveProof, signLeave, verifyLeave } from './leave-proof.ts'
export { mayPutOut, roleOf } from './rights.ts'
export * from './settings.ts'
export { suiteNumber } from './suite.ts'
