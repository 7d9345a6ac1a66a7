import { type LinkId, limits, toBase64Url } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  Client,
  code,
  type Member,
  ok,
  personPair,
  quiet,
  random,
  room,
  TestDevice,
  type TestRoom,
} from '../../test/harness.ts'

const newId = () => random(16) as string as LinkId

function offer(member: Member, id: LinkId, sealed = random(300)) {
  return member.client.request('offer_link', { room: member.room, id, sealed })
}

/** As a device does that has nothing but the link. */
async function take(made: TestRoom, id: LinkId, address = made.address) {
  const client = await new Client(made.relay.url).connected()
  await client.hello()
  return client.request('take_link', { room: address, id })
}

async function linesOf(member: Member, tag: string): Promise<string[]> {
  const answer = ok(await member.client.request('fetch_room_logs', { room: member.room, since_id: 0, limit: 500 }))
  return answer.logs.map(({ message }) => message).filter((line) => line.startsWith(`[${tag}]`))
}

describe('offers', () => {
  it('[DL1] what a member offers is handed out once, before any login, and the member hears of it', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const id = newId()
    const sealed = random(300)
    expect(code(await offer(ana, id, sealed))).toBe('ok')
    expect(await take(made, id)).toEqual({ ok: true, sealed })
    expect(await ana.client.next('link_taken')).toEqual({ room: made.address, id })
    expect(code(await take(made, id))).toBe('no-access')
    await quiet()
    expect(ana.client.events('link_taken')).toHaveLength(1)
    expect(ben.client.events('link_taken')).toHaveLength(0)
  })

  it('[DL2] unknown, taken, withdrawn and expired offers, and those of other rooms, get one refusal', async () => {
    let nowMs = Date.now()
    const made = await room(1, { now: () => nowMs })
    const [ana] = made.members as [Member]
    const [taken, withdrawn, expired] = [newId(), newId(), newId()]
    for (const id of [taken, withdrawn, expired]) ok(await offer(ana, id))
    ok(await take(made, taken))
    ok(await ana.client.request('offer_link', { room: made.address, id: withdrawn }))
    const elsewhere = await take(made, expired, random(16) as string as typeof made.address)
    nowMs += limits.deviceLinkLifetimeMs
    const answers = [elsewhere, await take(made, newId())]
    for (const id of [taken, withdrawn, expired]) answers.push(await take(made, id))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(code(answers[0]!)).toBe('no-access')
  })

  it('[DL3] an id offered again holds the newest, and nobody else can take it over or back', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const id = newId()
    const newest = random(200)
    ok(await offer(ana, id))
    ok(await offer(ana, id, newest))
    expect(code(await offer(ben, id))).toBe('rate-limited')
    ok(await ben.client.request('offer_link', { room: made.address, id }))
    expect(await take(made, id)).toEqual({ ok: true, sealed: newest })
  })

  it('[DL4] a device has four at a time and the relay so many in all; those that end make room', async () => {
    let nowMs = Date.now()
    const made = await room(2, { now: () => nowMs, limits: { deviceLinks: 5 } })
    const [ana, ben] = made.members as [Member, Member]
    for (let i = 0; i < limits.deviceLinksPerDevice; i++) ok(await offer(ana, newId()))
    expect(code(await offer(ana, newId()))).toBe('rate-limited')
    ok(await offer(ben, newId()))
    expect(code(await offer(ben, newId()))).toBe('unavailable')
    nowMs += limits.deviceLinkLifetimeMs
    ok(await offer(ben, newId()))
    ok(await offer(ana, newId()))
  })

  it('[DL5] only members offer, of a size that the limit allows, and what they offered ends with their membership', async () => {
    const made = await room(2)
    const [ana, ben] = made.members as [Member, Member]
    const stranger = new Client(made.relay.url)
    ok(await stranger.join(new TestDevice(made.address), { joinKey: made.joinKey }))
    const waits = await stranger.request('offer_link', { room: made.address, id: newId(), sealed: random(10) })
    expect(code(waits)).toBe('no-access')
    expect(code(await offer(ana, newId(), random(limits.deviceLinkBytes)))).toBe('ok')
    expect(code(await offer(ana, newId(), random(limits.deviceLinkBytes + 1)))).toBe('bad-request')
    const id = newId()
    ok(await offer(ben, id))
    ok(await ben.client.request('leave', { room: made.address }))
    expect(code(await take(made, id))).toBe('no-access')
  })

  it('[DL6] tries from one address are counted, and come after hello', async () => {
    const made = await room(1, { limits: { linkTakesPerAddress: 3 } })
    const early = await new Client(made.relay.url).connected()
    expect(code(await early.request('take_link', { room: made.address, id: newId() }))).toBe('not-logged-in')
    for (let i = 0; i < 3; i++) expect(code(await take(made, newId()))).toBe('no-access')
    expect(code(await take(made, newId()))).toBe('rate-limited')
  })

  it('[DL7] the log has the sizes, and neither id nor bytes', async () => {
    const made = await room(1)
    const [ana] = made.members as [Member]
    const id = newId()
    ok(await offer(ana, id, random(300)))
    ok(await take(made, id))
    expect(await linesOf(ana, 'LINK_OFFERED')).toEqual(['[LINK_OFFERED] bytes=300'])
    expect(await linesOf(ana, 'LINK_TAKEN')).toEqual(['[LINK_TAKEN] bytes=300'])
  })
})

describe('who comes by another device of its own', () => {
  const person = personPair()

  async function withAna(options: Parameters<typeof room>[1] = {}) {
    const made = await room(1, options)
    const ana = await made.admit(new TestDevice(made.address, { person }))
    return { made, ana }
  }

  it('[DL8] a device of a member’s person waits without a link, and hears no more than others who wait', async () => {
    const { made, ana } = await withAna()
    const next = new TestDevice(made.address, { person })
    const client = new Client(made.relay.url)
    const joined = ok(await client.join(next))
    expect(joined).toEqual({ ok: true, device: next.id, state: 'waiting' })
    ok(await client.request('announce_pubkey', { room: made.address, request: random(90) }))
    await ana.client.next('user_list', (list) => list.waiting.includes(next.id))
    expect(code(await client.request('fetch_room_logs', { room: made.address, since_id: 0 }))).toBe('no-access')
    expect(
      code(await client.request('fetch_bundles', { room: made.address, hashes: [toBase64Url(next.credential)] })),
    ).toBe('no-access')
    expect(client.events('pubkey_list')).toHaveLength(0)
  })

  it('[DL9] a bundle with one signature that does not hold, and another person, are not let near', async () => {
    const { made } = await withAna()
    const stranger = new TestDevice(made.address)
    expect(code(await new Client(made.relay.url).join(stranger))).toBe('no-access')
    for (const breakSignature of [0, 1] as const) {
      const forged = new TestDevice(made.address, { person, breakSignature })
      expect(code(await new Client(made.relay.url).join(forged))).toBe('login-failed')
    }
  })

  it('[DL10] a device that was put out is not asked about again, and none is once the person has left', async () => {
    const { made, ana } = await withAna()
    const second = await made.admit(new TestDevice(made.address, { person }))
    const [owner] = made.members as [Member]
    ok(await owner.commit({ removed: [second.id] }))
    ok(await ana.ack((await ana.client.next('commit', (frame) => frame.removed.includes(second.id))).seq))
    await ana.client.next('commit_stands', ({ epoch }) => epoch === owner.epoch)
    expect(code(await new Client(made.relay.url).join(second.device))).toBe('no-access')
    const third = new TestDevice(made.address, { person })
    ok(await new Client(made.relay.url).join(third))
    ok(await ana.client.request('leave', { room: made.address }))
    expect(code(await new Client(made.relay.url).join(new TestDevice(made.address, { person })))).toBe('no-access')
  })

  it('[DL11] so many of one person wait; others are not kept out by them, and a full room takes no new person', async () => {
    const { made } = await withAna({ expected: 2, limits: { ownDevicesWaiting: 2 } })
    for (let i = 0; i < 2; i++) ok(await new Client(made.relay.url).join(new TestDevice(made.address, { person })))
    const third = new TestDevice(made.address, { person })
    expect(code(await new Client(made.relay.url).join(third))).toBe('rate-limited')
    ok(await new Client(made.relay.url).join(third, { joinKey: made.joinKey }))
    const full = await new Client(made.relay.url).join(new TestDevice(made.address), { joinKey: made.joinKey })
    expect(code(full)).toBe('room-full')
  })

  it('[DL12] one that knocks is told what strangers are told', async () => {
    const { made } = await withAna()
    const next = new TestDevice(made.address, { person })
    const client = new Client(made.relay.url)
    expect(code(await client.join(next, { knock: true }))).toBe('ok')
    await quiet()
    expect(client.events('user_list')).toHaveLength(0)
  })
})
