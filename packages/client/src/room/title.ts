/** What the room is called, as it may be shown; noted beside the group, so that it is known without opening that. */
import type { Group, RoomSettings } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import { cleanTitle } from '../trust/names.ts'
import type { RoomCore } from './core.ts'
import { metaChange } from './device-store.ts'

export function titleOf({ title }: Pick<RoomSettings, 'title'>): string | undefined {
  return title === undefined ? undefined : cleanTitle(title) || undefined
}

/** As the group has it that this device is in; without one, as it was noted last. */
export function titleHere({ stream, meta }: RoomCore): string | undefined {
  return stream?.group.settings ? titleOf(stream.group.settings) : meta.title
}

/** The title that `group` has, into what the list of rooms reads. */
export function noteTitle(core: RoomCore, { settings }: Group): StorageChange[] {
  const title = settings && titleOf(settings)
  if (title === core.meta.title) return []
  if (title === undefined) delete core.meta.title
  else core.meta.title = title
  return [metaChange(core.device, core.meta)]
}
