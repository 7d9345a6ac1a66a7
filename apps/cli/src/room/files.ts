/** Files between a room and the disk of its machine. */
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FileSource, RoomClient } from '@qsec/client'
import { pathFromHere } from '../flags.ts'

const answerMs = 10_000

/** Sends the file at `from`, read as it is sealed. */
export async function sendFile(room: RoomClient, from: string, text: string): Promise<void> {
  const place = pathFromHere(from)
  const handle = await open(place)
  try {
    const facts = await handle.stat()
    if (!facts.isFile()) throw new Error('It is no plain file.')
    await untilRelayTells(room)
    await room.attach([sourceOf(handle, path.basename(place), facts.size)], { text })
  } finally {
    await handle.close()
  }
}

/** Whether the relay passes files on is known a moment after the device is in the room. */
function untilRelayTells(room: RoomClient): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const stop = room.subscribe(() => {
      if (room.snapshot.files.bytesAtMost !== undefined) end()
    })
    const timer = setTimeout(end, answerMs)
    if (room.snapshot.files.bytesAtMost !== undefined) end()
  })
}

function sourceOf(handle: FileHandle, name: string, size: number): FileSource {
  return {
    name,
    type: '',
    size,
    async read(from, to) {
      const bytes = new Uint8Array(to - from)
      let done = 0
      while (done < bytes.length) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done)
        if (bytesRead === 0) break // it is shorter now: who asked compares the length
        done += bytesRead
      }
      return bytes.subarray(0, done)
    },
  }
}

/**
 * Fetches the file with that id where it is not here yet, and writes it to `to`, a new file or a folder. Nothing is
 * overwritten, and a file that could not be written whole is taken away again.
 *
 * @returns where it lies
 */
export async function saveFile(room: RoomClient, id: string, to: string): Promise<string> {
  const key = messageOf(room, id)
  if (key === undefined) throw new Error('There is no such file in this room.')
  await room.fetchFile(key, id)
  await untilHere(room, id)
  const file = await room.openFile(key, id)
  const place = await placeOf(pathFromHere(to), file.name)
  // Its owner's alone, and never one that runs.
  const handle = await open(place, 'wx', 0o600)
  try {
    for await (const part of file.read()) await handle.appendFile(part)
    await handle.close()
  } catch (error) {
    await handle.close()
    await rm(place, { force: true })
    throw error
  }
  return place
}

function messageOf({ snapshot }: RoomClient, id: string): string | undefined {
  return snapshot.timeline.find((item) => item.kind === 'message' && item.files?.some((file) => file.id === id))?.key
}

function untilHere(room: RoomClient, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const state = room.snapshot.files.states.get(id)
      if (state?.at === 'here') resolve()
      else if (state?.at === 'failed') reject(new Error(`The file was not fetched (${state.reason}).`))
      else return false
      return true
    }
    const stop = room.subscribe(() => {
      if (look()) stop()
    })
    if (look()) stop()
  })
}

/** In a folder it gets its safe name. */
async function placeOf(to: string, name: string): Promise<string> {
  const facts = await stat(to).catch(() => undefined) // what is not there is a new file's place
  return facts?.isDirectory() ? path.join(to, name) : to
}
