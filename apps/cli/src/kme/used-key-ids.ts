/** The key_IDs that an SAE has used, in a file that only grows: one a line, on the disk before a key is handed out. */
import { type FileHandle, open } from 'node:fs/promises'
import { type KeyId, parseKeyId, type UsedKeyIds } from '@qsec/qkd'

export interface UsedKeyIdsFile extends UsedKeyIds {
  close(): Promise<void>
}

/**
 * One process at a time: a second one would not see what the first one adds.
 *
 * @throws Error where the file holds anything but key_IDs, or cannot be opened
 */
export async function openUsedKeyIds(file: string): Promise<UsedKeyIdsFile> {
  const handle = await open(file, 'a+', 0o600)
  try {
    return memoryOf(handle, await readIds(handle))
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readIds(handle: FileHandle): Promise<Set<string>> {
  const text = await handle.readFile('utf8')
  // A last line without its end was being written in a crash: its keys were never handed out.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) await handle.truncate(whole.length)
  const lines = whole.split('\n').slice(0, -1)
  if (!lines.every((line) => parseKeyId(line) !== undefined)) throw new Error('the file of used key_IDs is damaged')
  return new Set(lines)
}

function memoryOf(handle: FileHandle, ids: Set<string>): UsedKeyIdsFile {
  // Writes in turn, so that of two lines neither cuts the other.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work)
    last = done.catch(() => undefined) // told to whoever asked for it
    return done
  }
  return {
    has: async (keyId: KeyId) => ids.has(keyId),
    add: (keyIds) =>
      inTurn(async () => {
        if (keyIds.some((keyId) => ids.has(keyId))) return false
        await handle.appendFile(keyIds.map((keyId) => `${keyId}\n`).join(''))
        await handle.sync()
        for (const keyId of keyIds) ids.add(keyId)
        return true
      }),
    close: () => inTurn(() => handle.close()),
  }
}
