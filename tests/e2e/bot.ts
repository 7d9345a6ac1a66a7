/** A member without a browser: the client as programs run it, in the process of the tests. */
import { type Clock, joinRoom, parseLinkFragment, type RoomClient } from '@qsec/client'
import {
  connectSocketIo,
  memoryLocks,
  nodeClock,
  nodeRandom,
  openMemoryStorage,
  openNodeQuantum,
} from '@qsec/client/node'
import { parseRoomAddress } from '@qsec/protocol'
import type { Stage } from './browsers.ts'

/** Comes by an invite link. Whoever calls closes it. */
export function joinAsBot(stage: Stage, link: string, name: string, clock: Clock = nodeClock): Promise<RoomClient> {
  const { hash, pathname } = new URL(link)
  return joinRoom(
    {
      storage: openMemoryStorage(),
      locks: memoryLocks(),
      clock,
      random: nodeRandom,
      connect: (url) => connectSocketIo({ url }),
      openQuantum: openNodeQuantum,
    },
    parseRoomAddress(pathname.slice('/room/'.length))!,
    { relayUrl: stage.url, name, secret: parseLinkFragment(hash)! },
  )
}
