import { parseRefusal } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { Client, code, ok, openAddress, relay, TestDevice } from '../../test/harness.ts'

it('[OP22] a client of another version is told which of the two is older, and one that speaks ours too is taken', async () => {
  const { relay: running, reports } = await relay()
  const client = await new Client(running.url).connected()
  const hello = (versions: number[]) => client.request('hello', { versions })
  for (const [versions, words] of [
    [[0], /^This client is older than the relay/],
    [[2], /^This relay is older than the client/],
    [[9, 2, 0], /^This relay is older than the client/],
    [[], /./],
  ] as const) {
    const refused = parseRefusal(await hello([...versions]))
    expect(refused, String(versions)).toMatchObject({ code: 'version', version: 1 })
    expect(refused!.message).toMatch(words)
  }
  expect(ok(await hello([2, 1]))).toMatchObject({ version: 1 })
  // The refusals have harmed nothing: the same connection logs in.
  ok(await client.join(new TestDevice(openAddress()), { create: { joinKeys: [] } }))
  expect(code(await client.request('hello', { versions: ['1'] } as never))).toBe('bad-request')
  expect(reports).toEqual([])
})
