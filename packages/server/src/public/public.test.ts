import { chmodSync, statSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Client, relay, temporaryFolder } from '../../test/harness.ts'
import { readAccess } from '../access.ts'
import { Authority, type Identity } from '../certificates/index.ts'
import { readConfig } from '../config.ts'
import { readCreateToken } from '../create-token.ts'
import { loadCertificate, watchCertificate } from './certificate-files.ts'
import { type ChecksOptions, checkPublic } from './checks.ts'
import { startPublic } from './start.ts'
import { openToHttps } from './to-https.ts'

// A machine under load is slow, and that is no fault.
vi.setConfig({ testTimeout: 30_000 })

const dayMs = 86_400_000
const domain = 'chat.example.org'
const ca = await Authority.create({ name: 'a public CA', ...lifetime() })

function lifetime(days = 1) {
  return { notBefore: new Date(Date.now() - 2 * dayMs), notAfter: new Date(Date.now() + days * dayMs) }
}

function certificate(dns = domain, days = 1): Promise<Identity> {
  return ca.issue({ name: dns, usage: 'server', dns: [dns], ips: ['127.0.0.1'], ...lifetime(days) })
}

async function filesWith(identity: Identity) {
  const folder = temporaryFolder()
  const files = { certificate: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') }
  const write = ({ certificatePem, privateKeyPem }: Identity) => {
    writeFileSync(files.certificate, certificatePem)
    writeFileSync(files.key, privateKeyPem)
  }
  write(identity)
  return { files, write }
}

describe('settings', () => {
  it('[PU10] the command line says from where people come, and leaves the rest to the other settings', () => {
    expect(readAccess(['--port', '5'])).toEqual({ access: { from: 'here' }, rest: ['--port', '5'] })
    expect(readAccess(['--lan', '--port=5'])).toEqual({ access: { from: 'lan' }, rest: ['--port=5'] })
    expect(readAccess(['--public', 'Chat.Example.org.', '--cert=/c.pem', '--key', '/k.pem']).access).toEqual({
      from: 'public',
      domain,
      files: { certificate: '/c.pem', key: '/k.pem' },
    })
    const port = { QSEC_HTTP_PORT: '5080' }
    expect(readConfig({}, [], port)).toMatchObject({ httpPort: 5080, create: 'anybody' })
    expect(readConfig({ QSEC_HTTP_PORT: '80', QSEC_CREATE: 'token' }, [], port)).toMatchObject({
      httpPort: 80,
      create: 'token',
    })
    expect(readConfig({ QSEC_HTTP_PORT: 'off' }, [], port).httpPort).toBeUndefined()
  })

  it.each([
    [['--lan', '--public', domain], '--lan and --public'],
    [['--public'], '--public needs a value'],
    [['--public', 'localhost'], '--public takes a domain'],
    [['--public', 'https://chat.example.org'], '--public takes a domain'],
    [['--public', '203.0.113.7'], '--public takes a domain'],
    [['--public', domain, '--cert', 'c.pem'], '--cert and --key go together'],
    [['--cert', 'c.pem', '--key', 'k.pem'], '--cert goes with --public'],
  ])('[PU11] what makes no sense (%j) is named in one line', (args, words) => {
    expect(() => readAccess(args)).toThrow(words)
    expect(() => readAccess(args)).toThrow(/^[^\n]+$/)
  })

  it('[PU12] the token for making rooms is made once, for its owner alone, and a bad one is named', () => {
    const file = path.join(temporaryFolder(), 'data', 'create-token')
    const token = readCreateToken(file)
    expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(readCreateToken(file)).toBe(token)
    writeFileSync(file, 'short\n')
    expect(() => readCreateToken(file)).toThrow(/must hold a token of 16 to 200 characters/)
    if (process.platform === 'win32') return
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o640)
    expect(() => readCreateToken(file)).toThrow(/can be read by others/)
  })
})

describe('certificate files', () => {
  it('[PU13] a pair that fits is served; one that is foreign, over, mixed up or missing is named', async () => {
    const good = await certificate()
    const { files, write } = await filesWith(good)
    expect(loadCertificate(files, domain, Date.now())).toMatchObject({ ok: true, identity: good })
    const fault = (identity: Partial<Identity>) => {
      write({ ...good, ...identity })
      const loaded = loadCertificate(files, domain, Date.now())
      return loaded.ok ? undefined : loaded.fault
    }
    expect(fault(await certificate('other.example.org'))).toBe(`the certificate is not for ${domain}`)
    expect(fault(await certificate(domain, -1))).toMatch(/^the certificate ended on /)
    expect(fault({ privateKeyPem: (await certificate()).privateKeyPem })).toMatch(/do not belong together/)
    expect(fault({ privateKeyPem: 'x' })).toMatch(/holds no private key/)
    expect(fault({ certificatePem: 'x' })).toMatch(/holds no certificate/)
    const missing = loadCertificate({ ...files, key: '/nowhere/key.pem' }, domain, Date.now())
    expect(missing).toMatchObject({ ok: false, fault: 'the key /nowhere/key.pem cannot be read' })
  })

  it('[PU14] a new pair is taken without a restart; a bad one leaves the old in use and is told once', async () => {
    const first = await certificate()
    const { files, write } = await filesWith(first)
    const changed: Identity[] = []
    const faults: string[] = []
    const { look, close } = watchCertificate(() => loadCertificate(files, domain, Date.now()), first, {
      changed: (identity) => changed.push(identity),
      bad: (fault) => faults.push(fault),
    })
    onTestFinished(close)
    look()
    const second = await certificate()
    writeFileSync(files.certificate, second.certificatePem)
    look() // the key is still on its way
    write(second)
    look()
    expect([changed, faults]).toEqual([[second], []])
    write({ ...second, certificatePem: 'x' })
    for (let i = 0; i < 4; i++) look()
    expect(faults).toEqual([expect.stringMatching(/holds no certificate/)])
    write(first)
    look()
    expect(changed).toEqual([second, first])
  })

  it('[PU15] a relay with such files speaks TLS and takes the next pair while people stay connected', async () => {
    const { files } = await filesWith(await certificate())
    const started = await startPublic(
      { port: 0, databasePath: path.join(temporaryFolder(), 'qsec2.db'), plainRoot: '' },
      { from: 'public', domain, files },
    )
    onTestFinished(() => started.close())
    expect(started.words).toContain(`for the world: https://${domain}`)
    const options = { ca: ca.identity.certificatePem }
    const inside = await new Client(`https://127.0.0.1:${started.relay.port}`, options).connected()
    started.relay.useCertificate(await certificate())
    await new Client(`https://127.0.0.1:${started.relay.port}`, options).connected()
    expect(inside.socket.connected).toBe(true)
    const bad = { ...files, key: files.certificate }
    const databasePath = path.join(temporaryFolder(), 'qsec2.db')
    await expect(startPublic({ databasePath }, { from: 'public', domain, files: bad })).rejects.toThrow(
      /^--cert and --key: .* holds no private key/,
    )
  })
})

describe('what is looked at', () => {
  const lookup = ((_: string, options: { all?: boolean }, done: (...answer: unknown[]) => void) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) as never

  async function check(given: Partial<ChecksOptions>): Promise<string[]> {
    const checks = await checkPublic({
      domain,
      behind: 'http://127.0.0.1:5000',
      ca: ca.identity.certificatePem,
      lookup,
      ownAddresses: ['127.0.0.1'],
      ...given,
    })
    return checks.map(({ result, words }) => `${result}: ${words}`)
  }

  /** TLS in front of a relay, as a proxy has it. */
  async function proxied(relayPort: number, { host, upgrades = true }: { host?: string; upgrades?: boolean }) {
    const { certificatePem, privateKeyPem } = await certificate()
    const pass: RequestListener = async (request, response) => {
      const answer = await fetch(`http://127.0.0.1:${relayPort}${request.url}`, { headers: {} })
      response.statusCode = answer.status
      response.end(await answer.text())
    }
    const proxy = createServer({ cert: certificatePem, key: privateKeyPem }, pass).listen(0, '127.0.0.1')
    proxy.on('upgrade', (request, socket) => {
      if (!upgrades) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      const lines = request.rawHeaders.flatMap((name, i, all) =>
        i % 2 === 0 ? [`${name}: ${/^host$/i.test(name) && host ? host : all[i + 1]}`] : [],
      )
      const inner = connect(relayPort, '127.0.0.1', () => {
        inner.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
        inner.pipe(socket).pipe(inner)
      })
      for (const one of [inner, socket]) one.on('error', () => inner.destroy())
    })
    onTestFinished(() => void proxy.closeAllConnections())
    onTestFinished(() => void proxy.close())
    await new Promise((resolve) => proxy.once('listening', resolve))
    return (proxy.address() as AddressInfo).port
  }

  it('[PU16] a relay that the world can reach is well: name, page and WebSockets', async () => {
    const { relay: running } = await relay({ addresses: () => [`https://${domain}`] })
    const port = await proxied(running.port, {})
    expect(await check({ port })).toEqual([
      `ok: ${domain} has the address 127.0.0.1.`,
      `ok: https://${domain} is this relay, under a certificate that programs trust.`,
      'ok: WebSockets pass.',
    ])
    expect((await check({ port, ownAddresses: [] }))[0]).toMatch(/^look: .* none of this machine/)
  })

  it('[PU17] what is missing is named with what to do: address, port, trust, proxy, Host, WebSockets', async () => {
    const { relay: running } = await relay({ addresses: () => [`https://${domain}`] })
    const nobody = ((_: string, __: unknown, done: (error: Error) => void) => done(new Error('ENOTFOUND'))) as never
    expect(await check({ lookup: nobody })).toEqual([expect.stringMatching(/^missing: .* has no address/)])
    expect((await check({ port: 1 }))[1]).toMatch(/^missing: .* ECONNREFUSED\. Does the proxy run/)
    expect((await check({ port: 1, behind: undefined as never }))[1]).toMatch(/keep port 443 shut/)
    const good = await proxied(running.port, {})
    const stranger = await Authority.create({ name: 'another', ...lifetime() })
    expect((await check({ port: good, ca: stranger.identity.certificatePem }))[1]).toMatch(
      /cannot be reached from here: .*(?:VERIFY|SIGNATURE|LEAF|ISSUER)/,
    )
    const other = await relay()
    const elsewhere = await proxied(other.relay.port, {})
    expect((await check({ port: elsewhere }))[1]).toMatch(
      /something else answers \(200\).*pass it on to http:\/\/127\.0\.0\.1:5000/,
    )
    const renamed = await proxied(running.port, { host: 'localhost:5000' })
    expect((await check({ port: renamed }))[2]).toMatch(/^missing: .*Host header/)
    const polling = await proxied(running.port, { upgrades: false })
    expect((await check({ port: polling }))[2]).toMatch(/^missing: WebSockets do not pass \(400\)/)
  })

  it('[PU18] plain HTTP leads to the same place over TLS, there and nowhere else', async () => {
    const { port, close } = await openToHttps({ port: 0, host: '127.0.0.1', origin: `https://${domain}` })
    onTestFinished(close)
    const ask = async (place: string, init: RequestInit = {}) => {
      const { status, headers } = await fetch(`http://127.0.0.1:${port}${place}`, { redirect: 'manual', ...init })
      return [status, headers.get('location')]
    }
    expect(await ask('/room/lobby?username=Ben')).toEqual([308, `https://${domain}/room/lobby?username=Ben`])
    expect(await ask('//evil.example/')).toEqual([400, null])
    expect(await ask('/', { method: 'POST' })).toEqual([400, null])
  })
})
