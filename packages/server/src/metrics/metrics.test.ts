import { request } from 'node:http'
import type { Base64Url, FileId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { Client, code, ok, random, relay, room, until } from '../../test/harness.ts'
import type { RunningRelay } from '../server.ts'

interface Page {
  status: number
  body: string
  headers: NodeJS.Dict<string | string[]>
}

function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Page> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
    asked.on('error', reject).end()
  })
}

/** What Prometheus would read: every sample by its name with labels. */
async function scrape({ metricsPort }: RunningRelay): Promise<Map<string, number>> {
  const { status, body, headers } = await get(metricsPort!, '/metrics')
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  const samples = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map((line) => {
      const [, name, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? []
      expect(name, line).toBeDefined()
      return [name!, Number(value)]
    }),
  )
}

const metrics = { port: 0, host: '127.0.0.1' }

it('[OP6] a scrape tells what the relay does, in names that Prometheus reads', async () => {
  const { relay: running, members, address } = await room(3, { metrics, limits: { logPushMs: 60_000 } })
  const before = await scrape(running)
  ok(await members[0]!.say())
  ok(await members[1]!.say())
  expect(code(await members[2]!.client.request('commit_ack', { room: address, seq: 1e9 }))).not.toBe('internal')
  expect(code(await members[2]!.say({ epoch: 77 }))).toBe('stale-epoch')
  await until(() => members.every(({ client }) => client.events('encrypted_message').length === 2))
  const after = await scrape(running)
  const rise = (name: string) => after.get(name)! - before.get(name)!
  expect(after.get('qsec_rooms')).toBe(1)
  expect(after.get('qsec_connections')).toBe(3)
  expect(after.get('qsec_seats')).toBe(3)
  expect(after.get('qsec_ring_bytes')).toBeGreaterThan(0)
  expect(rise('qsec_deliveries_total')).toBeGreaterThanOrEqual(6)
  expect(rise('qsec_events_total{event="encrypted_message"}')).toBe(3)
  expect(rise('qsec_refusals_total{code="stale-epoch"}')).toBe(1)
  expect(after.get('qsec_refusals_total{code="internal"}')).toBe(0)
  expect(after.get('qsec_database_write_seconds_count')).toBeGreaterThan(0)
  expect(after.get('qsec_database_write_failures_total')).toBe(0)
  expect(after.get('qsec_database_bytes{file="database"}')).toBeGreaterThan(0)
  expect(after.get('qsec_disk_free_bytes')).toBeGreaterThan(0)
  expect(after.get('qsec_kept_bytes')).toBe(0)
  expect(after.get('qsec_slow_readers_cut_total')).toBe(0)
  expect(after.get('qsec_draining')).toBe(0)
  expect(after.get('qsec_event_loop_delay_seconds{quantile="0.99"}')).toBeGreaterThanOrEqual(0)
  expect(after.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
})

it('[OP26] a scrape tells how often HTTP refused, with which code, and no answer that gave something', async () => {
  const { relay: running } = await relay({ metrics })
  const { port } = running
  const counts = async () =>
    Object.fromEntries(
      [...(await scrape(running))].flatMap(([name, value]) => {
        const [, status] = /^qsec_http_refusals_total\{status="(\w+)"\}$/.exec(name) ?? []
        return status && value > 0 ? [[status, value]] : []
      }),
    )
  expect((await get(port, '/healthz')).status).toBe(200)
  expect(await counts()).toEqual({})
  expect((await get(port, '/nothing')).status).toBe(404)
  expect((await get(port, '/room/lab1', {}, 'POST')).status).toBe(405)
  expect((await get(port, '/', { Host: 'a b' })).status).toBe(400)
  const polling = '/socket.io/?EIO=4&transport=polling'
  expect((await get(port, polling, { Origin: 'https://evil.example' })).status).toBe(403)
  // The engine of Socket.IO refuses these by itself.
  expect((await get(port, `${polling}&sid=nobody`)).status).toBe(400)
  // A WebSocket and a request that is none are answered past Node's responses.
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', Origin: 'https://evil.example' }
  expect((await get(port, '/socket.io/?EIO=4&transport=websocket', upgrade)).status).toBe(403)
  expect((await get(port, '/', { 'X-Long': 'x'.repeat(40_000) })).status).toBe(431)
  expect(await counts()).toEqual({ 400: 2, 403: 2, 404: 1, 405: 1, 431: 1 })
})

it('[OP27] a scrape tells what became of wishes for pieces of files, and what of them is in memory', async () => {
  const { relay: running, members, address } = await room(3, { metrics })
  const [ana, ben, cleo] = members as [(typeof members)[0], (typeof members)[0], (typeof members)[0]]
  const file = random(16) as string as FileId
  const piece = random(300)
  const want = (from: typeof ana, of: FileId) =>
    from.client.request('file_want', { room: address, file: of, at: 0, first: ana.id })
  const give = async (from: typeof ana, given?: Base64Url) => {
    const { want: id } = await from.client.next('file_want')
    ok(await from.client.request('file_give', { room: address, want: id, ...(given ? { piece: given } : {}) }))
  }
  const pieces = (samples: Map<string, number>) =>
    ['given', 'held', 'none'].map((answer) => samples.get(`qsec_file_pieces_total{answer="${answer}"}`))
  expect(pieces(await scrape(running))).toEqual([0, 0, 0])
  const first = want(ben, file)
  await give(ana, piece)
  ok(await first)
  const between = await scrape(running)
  expect(pieces(between)).toEqual([1, 0, 0])
  expect(between.get('qsec_file_bytes')).toBe(piece.length)
  expect(between.get('qsec_file_bytes_limit')).toBeGreaterThan(piece.length)
  ok(await want(cleo, file))
  const after = await scrape(running)
  expect([pieces(after), after.get('qsec_file_bytes')]).toEqual([[1, 1, 0], 0])
  const gone = ben.client.request('file_want', {
    room: address,
    file: random(16) as string as FileId,
    at: 0,
    not: [ana.id, cleo.id],
  })
  ok(await gone)
  expect(pieces(await scrape(running))).toEqual([1, 1, 1])
})

it('[OP7] no room, device or address is in a metric', async () => {
  const { relay: running, members, address } = await room(2, { metrics })
  ok(await members[0]!.say())
  const { body } = await get(running.metricsPort!, '/metrics')
  for (const secret of [address, ...members.map(({ id }) => id), '127.0.0.1', '::1']) expect(body).not.toContain(secret)
  const labels = new Set([...body.matchAll(/([a-z]+)="/g)].map(([, label]) => label))
  expect([...labels].sort()).toEqual(['answer', 'code', 'event', 'file', 'le', 'outcome', 'quantile', 'status'])
})

it('[OP8] there are no metrics on the port of the relay, and nothing else on theirs', async () => {
  const { relay: running } = await relay({ metrics })
  for (const path of ['/metrics', '/metrics/', '/metrics?x', '//metrics', '/Metrics']) {
    const { status, body } = await get(running.port, path)
    expect(status, path).toBe(404)
    expect(body).not.toContain('qsec_')
  }
  const port = running.metricsPort!
  for (const path of ['/', '/healthz', '/metrics/', '/socket.io/?EIO=4&transport=polling', '/room/lab1']) {
    expect((await get(port, path)).status, path).toBe(404)
  }
  expect((await get(port, '/metrics', {}, 'POST')).status).toBe(405)
  expect((await relay()).relay.metricsPort).toBeUndefined()
})

it('[OP9] a page in a browser cannot read the metrics, by a name that leads here either', async () => {
  const { relay: running } = await relay({ metrics })
  const status = async (headers: Record<string, string>) =>
    (await get(running.metricsPort!, '/metrics', headers)).status
  expect(await status({ Origin: 'http://evil.example' })).toBe(403)
  expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403)
  expect(await status({ Host: `rebound.example:${running.metricsPort}` })).toBe(403)
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:9464']) expect(await status({ Host: host })).toBe(200)
})

it('[OP6] the metrics end with the relay, and a reader that does not read is counted', async () => {
  const { relay: running, members } = await room(2, { metrics, limits: { slowReaderBytes: 4_096, logPushMs: 60_000 } })
  const [talker, sleeper] = members as [(typeof members)[0], (typeof members)[0]]
  const socket = sleeper.client.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } }
  socket.ws._socket.pause()
  for (let i = 0; i < 40; i++) ok(await talker.say({ ct: Buffer.alloc(200_000, i).toString('base64url') as never }))
  await until(() => running.stats().connections === 1)
  expect((await scrape(running)).get('qsec_slow_readers_cut_total')).toBe(1)
  const { metricsPort } = running
  await running.close()
  await expect(get(metricsPort!, '/metrics')).rejects.toThrow()
  expect(new Client(running.url).socket.connected).toBe(false)
})
