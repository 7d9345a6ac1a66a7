/** Events of one turn leave together, in their order, whatever the transport. */
import { expect, it } from 'vitest'
import { Client, ok, room } from '../../test/harness.ts'
import { EncodedEvent } from '../room/encoded-event.ts'
import { Tally } from '../tally.ts'
import { Batch, type Outlet, type Sequence } from './batch.ts'

/** The texts of the WebSocket messages in `bytes`, which are unmasked and whole. */
function messagesIn(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x81)
    const short = bytes[at + 1]!
    const [header, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))]
    texts.push(bytes.toString('utf8', at + header, at + header + length))
    at += header + length
  }
  return texts
}

it('[FB1] joined events are the messages that they would have been alone, at every length', () => {
  const lengths = [0, 1, 100, 125, 126, 127, 1_000, 65_530, 65_536, 200_000]
  const events = lengths.map((length) => new EncodedEvent('e', 'ü'.repeat(length)))
  const sequence = events.reduce((longer, event) => longer.with(event), new Batch(new Tally()).start)
  expect(messagesIn(Buffer.concat(sequence.pieces))).toEqual(events.map(({ packet }) => `4${packet}`))
  const [small, ...big] = sequence.pieces
  expect(messagesIn(small!)).toHaveLength(7)
  expect(big).toEqual(events.slice(7).map(({ frame }) => frame))
  expect(big[2]).toBe(events[9]!.frame)
})

it('[FB2] who gets the same gets the same bytes, joined once, and who gets less gets less', async () => {
  const batch = new Batch(new Tally())
  const sent: Buffer[] = []
  const outlet = (sequence: Sequence): Outlet => ({ flush: () => void sent.push(...sequence.pieces) })
  const [one, two] = [new EncodedEvent('one', {}), new EncodedEvent('two', {})]
  for (let i = 0; i < 3; i++) batch.add(outlet(batch.start.with(one).with(two)))
  batch.add(outlet(batch.start.with(two)))
  expect(sent).toEqual([])
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toHaveLength(4)
  expect(sent[1]).toBe(sent[0])
  expect(sent[2]).toBe(sent[0])
  expect(messagesIn(sent[3]!)).toEqual([`4${two.packet}`])
})

it.each(['websocket', 'polling'])(
  '[FB3] over %s every frame arrives in order, acknowledged events among them',
  async (transport) => {
    const { relay, members, admit, joinKey } = await room(2)
    const [ana] = members
    const third = await admit()
    third.client.socket.disconnect()
    const client = new Client(relay.url, { transports: [transport] })
    await client.join(third.device, { joinKey })
    third.client = client
    const seen = ok(await ana!.say()).seq
    const answers = await Promise.all(Array.from({ length: 40 }, () => ana!.say()))
    const last = ok(answers.at(-1)!).seq
    await client.next('encrypted_message', (frame) => frame.seq === last)
    const seqs = client.events('encrypted_message').map((frame) => frame.seq)
    expect(seqs).toEqual(Array.from({ length: last - seen + 1 }, (_, i) => seen + i))
  },
)
