/** The guides of deploy/ with the real programs: Caddy and nginx in front of a relay, and Node's permission model. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClosedRoom, joinRoom, parseLinkFragment, type RoomClient } from '@qsec/client'
import {
  connectSocketIo,
  memoryLocks,
  nodeClock,
  nodeRandom,
  openMemoryStorage,
  openNodeQuantum,
} from '@qsec/client/node'
import { parseRoomAddress } from '@qsec/protocol'
import { type RunningRelay, startRelay } from '@qsec/server'
import { Authority } from '@qsec/server/certificates'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkPublic } from '../../packages/server/src/public/checks.ts'
import { permissionFlags } from '../../scripts/permissions.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const domain = 'chat.example.org'
const dayMs = 86_400_000
const lifetime = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) }
const guide = (file: string): string => readFileSync(path.join(root, 'deploy', file), 'utf8')
const has = (command: string): boolean => spawnSync('which', [command]).status === 0

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'qsec-deploy-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A program that runs until the test is over. */
function run(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): { child: ChildProcess; said: () => string } {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  return { child, said: () => said }
}

async function until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(what())
}

interface Behind {
  relay: RunningRelay
  port: number
  ca: string
  certificate: string
  key: string
  folder: string
}

/** A relay, and a certificate for who stands in front of it. */
async function behind(): Promise<Behind> {
  const here = folder()
  const relay = await startRelay({
    port: 0,
    databasePath: path.join(here, 'qsec2.db'),
    tls: 'public',
    addresses: () => [`https://${domain}`],
  })
  onTestFinished(() => relay.close())
  const authority = await Authority.create({ name: 'a public CA', ...lifetime })
  const names = { dns: [domain], ips: ['127.0.0.1'] }
  const identity = await authority.issue({ name: domain, usage: 'server', ...names, ...lifetime })
  const [certificate, key] = [path.join(here, 'cert.pem'), path.join(here, 'key.pem')]
  writeFileSync(certificate, identity.certificatePem)
  writeFileSync(key, identity.privateKeyPem)
  return { relay, port: await freePort(), ca: authority.identity.certificatePem, certificate, key, folder: here }
}

async function isWell({ port, ca }: Behind, said: () => string): Promise<void> {
  const lookup = ((_: string, options: { all?: boolean }, done: (...answer: unknown[]) => void) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) as never
  const look = () => checkPublic({ domain, behind: 'the relay', port, ca, lookup, ownAddresses: ['127.0.0.1'] })
  let checks = await look()
  await until(
    async () => {
      checks = await look()
      return checks.every(({ result }) => result === 'ok')
    },
    () => `${JSON.stringify(checks)}\n${said()}`,
  )
  expect(checks).toHaveLength(3)
}

/** Two devices talk through the proxy, one by WebSocket and one by polling alone. */
async function talk({ port, ca }: Behind): Promise<void> {
  const relayUrl = `https://127.0.0.1:${port}`
  const env = (agent?: unknown) => ({
    storage: openMemoryStorage(),
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url: string) => connectSocketIo({ url, ca, ...(agent ? { agent } : {}) }),
    openQuantum: openNodeQuantum,
  })
  const ana = await createClosedRoom(env(), { relayUrl, name: 'Ana' })
  onTestFinished(() => ana.close())
  await until(
    () => ana.snapshot.invitePath !== undefined,
    () => JSON.stringify(ana.snapshot.phase),
  )
  const [, address, fragment] = /\/room\/([^#]+)(#.+)/.exec(ana.snapshot.invitePath!)!
  const secret = parseLinkFragment(fragment!)!
  const ben = await joinRoom(env(), parseRoomAddress(address)!, { relayUrl, name: 'Ben', secret })
  onTestFinished(() => ben.close())
  await until(
    () => ben.snapshot.phase.at === 'member',
    () => JSON.stringify(ben.snapshot.phase),
  )
  await ben.send('through the proxy')
  await until(
    () => hears(ana, 'through the proxy'),
    () => 'nothing was heard',
  )
}

function hears(room: RoomClient, text: string): boolean {
  return room.snapshot.timeline.some((item) => item.kind === 'message' && item.text === text)
}

/** Polls, posts a packet as large as the largest commit, and sees what a browser would. */
async function polls({ port, ca, relay }: Behind): Promise<void> {
  const { request } = await import('node:https')
  const ask = (
    place: string,
    body?: string,
  ): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> =>
    new Promise((resolve, reject) => {
      const asking = request(
        {
          host: '127.0.0.1',
          port,
          path: place,
          method: body === undefined ? 'GET' : 'POST',
          ca,
          agent: false,
          headers: { Host: domain, Origin: `https://${domain}` },
        },
        async (response) => {
          let text = ''
          for await (const piece of response.setEncoding('utf8')) text += piece
          resolve({ status: response.statusCode!, text, headers: response.headers })
        },
      )
      asking.on('error', reject)
      asking.end(body)
    })
  const opened = await ask('/socket.io/?EIO=4&transport=polling')
  const sid = /"sid":"([^"]+)"/.exec(opened.text)![1]
  const large = await ask(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, `4${'x'.repeat(17 * 1_048_576)}`)
  expect(large.status).not.toBe(413)
  const page = await ask('/')
  expect(page.status).toBe(relay.servesPages ? 200 : 404)
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
}

describe('in front of it', () => {
  it.skipIf(!has('caddy'))(
    '[PU23] Caddy, as its guide has it, passes pages, polling and WebSockets (skipped without caddy)',
    async () => {
      const stage = await behind()
      const config = path.join(stage.folder, 'Caddyfile')
      const site = guide('Caddyfile')
        .replace('127.0.0.1:5000', `127.0.0.1:${stage.relay.port}`)
        .replace(`${domain} {`, `${domain}, 127.0.0.1 {\n\ttls ${stage.certificate} ${stage.key}`)
      const ports = `http_port ${await freePort()}\n\thttps_port ${stage.port}`
      writeFileSync(config, `{\n\tadmin off\n\t${ports}\n\tdefault_sni ${domain}\n}\n${site}`)
      const home = {
        HOME: stage.folder,
        XDG_DATA_HOME: stage.folder,
        XDG_CONFIG_HOME: stage.folder,
        PATH: process.env.PATH ?? '',
      }
      const { said } = run('caddy', ['run', '--config', config, '--adapter', 'caddyfile'], {
        cwd: stage.folder,
        env: home,
      })
      await isWell(stage, said)
      await polls(stage)
      await talk(stage)
    },
  )

  it.skipIf(!has('nginx'))(
    '[PU24] nginx, as its guide has it, passes pages, polling and WebSockets (skipped without nginx)',
    async () => {
      const stage = await behind()
      const plain = await freePort()
      const site = guide('nginx.conf')
        .replaceAll(/\n\tlisten \[::\][^\n]+/g, '')
        .replace('listen 80;', `listen 127.0.0.1:${plain};`)
        .replace('listen 443 ssl;', `listen 127.0.0.1:${stage.port} ssl;`)
        .replaceAll('127.0.0.1:5000', `127.0.0.1:${stage.relay.port}`)
        .replace(/ssl_certificate \S+;/, `ssl_certificate ${stage.certificate};`)
        .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${stage.key};`)
      const config = path.join(stage.folder, 'nginx.conf')
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (one) => `${one}_temp_path ${stage.folder}/${one};`,
      )
      const http = `http {\naccess_log off;\n${temporary.join('\n')}\n${site}\n}`
      writeFileSync(config, `daemon off;\npid ${stage.folder}/pid;\nerror_log stderr;\nevents {}\n${http}`)
      const { said } = run('nginx', ['-e', 'stderr', '-c', config, '-p', stage.folder], { cwd: stage.folder })
      await isWell(stage, said)
      await polls(stage)
      await talk(stage)
      const redirect = await fetch(`http://127.0.0.1:${plain}/room/lobby`, {
        redirect: 'manual',
        headers: { Host: domain },
      })
      expect([redirect.status, redirect.headers.get('location')]).toEqual([308, `https://${domain}/room/lobby`])
    },
  )
})

it('[PU25] under the permissions of npm start the relay serves, keeps rooms and makes certificates, and can touch nothing else', async () => {
  const here = folder()
  const [data, cache] = [path.join(here, 'data'), path.join(here, 'cache')]
  mkdirSync(cache)
  const env = {
    PATH: process.env.PATH ?? '',
    QSEC_DATA_DIR: data,
    NODE_COMPILE_CACHE: cache,
    QSEC_HTTP_PORT: '0',
    QSEC_CREATE: 'token',
  }
  const flags = permissionFlags(root, ['--lan'], env, cache)
  const relay = path.join(root, 'packages/server/src/main.ts')
  const { child, said } = run(process.execPath, [...flags, relay, '--lan', '--port', '0'], { cwd: root, env })
  await until(() => /Rooms are made with the token/.test(said()), said)
  const door = `http://127.0.0.1:${/open http:\/\/\S+:(\d+)\n/.exec(said())![1]}`
  expect((await fetch(`${door}/qsec-ca.crt`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(said()).not.toMatch(/ERR_ACCESS_DENIED|"level":"error"/)

  // The same rights, for a program that tries more.
  const tries = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { spawnSync } from 'node:child_process'
    import { Worker } from 'node:worker_threads'
    const tried = [() => readFileSync('/etc/passwd'), () => writeFileSync(${JSON.stringify(path.join(root, 'planted'))}, 'x'),
      () => writeFileSync(${JSON.stringify(path.join(here, 'beside'))}, 'x'), () => spawnSync('id'), () => new Worker('1', { eval: true })]
    console.log(tried.map((one) => { try { one(); return 'done' } catch (error) { return error.code } }).join())`
  const outcome = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', tries], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect(outcome.stdout.trim()).toBe(Array(5).fill('ERR_ACCESS_DENIED').join())
})
