import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, it } from 'vitest'
import { Client, code, type Member, ok, random, relay, room, temporaryFolder } from '../test/harness.ts'
import { drain } from './drain.ts'

it('[DR1] a relay that closes says when to come back, to everyone, and then ends the connections', async () => {
  const made = await room(3)
  const outside = await new Client(made.relay.url).connected()
  const clients = [...made.members.map(({ client }) => client), outside]
  const closed = made.relay.close()
  for (const client of clients) {
    const told = await client.next('drain')
    expect(told.in).toBeGreaterThanOrEqual(500)
    expect(told.in).toBeLessThan(10_500)
    await client.disconnected()
  }
  await closed
  const late = new Client(made.relay.url)
  await expect(late.connected()).rejects.toThrow()
})

it('[DR2] what was acknowledged before is heard before the end; what comes after is not taken', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  const said = ana.say({ ct: random(200_000) })
  const { seq } = ok(await said)
  const closed = made.relay.close()
  const late = ana.say().catch(() => undefined)
  await closed
  const answer = await late
  expect(answer === undefined || code(answer) === 'unavailable').toBe(true)
  expect(ben.client.events('encrypted_message').map((frame) => frame.seq)).toContain(seq)
  const { relay: second } = await relay({ databasePath: made.databasePath })
  expect(second.stats().rooms).toBe(1)
})

it('[DR3] they are spread: few come back soon, many not all at once, and nobody waits for ever', async () => {
  const told: number[] = []
  const connection = { sayDrain: (inMs: number) => void told.push(inMs), isFlushed: true }
  await drain([connection], async () => undefined)
  expect(told[0]).toBeLessThan(1_020)
  told.length = 0
  await drain(Array(2_000).fill(connection), async () => undefined)
  expect(Math.max(...told)).toBeLessThan(10_500)
  expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(5_000)
  // A reader that reads nothing holds the end up for a second, no more.
  await drain([{ ...connection, isFlushed: false }], () => new Promise(() => undefined))
})

it('[DR4] SIGTERM: told first, then out with 0', { timeout: 30_000 }, async () => {
  const main = path.join(import.meta.dirname, 'main.ts')
  const env = { PATH: process.env.PATH ?? '' }
  const child = spawn(process.execPath, [main, '--port', '0'], { cwd: temporaryFolder(), env })
  const exit = once(child, 'exit')
  const [out] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  const client = await new Client(/http:\/\/localhost:\d+/.exec(out)![0]).connected()
  child.kill('SIGTERM')
  await client.next('drain')
  await client.disconnected()
  expect(await exit).toEqual([0, null])
})
