/** A stream's group, read back from what its device has stored. */
import type { Storage } from '@qsec/client'
import type { Group } from '../../packages/client/src/crypto/index.ts'
import { decodeStoredGroup } from '../../packages/client/src/room/room-ops.ts'
import { readGroup } from '../../packages/client/src/sync/group-rows.ts'

/** @param at - where the stream's rows stand, such as `device/<id>/room` */
export async function storedGroup(storage: Pick<Storage, 'get' | 'list'>, at: string): Promise<Group | undefined> {
  const head = await storage.get(`${at}/group`)
  return head && (await readGroup(storage, at, head, decodeStoredGroup))
}
