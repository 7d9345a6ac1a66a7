/** Hands a file to the person as bytes of no kind, under its safe name: nothing opens it but who saved it. */
import type { RoomClient } from '../../client-gate.ts'
import { save } from '../../download.ts'
import { attempt } from '../../problems.ts'
import { fileWords } from '../../words/files.ts'

export function saveFile(client: RoomClient, key: string, id: string): void {
  attempt(hand(client, key, id), fileWords.notOpened)
}

async function hand(client: RoomClient, key: string, id: string): Promise<void> {
  const file = await client.openFile(key, id)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const part of file.read()) parts.push(part)
  save({ name: file.name, content: new Blob(parts, { type: 'application/octet-stream' }) })
}
