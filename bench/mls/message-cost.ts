/** What a message costs a device between the person and the disk: sealed or opened, and stored. Runs in Node and in a page. */
import { decodeGroup, type Group } from '../../packages/client/src/crypto/index.ts'
import { withRatchets } from '../../packages/client/src/crypto/secret-tree.ts'
import { stateOf, withSecretTree } from '../../packages/client/src/crypto/state.ts'
import type { Clock, Storage } from '../../packages/client/src/ports.ts'
import { type CommitChange, type RoomApplication, roomOps } from '../../packages/client/src/room/room-ops.ts'
import { Serial } from '../../packages/client/src/sync/serial.ts'
import type { StreamFrame } from '../../packages/client/src/sync/session.ts'
import { Stream } from '../../packages/client/src/sync/stream.ts'
import type { Incarnation, MessageId } from '../../packages/protocol/src/index.ts'

export interface Both {
  /** By `encodeGroup`: the sender's and another member's view of one epoch. */
  sender: Uint8Array<ArrayBuffer>
  receiver: Uint8Array<ArrayBuffer>
}

export interface MessageCost {
  send(count: number): Promise<void>
  open(count: number): Promise<void>
  /** Bytes handed to storage so far, and in how many writes. */
  written(): { bytes: number; writes: number }
}

const inc = 'bench' as Incarnation
const clock: Clock = { nowMs: () => Date.now(), after: () => () => undefined }
const contentBytes = 1_024

/**
 * @param allSpoke - everybody has said something in the epoch, as after a while; otherwise it has just begun
 * @param openStorage - an empty one, as a device has it
 */
export async function messageCost(
  both: Both,
  allSpoke: boolean,
  openStorage: (name: string) => Promise<Storage>,
): Promise<MessageCost> {
  const count = { bytes: 0, writes: 0 }
  const frames: StreamFrame[] = []
  const sender = await streamOf(both.sender, 'sender')
  const receiver = await streamOf(both.receiver, 'receiver')
  let sent = 0
  // The first write after the beginning brings all of the group once more.
  await send(2)
  await open(2)
  Object.assign(count, { bytes: 0, writes: 0 })
  return { send, open, written: () => ({ ...count }) }

  /** From the person's word to the last write, when it has come back. */
  async function send(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const at = frames.length
      const content = new Uint8Array(contentBytes).fill(65)
      await sender.queue.run(() => sender.stream.enqueue('message', `${sent++}` as MessageId, content, 'ordered'))
      await sender.queue.idle()
      if (frames.length !== at + 1) throw new Error('the message did not leave')
      await sender.queue.run(() => sender.stream.receive(frames[at]!))
    }
  }

  async function open(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const frame = frames[receiver.stream.cursor.seq]
      if (!frame) throw new Error('nothing to open')
      await receiver.queue.run(() => receiver.stream.receive(frame))
      if (receiver.stream.cursor.seq !== frame.seq) throw new Error('a message did not open')
    }
  }

  async function streamOf(bytes: Uint8Array, name: string) {
    const queue = new Serial()
    const storage = counting(await openStorage(name), count)
    const decoded = decodeGroup(bytes)
    if (!decoded) throw new Error('the group does not open')
    const group = allSpoke ? grown(decoded) : decoded
    const { stream, changes } = Stream.begin<Group, RoomApplication, CommitChange>(
      {
        prefix: 'device/bench/room',
        storage,
        clock,
        queue,
        ops: roomOps(
          () => undefined,
          () => undefined,
        ),
        wire: {
          async send(kind, id, epoch, _n, frame) {
            const seq = frames.length + 1
            frames.push({ kind, inc, seq, epoch, id, device: name, ct: frame.slice(), atMs: 0 })
            return { ok: true, inc, seq }
          },
        },
        host: {
          onContent: () => [],
          onCommit: () => [],
          onOwn: () => [],
          onRefused: (_, reason) => {
            throw new Error(reason)
          },
          onStored: () => undefined,
          onInvalidCommit: () => undefined,
          onAdopted: () => undefined,
          onMissing: () => undefined,
          onFallenOut: () => undefined,
          onGap: () => undefined,
        },
      },
      { group, inc, seq: 0 },
    )
    await storage.apply(changes)
    await queue.run(() => stream.resumed({ inc, seq: 0, epoch: group.epoch, firstSeq: 1, recovered: true }))
    return { stream, queue }
  }
}

function grown(group: Group): Group {
  let { secretTree } = stateOf(group)
  for (const { leaf } of group.members) secretTree = withRatchets(secretTree, leaf)
  return withSecretTree(group, secretTree)
}

function counting(storage: Storage, count: { bytes: number; writes: number }): Storage {
  return {
    get: (key) => storage.get(key),
    list: (prefix) => storage.list(prefix),
    keys: (prefix) => storage.keys(prefix),
    close: () => storage.close(),
    apply: (changes) => {
      count.writes++
      for (const change of changes) if (change.type === 'put') count.bytes += change.key.length + change.value.length
      return storage.apply(changes)
    },
  }
}
