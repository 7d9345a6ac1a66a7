import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, it } from 'vitest'
import { Client, quiet, temporaryFolder, until } from '../test/harness.ts'
import { readConfig } from './config.ts'

const dayMs = 86_400_000
const main = path.join(import.meta.dirname, 'main.ts')

async function run(environment: Record<string, string>, args: string[] = []) {
  const cwd = temporaryFolder()
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env.PATH ?? '', ...environment } })
  const heard = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard.err += text
  })
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  return { child, heard, exit, cwd }
}

it.each([
  [{ PORT: 'abc' }, [], 'PORT'],
  [{ PORT: '70000' }, [], 'PORT'],
  [{}, ['--port'], 'PORT'],
  [{}, ['--prot', '5'], '--prot'],
  [{ HOST: 'a b' }, [], 'HOST'],
  [{ HOST: '203.0.113.1', PORT: '0' }, [], 'HOST'],
  [{ QSEC_KEEP_DAYS: '400' }, [], 'QSEC_KEEP_DAYS must be a number from 0 to 365'],
  [{ QSEC_TRUST_PROXY: 'yes' }, [], 'QSEC_TRUST_PROXY must be how many proxies (1 to 8) or their addresses'],
  [{ QSEC_ORIGINS: 'chat.example.org' }, [], 'QSEC_ORIGINS'],
  [{ QSEC2_DB: '/dev/null/x.db', PORT: '0' }, [], 'QSEC2_DB'],
])('[RL80] a bad value (%j %j) ends the start with one line that names it', async (environment, args, name) => {
  const { heard, exit } = await run(environment as Record<string, string>, args)
  const [code] = await exit
  expect(code).toBe(1)
  expect(heard.out).toBe('')
  expect(heard.err.trim().split('\n')).toHaveLength(1)
  expect(heard.err).toContain(name)
})

it('[RL81] a busy port ends the start with one line', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const { port } = busy.address() as AddressInfo
  const { heard, exit } = await run({ PORT: String(port) })
  expect((await exit)[0]).toBe(1)
  expect(heard.err).toBe(`PORT ${port} is in use already. Stop the other program or choose another port.\n`)
  busy.close()
})

it('[LN19] --lan starts both doors, and a busy or nonsensical second port ends the start with one line', async () => {
  const { child, heard, exit } = await run({ QSEC_HTTP_PORT: '0' }, ['--lan', '--port', '0'])
  while (!/\n {2}(?:[0-9A-F]{2} ){7}[0-9A-F]{2}\n$/.test(heard.out) && child.exitCode === null) await quiet()
  expect(heard.out).toMatch(/^QSEC is serving on https:\/\/\S+:\d+\n/)
  const guide = /open (http:\/\/\S+:(\d+))\n/.exec(heard.out)!
  expect((await fetch(`http://127.0.0.1:${guide[2]}/qsec-ca.crt`)).status).toBe(200)
  const second = await run({ QSEC_HTTP_PORT: guide[2]! }, ['--lan', '--port', '0'])
  expect((await second.exit)[0]).toBe(1)
  expect(second.heard.err).toBe(
    `QSEC_HTTP_PORT ${guide[2]} is in use already. Stop the other program or choose another port.\n`,
  )
  const third = await run({ QSEC_HTTP_PORT: 'x' }, ['--lan', '--port', '0'])
  expect((await third.exit)[0]).toBe(1)
  expect(third.heard.err).toBe('QSEC_HTTP_PORT must be a number from 0 to 65535, or off, not "x".\n')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
}, 60_000)

it('[OP10] a busy port of the metrics is named as such', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const { port } = busy.address() as AddressInfo
  const { heard, exit } = await run({ PORT: '0', QSEC_METRICS_PORT: String(port) })
  expect((await exit)[0]).toBe(1)
  expect(heard).toMatchObject({
    out: '',
    err: expect.stringMatching(/^QSEC_METRICS_PORT \d+ is in use already[^\n]*\n$/),
  })
  busy.close()
})

it.each(['SIGTERM', 'SIGINT'] as const)(
  '[RL82] it says where it serves, and %s ends it within 5 s with 0',
  async (signal) => {
    const { child, heard, exit } = await run({}, ['--port', '0'])
    await until(() => heard.out.includes('\n'))
    const url = /^QSEC is serving on (http:\/\/localhost:\d+)\n$/.exec(heard.out)![1]!
    await new Client(url).connected()
    const from = performance.now()
    child.kill(signal)
    expect(await exit).toEqual([0, null])
    expect(performance.now() - from).toBeLessThan(5_000)
  },
)

it('[RL83] what is not set has its default', () => {
  expect(readConfig({}, [])).toEqual({
    logLevel: 'warn',
    httpPort: undefined,
    create: 'anybody',
    push: undefined,
    relay: {
      port: 5000,
      host: '127.0.0.1',
      databasePath: path.join('data', 'qsec2.db'),
      origins: [],
      admin: true,
      metrics: undefined,
      limits: {
        keepDaysAtMost: 30,
        keptBytesInAll: 1_073_741_824,
        fileBytes: 104_857_600,
        logAgeMs: 90 * dayMs,
        trafficLogAgeMs: 14 * dayMs,
        endedRoomLogAgeMs: 30 * dayMs,
      },
    },
  })
  const ages = { QSEC_LOG_DAYS: '1', QSEC_LOG_TRAFFIC_DAYS: '2', QSEC_LOG_ENDED_DAYS: 'forever' }
  const keep = { QSEC_KEEP_DAYS: '0', QSEC_KEEP_MB: '5', ...ages }
  const origins = 'https://a.example, http://b.example:81'
  const set = { PORT: '1', HOST: '::1', QSEC_DATA_DIR: 'd', QSEC_ORIGINS: origins, ...keep }
  expect(readConfig({ ...set, QSEC_METRICS_PORT: '9', QSEC_LOG_LEVEL: 'debug' }, ['--port=2'])).toEqual({
    logLevel: 'debug',
    httpPort: undefined,
    create: 'anybody',
    push: undefined,
    relay: {
      port: 2,
      host: '::1',
      databasePath: path.join('d', 'qsec2.db'),
      origins: ['https://a.example', 'http://b.example:81'],
      admin: true,
      metrics: { port: 9, host: '127.0.0.1' },
      limits: {
        keepDaysAtMost: 0,
        keptBytesInAll: 5_242_880,
        fileBytes: 104_857_600,
        logAgeMs: dayMs,
        trafficLogAgeMs: 2 * dayMs,
        endedRoomLogAgeMs: Number.POSITIVE_INFINITY,
      },
    },
  })
  expect(readConfig({ QSEC_DATA_DIR: 'd', QSEC2_DB: 'x.db' }, []).relay.databasePath).toBe('x.db')
})
