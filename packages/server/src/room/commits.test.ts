import { toBase64Url } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  comeBack,
  ed25519,
  type Member,
  messageId,
  ok,
  quiet,
  random,
  relay,
  room,
  TestDevice,
  until,
} from '../../test/harness.ts'

describe('who wins', () => {
  it('[RL5] of commits sent at once exactly one wins; the others hear where the stream stands', async () => {
    const { members } = await room(4)
    const epoch = members[0]!.epoch
    const answers = await Promise.all(members.map((member) => member.commit()))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    for (const answer of answers)
      if (!answer.ok) expect(answer).toMatchObject({ code: 'stale-epoch', epoch: epoch + 1 })
    for (const { client } of members) await client.next('commit', (commit) => commit.epoch === epoch)
  })

  it('[RL5] the same commit again gets the same answer', async () => {
    const { members } = await room(2)
    const event = members[0]!.commitEvent()
    const first = ok(await members[0]!.client.request('commit', event))
    expect(ok(await members[0]!.client.request('commit', event))).toEqual(first)
    await quiet()
    expect(members[0]!.client.events('commit').filter((commit) => commit.id === event.id)).toHaveLength(1)
  })

  it('[RL10] an own commit has to stand before the next one', async () => {
    const { members } = await room(2)
    const [ana, ben] = members
    const { seq } = ok(await ana!.commit())
    ana!.epoch += 1
    expect(code(await ana!.commit())).toBe('rate-limited')
    ok(await ben!.ack(seq))
    await ana!.client.next('commit_stands', (verdict) => verdict.seq === seq)
    expect(code(await ana!.commit())).toBe('ok')
  })
})

describe('standing', () => {
  it('[RL7] alone, a commit stands at once', async () => {
    const { members } = await room(1)
    const { seq } = ok(await members[0]!.commit())
    expect(await members[0]!.client.next('commit_stands')).toMatchObject({ seq, epoch: 0 })
  })

  it.each(['an acknowledgement', 'a frame', 'a commit'])(
    '[RL7] with others it stands by %s in the new epoch',
    async (by) => {
      const { members } = await room(2)
      const [ana, ben] = members
      const { seq } = ok(await ana!.commit())
      await quiet()
      expect(ana!.client.events('commit_stands').some((verdict) => verdict.seq === seq)).toBe(false)
      ben!.epoch += 1
      if (by === 'an acknowledgement') ok(await ben!.ack(seq))
      if (by === 'a frame') ok(await ben!.say())
      if (by === 'a commit') ok(await ben!.commit())
      await ana!.client.next('commit_stands', (verdict) => verdict.seq === seq)
      await ben!.client.next('commit_stands', (verdict) => verdict.seq === seq)
    },
  )

  it('[RL7] without a word it stands when its time is over, and its maker cannot confirm it', async () => {
    const { members } = await room(2, { limits: { commitStandsMs: 300 } })
    const { seq } = ok(await members[0]!.commit())
    members[0]!.epoch += 1
    ok(await members[0]!.ack(seq))
    ok(await members[0]!.say())
    await quiet(100)
    expect(members[0]!.client.events('commit_stands').some((verdict) => verdict.seq === seq)).toBe(false)
    await members[0]!.client.next('commit_stands', (verdict) => verdict.seq === seq)
  })

  it('[RL7] it stands when the last of the others goes without a word', async () => {
    const { members } = await room(2)
    const { seq } = ok(await members[0]!.commit())
    members[1]!.client.socket.disconnect()
    await members[0]!.client.next('commit_stands', (verdict) => verdict.seq === seq)
  })

  it('[RL7] a committer that went before it was told hears it when it is back, nobody else does, and not while it is undecided', async () => {
    const made = await room(3)
    const [ana, ben, cleo] = made.members
    const at = ok(await ana!.commit())
    for (const member of made.members) member.epoch += 1
    const cursor = { inc: at.inc, seq: at.seq }
    ana!.client.socket.disconnect()
    ok(await comeBack(made.relay.url, ana!, cursor))
    await quiet()
    expect(ana!.client.events('commit_stands')).toEqual([])

    ana!.client.socket.disconnect()
    cleo!.client.socket.disconnect()
    ok(await ben!.ack(at.seq))
    await ben!.client.next('commit_stands', ({ seq }) => seq === at.seq)
    ok(await comeBack(made.relay.url, ana!, cursor))
    expect(await ana!.client.next('commit_stands')).toMatchObject({ ...cursor, epoch: ana!.epoch - 1 })
    ok(await comeBack(made.relay.url, cleo!, cursor))
    await quiet()
    expect(cleo!.client.events('commit_stands')).toEqual([])
  })
})

describe('withdrawing', () => {
  it('[RL8] when every connected member refuses, the epoch opens again and the Welcome is never sent', async () => {
    const made = await room(3)
    const [ana, ben, cleo] = made.members
    const dora = new TestDevice(made.address)
    const client = new Client(made.relay.url)
    ok(await client.join(dora, { joinKey: made.joinKey }))
    ok(await client.request('announce_pubkey', { room: made.address, request: random(50) }))
    const event = ana!.commitEvent({ welcomes: [{ to: [dora.id], ct: random(50) }] })
    const { seq } = ok(await ana!.client.request('commit', event))
    const refused = { seq, epoch: event.epoch, ct: event.ct }
    ok(await ben!.nack(refused))
    ok(await ben!.nack(refused))
    await quiet()
    expect(ana!.client.events('commit_nack')).toEqual([])
    ok(await cleo!.nack(refused))
    for (const { client: c } of [ana!, ben!, cleo!])
      expect(await c.next('commit_nack')).toMatchObject({ seq, epoch: event.epoch })
    expect(code(await ana!.commit())).toBe('rate-limited')
    expect(code(await ben!.say())).toBe('ok')
    await ben!.client.next('pubkey_list', (list) => list.devices.some((d) => d.device === dora.id && d.request))
    const again = ok(await ben!.commit({ welcomes: [{ to: [dora.id], ct: random(60) }] }))
    expect(again.seq).toBe(seq + 2)
    ok(await cleo!.ack(again.seq))
    await client.next('welcome')
    expect(client.events('welcome')).toHaveLength(1)
  })

  it('[RL8] a removal that is withdrawn gives the member its place back', async () => {
    const made = await room(3)
    const [ana, ben, cleo] = made.members
    const event = ana!.commitEvent({ removed: [cleo!.id] })
    const { seq, inc } = ok(await ana!.client.request('commit', event))
    await cleo!.client.next('commit', (commit) => commit.seq === seq)
    expect(code(await cleo!.say({ n: 0, epoch: event.epoch + 1 }))).toBe('no-access')
    ok(await ben!.nack({ seq, epoch: event.epoch, ct: event.ct }))
    await ana!.client.next('commit_nack')
    await cleo!.client.disconnected()
    expect(ok(await comeBack(made.relay.url, cleo!, { inc, seq }))).toMatchObject({ state: 'member', recovered: true })
    expect(code(await cleo!.say())).toBe('ok')
  })

  it('[RL8] a device that was away gets the withdrawal right after the commit, before anything newer', async () => {
    const made = await room(3)
    const [ana, ben, cleo] = made.members
    const { inc, seq } = ok(await ana!.say())
    cleo!.client.socket.disconnect()
    await ana!.client.next('user_list', (list) => list.members.some((m) => m.device === cleo!.id && !m.present))
    const event = ana!.commitEvent()
    const withdrawn = ok(await ana!.client.request('commit', event))
    ok(await ben!.nack({ seq: withdrawn.seq, epoch: event.epoch, ct: event.ct }))
    await ben!.client.next('commit_nack')
    ok(await ben!.say())
    const standing = ok(await ben!.commit())
    ok(await ana!.ack(standing.seq))
    await ben!.client.next('commit_stands', (verdict) => verdict.seq === standing.seq)
    expect(ok(await comeBack(made.relay.url, cleo!, { inc, seq }))).toMatchObject({ recovered: true })
    await cleo!.client.next('commit_stands')
    const heard = cleo!.client.received.slice(0, 5).map(({ name, payload }) => [name, (payload as { seq: number }).seq])
    expect(heard).toEqual([
      ['commit', seq + 1],
      ['commit_nack', seq + 1],
      ['encrypted_message', seq + 2],
      ['commit', seq + 3],
      ['commit_stands', seq + 3],
    ])
  })

  it('[RL9] what stands is not withdrawn any more', async () => {
    const { members } = await room(3)
    const [ana, ben, cleo] = members
    const event = ana!.commitEvent()
    const { seq } = ok(await ana!.client.request('commit', event))
    ok(await ben!.ack(seq))
    await ana!.client.next('commit_stands', (verdict) => verdict.seq === seq)
    expect(code(await cleo!.nack({ seq, epoch: event.epoch, ct: event.ct }))).toBe('stale-epoch')
    expect(ana!.client.events('commit_nack')).toEqual([])
  })

  it('[RL21] only a signature by the leaf key over this very commit counts', async () => {
    const { members } = await room(2)
    const [ana, ben] = members
    const event = ana!.commitEvent()
    const { seq } = ok(await ana!.client.request('commit', event))
    const refused = { seq, epoch: event.epoch, ct: event.ct }
    expect(code(await ben!.nack(refused, ed25519()))).toBe('bad-request')
    expect(code(await ben!.nack({ ...refused, ct: random(200) }))).toBe('bad-request')
    expect(code(await ana!.nack(refused))).toBe('bad-request')
    await quiet()
    expect(ana!.client.events('commit_nack')).toEqual([])
    ok(await ben!.nack(refused))
    await ana!.client.next('commit_nack')
  })
})

describe('members', () => {
  it('[RL22] a removed device gets the commit as its last frame and nothing after it', async () => {
    const made = await room(3)
    const [ana, ben, cleo] = made.members
    const { seq } = ok(await ana!.commit({ removed: [cleo!.id] }))
    ok(await ben!.ack(seq))
    await cleo!.client.next('commit', (commit) => commit.seq === seq)
    for (const member of [ana!, ben!]) member.epoch += 1
    ok(await ana!.say())
    await ben!.client.next('encrypted_message')
    await quiet()
    expect(cleo!.client.received.at(-1)?.name).toBe('commit')
    const present = () =>
      ana!.client
        .events('user_list')
        .at(-1)
        ?.members.map((member) => member.device)
    await until(() => !present()?.includes(cleo!.id))
    expect(present()).toEqual([ana!.id, ben!.id])
    expect(code(await comeBack(made.relay.url, cleo!))).toBe('no-access')
  })

  it('[RL90] who is put out before it has taken its Welcome does not get it any more', async () => {
    const made = await room(1)
    const [ana] = made.members as [Member]
    const device = new TestDevice(made.address)
    const ask = async () => {
      const client = new Client(made.relay.url)
      client.takesWelcomes = false
      ok(await client.join(device, { joinKey: made.joinKey }))
      ok(await client.request('announce_pubkey', { room: made.address, request: random(90) }))
      return client
    }
    const first = await ask()
    ok(await ana.commit({ welcomes: [{ to: [device.id], ct: random(80) }], bundles: [device.bundle] }))
    await first.next('welcome')
    ana.epoch += 1
    ok(await ana.commit({ removed: [device.id] }))
    await ana.client.next('commit_stands', ({ epoch }) => epoch === ana.epoch)
    const second = await ask()
    await ana.client.next('user_list', (list) => list.waiting.includes(device.id) && list.members.length === 1)
    await quiet()
    expect(second.events('welcome')).toEqual([])
  })

  it.each([
    'a newcomer that gave up',
    'a newcomer that gave up, over a restart',
    'a knock that somebody else turned away',
  ])('[RL97] the bundle of %s stays, where a commit let it in all the same', async (who) => {
    const made = await room(2, { limits: { keepSwitchMs: 0 } })
    const [ana, ben] = made.members as [Member, Member]
    const restarts = who.endsWith('restart')
    if (restarts) ok(await ana.client.request('keep_sealed', { room: made.address, days: 1 }))
    const knocks = who.startsWith('a knock')
    const dan = new TestDevice(made.address)
    const client = new Client(made.relay.url)
    ok(await client.join(dan, knocks ? { knock: true as const } : { joinKey: made.joinKey }))
    ok(await client.request('announce_pubkey', { room: made.address, request: random(90) }))
    await ben.client.next('user_list', (list) => list.waiting.includes(dan.id))
    if (knocks) ok(await ben.client.request('dismiss_request', { room: made.address, device: dan.id }))
    const forged = new TestDevice(made.address, { breakSignature: 1 })
    const foreign = new TestDevice(closedAddress())
    const uninvited = new TestDevice(made.address)
    const { seq } = ok(
      await ana.commit({
        welcomes: [{ to: [dan.id, forged.id, foreign.id], ct: random(80) }],
        bundles: [dan, forged, foreign, uninvited].map(({ bundle }) => bundle),
      }),
    )
    if (!knocks) ok(await client.request('leave', { room: made.address }))
    if (!restarts) ok(await ben.ack(seq))
    await quiet()
    await made.relay.close()
    const { relay: second } = await relay({ databasePath: made.databasePath })
    ok(await comeBack(second.url, ben))
    const hashes = [dan, forged, foreign, uninvited].map(({ credential }) => toBase64Url(credential))
    const fetched = ok(await ben.client.request('fetch_bundles', { room: made.address, hashes }))
    expect(fetched.bundles).toEqual([dan.bundle])
    expect((await ben.client.next('user_list')).members.map(({ device }) => device)).not.toContain(dan.id)
    // It may come again by a link, and is let in as anybody.
    const again = new Client(second.url)
    expect(ok(await again.join(dan, { joinKey: made.joinKey }))).toMatchObject({ state: 'waiting' })
  })

  it('[RL23] a member that fell out asks in writing and is welcomed again in one commit', async () => {
    const made = await room(2)
    const [ana, ben] = made.members
    ok(await ben!.client.request('announce_pubkey', { room: made.address, request: random(50) }))
    await ana!.client.next('pubkey_list', (list) => list.devices.some((d) => d.device === ben!.id && d.request))
    await ana!.client.next('user_list', (list) => list.waiting.includes(ben!.id))
    const { seq } = ok(await ana!.commit({ welcomes: [{ to: [ben!.id], ct: random(50) }] }))
    expect(await ben!.client.next('welcome', (w) => w.seq === seq)).toMatchObject({ from: ana!.id })
    await ana!.client.next('user_list', (list) => list.waiting.length === 0 && list.members.length === 2)
    ben!.epoch += 1
    expect(code(await ben!.say())).toBe('ok')
  })

  it('[RL24] nonsense is refused: itself, twice, joined and removed, a pair without a name', async () => {
    const { members } = await room(2)
    const [ana, ben] = members
    const bad = [
      { removed: [ana!.id] },
      { welcomes: [{ to: [ana!.id], ct: random(5) }] },
      { welcomes: [{ to: [ben!.id, ben!.id], ct: random(5) }] },
      { welcomes: [{ to: [ben!.id], ct: random(5) }], removed: [ben!.id] },
      { open: { to: ben!.id } },
    ]
    for (const change of bad) expect(code(await ana!.commit(change))).toBe('bad-request')
    expect(code(await ana!.commit({ id: messageId() }))).toBe('ok')
  })

  it('[RL25] new join keys count from the commit on, and the old ones no more', async () => {
    const made = await room(1)
    const [ana] = made.members
    const fresh = ed25519()
    const { toBase64Url } = await import('@qsec/protocol')
    ok(await ana!.commit({ joinKeys: [toBase64Url(fresh.publicKey)] }))
    const device = new TestDevice(made.address)
    expect(code(await new Client(made.relay.url).join(device, { joinKey: made.joinKey }))).toBe('no-access')
    expect(code(await new Client(made.relay.url).join(device, { joinKey: fresh }))).toBe('ok')
    expect(closedAddress()).not.toBe(made.address)
  })
})
