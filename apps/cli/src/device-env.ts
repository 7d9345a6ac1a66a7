/** What a device of this program runs on. */
import type { ClientEnv, Storage } from '@qsec/client'
import { connectSocketIo, memoryLocks, nodeClock, nodeRandom, openNodeQuantum } from '@qsec/client/node'

/** @param storage - the device's own; closing it is the caller's */
export function deviceEnv(storage: Storage): ClientEnv {
  return {
    storage,
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url) => connectSocketIo({ url }),
    openQuantum: openNodeQuantum,
  }
}
