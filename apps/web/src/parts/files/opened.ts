/**
 * Files as the page can show them: addresses of decrypted bytes in memory. Each lives as long as somebody shows it, and a
 * moment longer, for the timeline draws and lets go of rows while it is scrolled.
 */
import { useEffect, useState } from 'preact/hooks'
import type { RoomClient } from '../../client-gate.ts'
import { reasonOf, report } from '../../problems.ts'
import { fileWords } from '../../words/files.ts'

/** `address`: absent where the bytes are not what the name says, and are not shown. */
export interface Opened {
  address?: string
}

interface Held {
  work: Promise<Opened>
  users: number
  timer?: ReturnType<typeof setTimeout>
}

const keptMs = 20_000
const held = new Map<string, Held>()

async function open(client: RoomClient, key: string, id: string): Promise<Opened> {
  const file = await client.openFile(key, id)
  if (file.shown === undefined) return {}
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const part of file.read()) parts.push(part)
  return { address: URL.createObjectURL(new Blob(parts, { type: file.shown })) }
}

/** The file, opened once it is `wanted`; undefined until then, and where it does not open. */
export function useOpened(client: RoomClient, key: string, id: string, wanted: boolean): Opened | undefined {
  const [opened, setOpened] = useState<Opened>()
  useEffect(() => {
    if (!wanted) return
    let stands = true
    const one = hold(client, key, id)
    one.work.then(
      (value) => stands && setOpened(value),
      (error: unknown) => {
        held.delete(id)
        if (stands) report(`${fileWords.notOpened} ${reasonOf(error)}`.trim())
      },
    )
    return () => {
      stands = false
      setOpened(undefined)
      release(id, one)
    }
  }, [client, key, id, wanted])
  return opened
}

function hold(client: RoomClient, key: string, id: string): Held {
  const one = held.get(id) ?? { work: open(client, key, id), users: 0 }
  held.set(id, one)
  clearTimeout(one.timer)
  one.users++
  return one
}

function release(id: string, one: Held): void {
  one.users--
  if (one.users > 0) return
  one.timer = setTimeout(() => {
    if (held.get(id) === one) held.delete(id)
    one.work.then(
      ({ address }) => address !== undefined && URL.revokeObjectURL(address),
      () => undefined, // it never had one; who asked was told
    )
  }, keptMs)
}
