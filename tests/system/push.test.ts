/** What devices tell the relay so that it can call others, over a real relay and a push service of our own. */
import { generateKeyPairSync } from 'node:crypto'
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import type { EncryptedMessage } from '@qsec/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { Vapid } from '../../packages/server/src/push/vapid.ts'
import { openPushService } from '../../packages/server/test/push-service.ts'
import { openWorld, until, type World } from './world.ts'

/** Surroundings that note which frames went out, and whether they were marked. */
function noting(world: World): { env: ClientEnv; sent: EncryptedMessage[] } {
  const sent: EncryptedMessage[] = []
  const env = world.env()
  const connect = (url: string) => {
    const transport = env.connect(url)
    const request = transport.request.bind(transport)
    transport.request = (name, payload, ...more) => {
      if (name === 'encrypted_message') sent.push(payload as EncryptedMessage)
      return request(name, payload, ...more)
    }
    return transport
  }
  return { env: { ...env, connect }, sent }
}

const has = (text: string) => (s: RoomSnapshot) =>
  s.timeline.some((item) => item.kind === 'message' && item.text === text)
const isMember = (s: RoomSnapshot) => s.phase.at === 'member' && s.people.filter(({ name }) => name).length === 2
const kinds = (sent: readonly EncryptedMessage[]) => ({
  room: sent.filter(({ pair, wakes }) => !pair && wakes).length,
  pair: sent.filter(({ pair, wakes }) => pair && wakes).length,
})

async function two(
  world: World,
): Promise<{ ana: RoomClient; ben: RoomClient; sent: EncryptedMessage[]; bens: EncryptedMessage[] }> {
  const [anas, bens] = [noting(world), noting(world)]
  const ana = await world.create('Ana', undefined, anas.env)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, bens.env)
  await until(ana, isMember)
  await until(ben, isMember)
  return { ana, ben, sent: anas.sent, bens: bens.sent }
}

it('[WP34] devices mark what people say, in the room and to one person, only while somebody wants to be called; never receipts', async () => {
  const service = await openPushService()
  onTestFinished(() => service.close())
  const vapid = new Vapid(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'mailto:a@b.example')
  const world = await openWorld({ push: { vapid, services: [service.origin], ca: service.ca } })
  onTestFinished(() => world.close())
  const { ana, ben, sent, bens } = await two(world)
  expect(ana.snapshot.push).toEqual({ key: vapid.publicKey, on: false })
  await ana.send('before')
  await until(ben, has('before'))
  expect(kinds(sent)).toEqual({ room: 0, pair: 0 })

  await ben.setPush(service.endpoint('ben'))
  await until(ben, (s) => s.push?.on === true)
  // Her device hears of it a moment later.
  await expect
    .poll(async () => {
      await ana.send('asked for')
      return kinds(sent).room
    })
    .toBe(1)
  await until(ben, has('asked for'))
  await ana.tell(ben.snapshot.self.device, 'for Ben alone')
  await until(ben, has('for Ben alone'))
  await expect.poll(() => kinds(sent)).toEqual({ room: 1, pair: 1 })
  // Ben has said nothing, and his device has acknowledged all of it.
  await expect.poll(() => bens.length).toBeGreaterThan(0)
  expect(kinds(bens)).toEqual({ room: 0, pair: 0 })
  expect(service.received).toEqual([])

  await ben.close()
  await expect
    .poll(async () => {
      await ana.send('while Ben is away')
      return service.received.length
    })
    .toBe(1)
  await expect(ana.setPush('http://push.example/')).rejects.toMatchObject({ code: 'bad-request' })
})

it('[WP34] a relay that calls nobody is sent no mark, which one of before would refuse, and says so when asked', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const { ana, ben, sent } = await two(world)
  expect(ana.snapshot.push).toBeUndefined()
  await ana.send('as ever')
  await until(ben, has('as ever'))
  expect(sent.some((one) => 'wakes' in one)).toBe(false)
  await expect(ana.setPush('https://push.example/a')).rejects.toMatchObject({ code: 'server-unavailable' })
})
