import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ClientEnv, Transport } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasText, openWorld, until, type World } from './world.ts'

let world: World
const output: string[] = []
beforeEach(async () => {
  world = await openWorld({ report: (record) => output.push(JSON.stringify(record)) })
})
afterEach(() => world.close())

/** A device whose every packet, both ways, is written down as the relay sees it. */
function tapped(packets: string[]): ClientEnv {
  const env = world.env()
  return {
    ...env,
    connect(url) {
      const transport = env.connect(url)
      const tap: Transport = {
        get host() {
          return transport.host
        },
        get socketId() {
          return transport.socketId
        },
        get state() {
          return transport.state
        },
        async request(name, payload, timeoutMs) {
          packets.push(`${name} ${JSON.stringify(payload)}`)
          const answer = await transport.request(name, payload, timeoutMs)
          packets.push(`${name} answered ${JSON.stringify(answer)}`)
          return answer
        },
        onEvent: (handler) =>
          transport.onEvent((name, payload, done) => {
            packets.push(`${name} ${JSON.stringify(payload)}`)
            handler(name, payload, done)
          }),
        onMalformed: (handler) => transport.onMalformed(handler),
        onState: (handler) => transport.onState(handler),
        onAwake: (handler) => transport.onAwake(handler),
        close: () => transport.close(),
      }
      return tap
    },
  }
}

/** How bytes may stand in a text: as they are, in hex, and in base64 at each of its three alignments, less the edges. */
function forms(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
      .slice(4, -4),
  )
  const base64Url = shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [bytes.toString('latin1'), bytes.toString('hex'), ...shifted, ...base64Url]
}

/** The records of BB84 keys in a device's storage, once there are some. */
async function padsOf(env: ClientEnv): Promise<Buffer[]> {
  for (let tries = 0; tries < 100; tries++) {
    const stored = await env.storage.list('device/')
    const pads = stored.filter(({ key }) => key.includes('/pad/')).map(({ value }) => Buffer.from(value))
    if (pads.length > 0) return pads
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('no key of BB84 was stored')
}

it('[SY13] texts, names, titles, link secrets, QKD bits and group secrets reach neither wire, database nor output in clear', async () => {
  const packets: string[] = []
  const ana = await world.create('Annabella Quux', undefined, tapped(packets))
  const link = ana.snapshot.invitePath!
  const benEnv = tapped(packets)
  const ben = await world.join('Benedikt Xyzzy', link, benEnv)
  await until(ben, (s) => s.phase.at === 'member')
  await ana.changeRoom({ title: 'Yellowhammer Society' })
  await until(ben, (room) => room.title === 'Yellowhammer Society')
  await ana.send('Zebrafish-Quartz-7719')
  await until(ben, hasText('Zebrafish-Quartz-7719'))

  // What BB84 gave, read from the device's storage while both ends still have it.
  await until(ben, (s) => s.quantum.links.some(({ state }) => state === 'completed'), 60_000)
  const pads = await padsOf(benEnv)
  await until(ben, (s) => s.quantum.label === 'quantum (simulated)', 60_000)

  const secrets = new Map<string, Buffer>([
    ['text', Buffer.from('Zebrafish-Quartz-7719')],
    ['name of Ana', Buffer.from('Annabella Quux')],
    ['name of Ben', Buffer.from('Benedikt Xyzzy')],
    ['title', Buffer.from('Yellowhammer Society')],
    ['link secret', Buffer.from(link.split('#v1.')[1]!, 'base64url')],
  ])
  // Key bytes stand at the end of a pad's record; any 24 of them would do.
  for (const pad of pads) secrets.set('QKD bits', pad.subarray(pad.length - 64, pad.length - 40))

  const folder = world.folder
  const database = readdirSync(folder).map((file) => readFileSync(path.join(folder, file)).toString('latin1'))
  const places = { packets: packets.join('\n'), database: database.join('\n'), output: output.join('\n') }
  expect(places.packets).toContain('bb84_relay')
  expect(places.packets).toContain('roomkey_share')
  expect(places.database).toContain('BB84_SESSION_DERIVED')
  for (const [what, bytes] of secrets) {
    for (const form of forms(bytes)) {
      for (const [where, text] of Object.entries(places))
        expect(text.includes(form), `${what} in the ${where}`).toBe(false)
    }
  }
  // The search itself finds what is there: the room's address is public.
  expect(places.packets).toContain(ana.snapshot.address)
})
