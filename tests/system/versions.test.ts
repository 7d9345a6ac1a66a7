/** An old client at a new relay, and the reverse: a relay of another version is one that answers `hello` as such. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { joinRoom, lookAtRoom, type RoomClient, returnToRoom } from '@qsec/client'
import { parseRoomAddress } from '@qsec/protocol'
import { Server } from 'socket.io'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorld, texts, until, type World } from './world.ts'

const address = parseRoomAddress('lab1')!

let world: World
const closing: (() => unknown)[] = []
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await world.close()
})

/** Answers `hello` with `answer`, and nothing else. */
async function relayThatAnswers(answer: object): Promise<string> {
  const http = createServer()
  const io = new Server(http)
  io.on('connection', (socket) => {
    socket.on('hello', (_hello: unknown, reply: (answer: object) => void) => reply(answer))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', () => resolve()))
  closing.push(() => io.close())
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

async function at(relayUrl: string): Promise<RoomClient> {
  const room = await joinRoom(world.env(), address, { relayUrl, name: 'Ana' })
  closing.push(() => room.close())
  return room
}

describe('versions of the protocol', () => {
  const nonce = 'BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgY'
  it.each([
    ['a newer relay', { ok: false, code: 'version', version: 2, message: 'older' }, 'client-older'],
    ['an older relay', { ok: false, code: 'version', version: 0, message: 'newer' }, 'relay-older'],
    ['a relay of before, which does not say its version', { ok: false, code: 'version', message: 'no' }, 'version'],
    ['a relay that takes a version that nobody offered', { ok: true, version: 2, nonce }, 'client-older'],
  ])('[OP23] at %s the device is told so and stops', async (_, answer, code) => {
    const room = await at(await relayThatAnswers(answer))
    const { phase } = await until(room, (s) => s.phase.at === 'refused')
    expect(phase).toMatchObject({ code })
    expect((phase as { message: string }).message).not.toBe('')
  })

  it('[OP23] a device keeps what it has through a relay of another version, and goes on at the right one', async () => {
    const env = world.env()
    const ana = await world.create('Ana', undefined, env)
    await ana.send('said before')
    await until(ana, (s) => s.timeline.some((item) => item.kind === 'message' && item.state === 'sent'))
    const room = ana.snapshot.address
    await ana.close()
    const known = await lookAtRoom(env, room, {})
    if (known.type !== 'known') throw new Error(known.type)
    const newer = await relayThatAnswers({ ok: false, code: 'version', version: 2, message: 'older' })
    const refused = await returnToRoom(env, known.device, { relayUrl: newer })
    await until(refused, (s) => s.phase.at === 'refused')
    expect(texts(refused.snapshot)).toEqual(['said before'])
    await refused.close()
    const back = await world.comeBack(env, room)
    await until(back, (s) => s.phase.at === 'member')
    expect(texts(back.snapshot)).toEqual(['said before'])
  })
})
