/** Under private certificates some browsers refuse WebSockets alone. One relay keeps polling for them. */
import { createServer, request as relayRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectSocketIo } from '@qsec/client/node'
import { startRelay } from '@qsec/server'
import { expect, it, onTestFinished } from 'vitest'

it('[LN44] a client whose WebSocket is refused goes on by polling, on which foreign and null origins are refused as ever', async () => {
  const relay = await startRelay({ port: 0, databasePath: ':memory:' })
  onTestFinished(() => relay.close())
  let upgrades = 0
  const between = createServer((request, response) => {
    const { method, url, headers } = request
    const inner = relayRequest({ port: relay.port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    request.pipe(inner.on('error', () => response.destroy()))
  }).on('upgrade', (_, socket) => {
    upgrades++
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    between.closeAllConnections()
    between.close()
  })
  const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`
  const client = connectSocketIo({ url })
  onTestFinished(() => client.close())
  await expect.poll(() => client.state, { timeout: 10_000 }).toBe('connected')
  expect(await client.request('hello', { versions: [1] })).toMatchObject({ ok: true })
  expect(upgrades).toBeGreaterThan(0)
  expect(client.state).toBe('connected')

  const ask = async (origin: string | undefined, method: string) => {
    const headers: HeadersInit = origin === undefined ? {} : { Origin: origin }
    return (await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { method, headers })).status
  }
  expect(await ask(undefined, 'GET')).toBe(200)
  expect(await ask(url, 'GET')).toBe(200)
  for (const origin of ['https://evil.example', 'null', url.replace('http:', 'ftp:')]) {
    for (const method of ['GET', 'POST'])
      expect([origin, method, await ask(origin, method)]).toEqual([origin, method, 403])
  }
})
