/** What the room is called, as it may be shown; noted beside the group, so that it is known without opening that. */
import type { Group, RoomSettings } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import { cleanTitle } from '../trust/names.ts'
import type { RoomCore } from './core.ts'
import { metaChange } from './device-store.ts'

export function titleOf({ title }: Pick<RoomSettings, 'title'>): string | undefined {
  return title === undefined ? undefined : cleanTitle(title) || undefined
}

/** The title that `group` has, into what the list of rooms reads. */
export function noteTitle(core: RoomCore, { settings }: Group): StorageChange[] {
  const title = settings && titleOf(settings)
  if (title === core.meta.title) return []
  if (title === undefined) delete core.meta.title
  else core.meta.title = title
  return [metaChange(core.device, core.meta)]
}
