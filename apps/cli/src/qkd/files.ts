/** Files named on the command line: read up to a limit, written whole or not at all. Trouble names the flag. */
import { createReadStream } from 'node:fs'
import { lstat, open, rename, rm, writeFile } from 'node:fs/promises'
import { CommandFailed } from '../command.ts'

/** A pipe is as good as a file. Ends as soon as there is more than the limit. */
export async function readSome(flag: string, file: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > maxBytes) throw new CommandFailed(`${flag}: the file has more than ${maxBytes} bytes.`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof CommandFailed ? error : fileTrouble(flag, 'read', error)
  }
  return Buffer.concat(chunks)
}

/**
 * Writes beside the file and then puts it in its place, so that no one ever sees half of it. Only a plain file is replaced:
 * devices, pipes and links are written to as they are.
 */
export async function writeWhole(flag: string, file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.part`
  try {
    const there = await lstat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (there && !there.isFile()) {
      await writeFile(file, text)
      return
    }
    await writeFile(beside, text)
    await rename(beside, file)
  } catch (error) {
    // The fault that is told is the first one; a part that cannot be removed either tells nothing more.
    await rm(beside, { force: true }).catch(() => undefined)
    throw fileTrouble(flag, 'written', error)
  }
}

/** A new file for its owner alone; one that is there already is refused and stays as it is. */
export async function writeSecret(flag: string, file: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileTrouble(flag, 'written', error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it or its folder is not there',
  EACCES: 'not allowed',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its folder is a file',
  EEXIST: 'it is there already, and is not overwritten',
  ENOSPC: 'the disk is full',
}

export function fileTrouble(flag: string, what: 'read' | 'written', cause: unknown): CommandFailed {
  const { code = '' } = cause as NodeJS.ErrnoException
  return new CommandFailed(`${flag}: the file cannot be ${what}: ${reasons[code] ?? (code || 'unknown trouble')}.`, {
    cause,
  })
}
