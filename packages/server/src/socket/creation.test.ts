import type { RoomAddress } from '@qsec/protocol'
import { expect, it, vi } from 'vitest'
import { Client, closedAddress, ok, openAddress, relay, TestDevice } from '../../test/harness.ts'

// A machine under load is slow, and that is no fault.
vi.setConfig({ testTimeout: 30_000 })

const createToken = 'n7Yp2mXw9RtLsYdAq7VnB3'

async function make(url: string, room: RoomAddress, token?: string) {
  const client = new Client(url)
  const create = { joinKeys: [], ...(token === undefined ? {} : { token }) }
  return client.join(new TestDevice(room), { create })
}

it('[PU1] without the token of whoever runs the relay nobody makes a room, with it anybody does', async () => {
  const { relay: running } = await relay({ createToken })
  for (const address of [openAddress(), closedAddress()]) {
    const refused = { ok: false, code: 'no-access', needs: 'create-token' }
    expect(await make(running.url, address)).toMatchObject(refused)
    expect(await make(running.url, address, `${createToken}x`)).toMatchObject(refused)
    expect(await make(running.url, address, createToken)).toMatchObject({ ok: true, created: true })
  }
  expect(running.stats().rooms).toBe(2)
})

it('[PU2] rooms that are there are entered without it, and an abandoned one is not begun anew', async () => {
  const { relay: running } = await relay({ createToken, limits: { abandonedAfterMs: 0 } })
  const room = openAddress()
  const first = new Client(running.url)
  ok(await first.join(new TestDevice(room), { create: { joinKeys: [], token: createToken } }))
  expect(await make(running.url, room)).toMatchObject({ ok: true, state: 'waiting' })
  first.socket.disconnect()
  await expect.poll(() => make(running.url, room)).toMatchObject({ ok: true, state: 'waiting' })
  expect(await make(running.url, room, createToken)).toMatchObject({ ok: true, created: true })
})

it('[PU3] wrong tokens are counted by address and told to the operator without themselves; the right one is still taken', async () => {
  const { relay: running, reports } = await relay({ createToken, limits: { wrongTokensPerAddress: 2 } })
  const tries = ['wrong-1', 'wrong-2', 'wrong-3', createToken]
  const answers: unknown[] = []
  for (const token of tries) {
    const answer = await make(running.url, openAddress(), token)
    answers.push(answer.ok ? 'made' : answer.code)
  }
  expect(answers).toEqual(['no-access', 'no-access', 'rate-limited', 'made'])
  expect(reports.filter(({ event }) => event === 'wrong-create-token')).toHaveLength(3)
  expect(JSON.stringify(reports)).not.toMatch(/wrong-\d|n7Yp2m/)
})
