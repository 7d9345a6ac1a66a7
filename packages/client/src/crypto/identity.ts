/** Who people and devices are: persons sign device records, devices sign what they do, rooms are named by their makers. */
export * from './address.ts'
export * from './device.ts'
export * from './device-signatures.ts'
export { sha256, sha512 } from './hashes.ts'
export * from './person.ts'
