import { toBase64Url } from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  Client,
  code,
  comeBack,
  ed25519,
  type Member,
  ok,
  pairId,
  random,
  relay,
  room,
  TestDevice,
  type TestRoom,
} from '../../test/harness.ts'

/** What a newcomer with the link hears. */
async function newcomer(made: TestRoom, url = made.relay.url, joinKey = made.joinKey): Promise<string> {
  const client = new Client(url)
  const answer = code(await client.join(new TestDevice(made.address), { joinKey }))
  client.socket.disconnect()
  return answer
}

async function standing(committer: Member, other: Member, change: object): Promise<void> {
  const { seq } = ok(await committer.commit(change))
  ok(await other.ack(seq))
  await committer.client.next('commit_stands', (verdict) => verdict.seq === seq)
  committer.epoch += 1
  other.epoch += 1
}

it('[KN20] a commit sets the capacity from then on, also after a restart, or takes it away', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  await standing(ana, ben, { expected: 2 })
  await ben.client.next('user_list', (list) => list.expected === 2)
  expect(await newcomer(made)).toBe('room-full')
  await made.relay.close()

  const { relay: second } = await relay({ databasePath: made.databasePath })
  expect(await newcomer(made, second.url)).toBe('room-full')
  for (const member of [ana, ben]) ok(await comeBack(second.url, member))
  await ana.client.next('user_list', (list) => list.expected === 2)
  await standing(ben, ana, { expected: null })
  await ana.client.next('user_list', (list) => list.expected === undefined)
  expect(await newcomer(made, second.url)).toBe('ok')
})

it('[KN21] with a commit that is withdrawn the capacity of before is back, on the disk too', async () => {
  const made = await room(2, { expected: 3 })
  const [ana, ben] = made.members as [Member, Member]
  for (const [committer, other, expected] of [
    [ana, ben, 2],
    [ben, ana, null],
  ] as const) {
    const event = committer.commitEvent({ expected })
    const { seq } = ok(await committer.client.request('commit', event))
    expect(await newcomer(made)).toBe(expected ? 'room-full' : 'ok')
    ok(await other.nack({ seq, epoch: event.epoch, ct: event.ct }))
    await committer.client.next('commit_nack', (verdict) => verdict.seq === seq)
    await other.client.next('user_list', (list) => list.expected === 3)
    if (committer === ana) await standing(ben, ana, {})
  }
  await made.relay.close()
  const { relay: second } = await relay({ databasePath: made.databasePath })
  ok(await comeBack(second.url, ana))
  expect((await ana.client.next('user_list')).expected).toBe(3)
})

it('[KN22] a capacity that a commit lowers to those who are here makes the room ready, once', async () => {
  const made = await room(2, { expected: 3 })
  const [ana, ben] = made.members as [Member, Member]
  const readyLines = async () => {
    const { logs } = ok(await ana.client.request('fetch_room_logs', { room: made.address, since_id: 0, limit: 500 }))
    return logs.filter(({ message }) => message.startsWith('[ROOM_READY]')).length
  }
  expect(await readyLines()).toBe(0)
  await standing(ana, ben, { expected: 2 })
  expect(await readyLines()).toBe(1)
  await standing(ben, ana, { expected: 1 })
  expect(await readyLines()).toBe(1)
})

it('[KN23] a pair has no capacity', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  const opening = { pair: pairId(), epoch: 0, open: { to: ben.id }, welcomes: [{ to: [ben.id], ct: random(9) }] }
  for (const expected of [2, null]) expect(code(await ana.commit({ ...opening, expected }))).toBe('bad-request')
  expect(code(await ana.commit(opening))).toBe('ok')
})

it('[KN24] a room without join keys is locked to newcomers, until a commit brings new ones', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  await standing(ana, ben, { joinKeys: [] })
  expect(await newcomer(made)).toBe('no-access')
  const event = ben.commitEvent({ joinKeys: [toBase64Url(made.joinKey.publicKey)] })
  const { seq } = ok(await ben.client.request('commit', event))
  expect(await newcomer(made)).toBe('ok')
  ok(await ana.nack({ seq, epoch: event.epoch, ct: event.ct }))
  await ben.client.next('commit_nack')
  expect(await newcomer(made)).toBe('no-access')
  const fresh = ed25519()
  await standing(ana, ben, { joinKeys: [toBase64Url(fresh.publicKey)] })
  expect([await newcomer(made), await newcomer(made, made.relay.url, fresh)]).toEqual(['no-access', 'ok'])
})
