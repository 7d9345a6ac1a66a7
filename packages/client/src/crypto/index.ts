/** What this folder gives to the rest of the client. It is the only home of ts-mls, whose types do not leave it. */
export * from './group.ts'
export * from './identity.ts'
export * from './invite.ts'
export { suiteNumber } from './suite.ts'
