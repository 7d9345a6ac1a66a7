/** The contract of a translation: every entry of the English files in this folder, and no other. */
import type { Translatable, Translated } from './translatable.ts'

type English = typeof import('./asking.ts') &
  typeof import('./commands.ts') &
  typeof import('./details.ts') &
  typeof import('./device.ts') &
  typeof import('./devices.ts') &
  typeof import('./door.ts') &
  typeof import('./earlier.ts') &
  typeof import('./emoji.ts') &
  typeof import('./faults.ts') &
  typeof import('./files.ts') &
  typeof import('./find.ts') &
  typeof import('./history.ts') &
  typeof import('./home.ts') &
  typeof import('./invite.ts') &
  typeof import('./keeping.ts') &
  typeof import('./kept.ts') &
  typeof import('./keys.ts') &
  typeof import('./language.ts') &
  typeof import('./lifetime.ts') &
  typeof import('./linked.ts') &
  typeof import('./lock.ts') &
  typeof import('./membership.ts') &
  typeof import('./messages.ts') &
  typeof import('./names.ts') &
  typeof import('./notify.ts') &
  typeof import('./push.ts') &
  typeof import('./people.ts') &
  typeof import('./private.ts') &
  typeof import('./problems.ts') &
  typeof import('./provenance.ts') &
  typeof import('./quantum.ts') &
  typeof import('./relay.ts') &
  typeof import('./room.ts') &
  typeof import('./rooms.ts') &
  typeof import('./server.ts') &
  typeof import('./successor.ts') &
  typeof import('./system.ts') &
  typeof import('./time.ts') &
  typeof import('./trust.ts') &
  typeof import('./verify.ts') &
  typeof import('./wishes.ts')

/** The entries of what is translatable in a module; helpers without words fall out. */
export type Catalogue = {
  readonly [K in keyof English as English[K] extends Translatable<infer _> ? K : never]: Entries<English[K]>
}

type Entries<T> = T extends (...args: infer A) => infer R
  ? (...args: A) => Translated<R>
  : { readonly [K in Extract<keyof T, string>]: T[K] }

/** Of a language what is fetched before its first word; the rest comes with what says it. */
export type StartCatalogue = Omit<Catalogue, 'emojiWords'>
