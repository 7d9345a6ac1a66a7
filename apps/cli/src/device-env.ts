/** What a device of this program runs on. */
import type { ClientEnv, Storage } from '@qsec/client'
import { connectSocketIo, memoryLocks, nodeClock, nodeRandom, openNodeQuantum } from '@qsec/client/node'

/**
 * @param storage - the device's own; closing it is the caller's
 * @param createToken - what lets it make rooms at a relay that asks for it
 */
export function deviceEnv(storage: Storage, createToken?: string): ClientEnv {
  return {
    storage,
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url) => connectSocketIo({ url }),
    openQuantum: openNodeQuantum,
    createToken: () => createToken,
  }
}
