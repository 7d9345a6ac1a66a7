/** A device's way into its room: as the device that its folder holds, or as a new one. */
import { joinRoom, lookAtRoom, type RoomClient, returnToRoom, type Secret, type Storage } from '@qsec/client'
import { openMemoryStorage, openNodeVault } from '@qsec/client/node'
import { CommandFailed } from '../command.ts'
import { deviceEnv } from '../device-env.ts'
import type { RoomLink } from './link.ts'

export interface Entered {
  room: RoomClient
  storage: Storage
}

export async function enter(
  link: RoomLink,
  options: {
    /** Asked for only where the device is a new one. */
    name: () => Promise<string>
    knocks: boolean
    expected?: number
    createToken?: string
    folder?: string
    secret: () => Promise<Secret>
    locked?: boolean
  },
): Promise<Entered> {
  const { folder, secret, locked = false, ...person } = options
  const storage = folder === undefined ? openMemoryStorage() : await openFolder(folder, secret, locked)
  try {
    return { room: await roomOf(storage, link, person), storage }
  } catch (error) {
    await storage.close()
    throw error
  }
}

/** @param locked - a secret was named, so whoever named it counts on the folder being protected */
async function openFolder(folder: string, secret: () => Promise<Secret>, locked: boolean): Promise<Storage> {
  const vault = await openNodeVault(folder)
  try {
    if (locked && vault.state === 'open') {
      throw new CommandFailed('No passphrase protects this folder yet. See: qsec device protect')
    }
    if (vault.state === 'locked' && !(await vault.unlock(await secret()))) {
      throw new CommandFailed('That does not open the folder: a wrong passphrase or code, or a changed file.')
    }
    return vault.storage
  } catch (error) {
    await vault.close()
    throw error
  }
}

async function roomOf(
  storage: Storage,
  { relayUrl, address, secret }: RoomLink,
  {
    name,
    knocks,
    createToken,
    ...person
  }: { name: () => Promise<string>; knocks: boolean; expected?: number; createToken?: string },
): Promise<RoomClient> {
  const env = deviceEnv(storage, createToken)
  const invited = secret ? { secret } : {}
  const entry = await lookAtRoom(env, address, invited)
  if (entry.type === 'known') return returnToRoom(env, entry.device, { relayUrl })
  if (entry.needsLink && !knocks) {
    throw new CommandFailed('This room needs its full invite link, with the part after # (quote it), or --knock.')
  }
  return joinRoom(env, address, {
    relayUrl,
    name: await name(),
    ...person,
    ...invited,
    ...(entry.needsLink ? { knocks } : {}),
  })
}
