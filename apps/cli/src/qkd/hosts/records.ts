/** Records on a TCP connection: length (4 bytes), type (1 byte), content. Whole ones are handed on, one after the other. */
import type { Socket } from 'node:net'
import { maxMessageBytes } from '@qsec/qkd'

export const recordTypes = { hello: 1, helloBack: 2, proof: 3, message: 4, done: 5, failed: 6 } as const
export type RecordType = keyof typeof recordTypes

export interface WireRecord {
  type: RecordType
  content: Uint8Array
}

const headBytes = 5
/** A message and its number. */
const maxContentBytes: number = maxMessageBytes + 4

export function writeRecord(socket: Socket, type: RecordType, content: Uint8Array = new Uint8Array(0)): void {
  if (socket.destroyed || !socket.writable) return
  const record = new Uint8Array(headBytes + content.length)
  new DataView(record.buffer).setUint32(0, content.length)
  record[4] = recordTypes[type]
  record.set(content, headBytes)
  socket.write(record)
}

/** Calls back for each record, `undefined` for what is none; after that nothing more. */
export function readRecords(socket: Socket, each: (record: WireRecord | undefined) => void): void {
  let waiting: Buffer = Buffer.alloc(0)
  let spoilt = false
  socket.on('data', (chunk: Buffer) => {
    if (spoilt) return
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    while (!spoilt && waiting.length >= headBytes) {
      const length = waiting.readUInt32BE(0)
      const type = typeOf.get(waiting[4]!)
      if (length > maxContentBytes || !type) {
        spoilt = true
        each(undefined)
        return
      }
      if (waiting.length < headBytes + length) return
      const content = Uint8Array.from(waiting.subarray(headBytes, headBytes + length))
      waiting = waiting.subarray(headBytes + length)
      each({ type, content })
    }
  })
}

const typeOf = new Map<number, RecordType>(
  (Object.keys(recordTypes) as RecordType[]).map((type) => [recordTypes[type], type]),
)
