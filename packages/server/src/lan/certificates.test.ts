import { X509Certificate } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { connect, createServer } from 'node:tls'
import { expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../../test/harness.ts'
import { Authority, type Identity } from '../certificates/index.ts'
import { type Keyring, openKeyring } from './keyring.ts'
import { type Interfaces, type LanNames, namesOf } from './names.ts'
import { appleProfile } from './profile.ts'

// A machine under load is slow, and that is no fault.
vi.setConfig({ testTimeout: 30_000 })

const dayMs = 86_400_000
const nest: LanNames = { ips: ['192.168.1.5', 'fd00::5'], dns: ['nest.local', 'nest', 'nest.office.example'] }

async function keyring(folder = path.join(temporaryFolder(), 'lan'), now?: () => number): Promise<Keyring> {
  return openKeyring({ folder, host: 'nest', ...(now ? { now } : {}) })
}

/** What a TLS client says of a server of that name; undefined: it is content. */
async function visit(identity: Identity, ca: string | undefined, name: string): Promise<string | undefined> {
  const server = createServer({ cert: identity.certificatePem, key: identity.privateKeyPem }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  return new Promise((resolve) => {
    // Node checks an address in `host` as an address, and takes no server name for it.
    const options = /[:]|^\d/.test(name)
      ? { checkServerIdentity: (_: string, seen: { raw: Buffer }) => byAddress(seen.raw, name) }
      : { servername: name }
    const socket = connect({ host: '127.0.0.1', port, ...(ca ? { ca } : {}), ...options }, () => settle(undefined))
    const settle = (fault: string | undefined): void => {
      socket.destroy()
      resolve(fault)
    }
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
  })
}

function byAddress(raw: Buffer, address: string): Error | undefined {
  return new X509Certificate(raw).checkIP(address) ? undefined : new Error('another address')
}

it('[LN1] the first start makes an authority for its owner alone; the next ones have the same', async () => {
  const folder = path.join(temporaryFolder(), 'lan')
  const first = await keyring(folder)
  await first.certificateFor(nest)
  if (process.platform !== 'win32') {
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(folder)) expect(statSync(path.join(folder, file)).mode & 0o777, file).toBe(0o600)
  }
  const second = await keyring(folder)
  expect(second.authority.fingerprint256).toBe(first.authority.fingerprint256)
  expect(await second.certificateFor(nest)).toEqual(await first.certificateFor(nest))
  expect((await keyring()).authority.fingerprint256).not.toBe(first.authority.fingerprint256)
})

it('[LN2] its certificate is for all names and addresses, for servers, and no longer than phones accept', async () => {
  const keys = await keyring()
  const identity = await keys.certificateFor(nest)
  const certificate = new X509Certificate(identity.certificatePem)
  expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThanOrEqual(397 * dayMs)
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(certificate.ca).toBe(false)
  for (const name of ['localhost', 'nest.local', 'nest', '127.0.0.1', '::1', '192.168.1.5', 'fd00::5']) {
    expect([name, await visit(identity, keys.authorityPem, name)]).toEqual([name, undefined])
  }
  expect(await visit(identity, keys.authorityPem, 'other.local')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  expect(await visit(identity, undefined, 'nest.local')).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  // Not within what the authority may vouch for, so it is left out: with it the whole certificate would be refused.
  expect(certificate.checkHost('nest.office.example')).toBeUndefined()
})

it('[LN3] whoever steals the key of the authority can vouch for no name outside of a local network', async () => {
  const lifetime = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) }
  const folder = path.join(temporaryFolder(), 'lan')
  const { authorityPem } = await keyring(folder)
  const [privateKeyPem] = readFileSync(path.join(folder, 'ca.pem'), 'utf8').split(/(?=-----BEGIN CERT)/) as [string]
  const stolen = await Authority.load({ certificatePem: authorityPem, privateKeyPem })
  const accepted: string[] = []
  for (const dns of ['nest.local', 'bank.example', 'notlocal', 'xnest']) {
    const identity = await stolen.issue({ name: 'x', usage: 'server', dns: [dns], ...lifetime })
    if ((await visit(identity, authorityPem, dns)) === undefined) accepted.push(dns)
  }
  expect(accepted).toEqual(['nest.local'])
  // An authority of the same name with another key is another one.
  const other = await Authority.create({ name: 'QSEC on nest', ...lifetime })
  const forged = await other.issue({ name: 'x', usage: 'server', dns: ['nest.local'], ...lifetime })
  expect(await visit(forged, authorityPem, 'nest.local')).toBeDefined()
})

it('[LN4] a new certificate is made when addresses come and when the old one nears its end, and not before', async () => {
  let nowMs = Date.now()
  const keys = await keyring(undefined, () => nowMs)
  const first = await keys.certificateFor(nest)
  nowMs += 50 * dayMs
  expect(await keys.certificateFor(nest)).toBe(first)
  expect(await keys.certificateFor({ ...nest, ips: nest.ips.slice(1) })).toBe(first) // a network that is away for a while
  const moved = await keys.certificateFor({ ...nest, ips: ['10.0.0.7'] })
  expect(moved).not.toBe(first)
  expect(new X509Certificate(moved.certificatePem).checkIP('10.0.0.7')).toBeDefined()
  nowMs += 70 * dayMs
  const renewed = await keys.certificateFor({ ...nest, ips: ['10.0.0.7'] })
  expect(renewed).not.toBe(moved)
  expect(Date.parse(new X509Certificate(renewed.certificatePem).validTo)).toBeGreaterThan(nowMs + 60 * dayMs)
})

it('[LN5] a key that others can read, or a damaged file, ends the start with words', async () => {
  const folder = path.join(temporaryFolder(), 'lan')
  await keyring(folder)
  const file = path.join(folder, 'ca.pem')
  if (process.platform !== 'win32') {
    chmodSync(file, 0o644)
    await expect(keyring(folder)).rejects.toThrow(/ca\.pem holds a key and can be read by others/)
    chmodSync(file, 0o600)
  }
  writeFileSync(file, '-----BEGIN PRIVATE KEY-----\n', { mode: 0o600 })
  await expect(keyring(folder)).rejects.toThrow(/ca\.pem is damaged/)
})

const info = (address: string, internal = false) =>
  ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as never
const interfaces: Interfaces = {
  lo: [info('127.0.0.1', true), info('::1', true)],
  docker0: [info('172.17.0.1')],
  eth0: [info('10.0.0.2'), info('fe80::1'), info('2001:db8::2')],
  wlan0: [info('192.168.1.5')],
}

it('[LN6] of this machine’s addresses those that others can use count, the one that leads out first', () => {
  expect(namesOf(interfaces, 'Nest.Office.Example', '192.168.1.5')).toEqual({
    ips: ['192.168.1.5', '10.0.0.2', '172.17.0.1', '2001:db8::2'],
    dns: ['nest.local', 'nest', 'nest.office.example'],
  })
  expect(namesOf({}, 'localhost')).toEqual({ ips: [], dns: [] })
  for (const host of ['', 'a_b', '-nest', '192.168.1.5', `${'a'.repeat(64)}.example`]) {
    expect(namesOf({}, host).dns, host).toEqual([])
  }
})

it('[LN7] the profile for Apple’s devices holds the authority, marked as a root, and the same one each time', async () => {
  const { authority } = await keyring()
  const profile = appleProfile(authority, 'QSEC on <nest> & "co"')
  const [, data] = /<data>([^<]+)<\/data>/.exec(profile)!
  expect(Buffer.from(data!, 'base64')).toEqual(authority.raw)
  expect(profile).toContain('<string>com.apple.security.root</string>')
  expect(profile).toContain('QSEC on &#60;nest&#62; &#38; &#34;co&#34;')
  const uuids = profile.match(/[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}/g)
  expect(new Set(uuids).size).toBe(2)
  expect(appleProfile(authority, 'QSEC on <nest> & "co"')).toBe(profile)
})
