/** `qsec release` and `qsec verify` against a real relay, and one that changes what it serves. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type RunningRelay, startRelay } from '@qsec/server'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { TestAuthority } from '../../apps/cli/src/kme/certificates.ts'
import { openReleaseFolder, type ReleaseFolder } from '../../apps/cli/src/release/folder.ts'
import { compare } from '../../apps/cli/src/verify/compare.ts'
import { openFetcher } from '../../apps/cli/src/verify/fetch.ts'
import { buildHere } from './build-here.ts'
import { openTamperingProxy, type Passing, type Tamper, type TamperingProxy } from './tampering-proxy.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const folder = mkdtempSync(path.join(tmpdir(), 'qsec-verify-'))
const built = path.join(folder, 'dist')
let relay: RunningRelay
let proxy: TamperingProxy
let release: ReleaseFolder
/** Paths of the build: its script, its style, a worker and the one that is loaded first. */
let script = ''
let style = ''
let worker = ''

interface Ended {
  code: number
  out: string
  err: string
}

const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: path.join(folder, 'compiled') }

function qsec(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

beforeAll(async () => {
  cpSync(await buildHere(), built, { recursive: true })
  expect(await qsec('release', 'keygen', 'ours')).toMatchObject({ code: 0 })
  expect(await qsec('release', 'keygen', 'theirs')).toMatchObject({ code: 0 })
  expect(await qsec('release', 'sign', 'dist', '--key', 'ours.secret')).toMatchObject({ code: 0 })
  relay = await startRelay({ databasePath: path.join(folder, 'qsec2.db'), webRoot: built })
  proxy = await openTamperingProxy(relay.port)
  release = await openReleaseFolder(built)
  const [html, files] = [
    readFileSync(path.join(built, 'index.html'), 'utf8'),
    release.list.files.map((one) => one.path),
  ]
  script = /<script [^>]*src="(\/assets\/[^"]+)"/.exec(html)![1]!
  style = /<link rel="stylesheet"[^>]*href="(\/assets\/[^"]+)"/.exec(html)![1]!
  worker = `/${files.find((file) => file.includes('.worker-'))}`
})
beforeEach(() => {
  proxy.tamper = () => undefined
})
afterAll(async () => {
  await proxy?.close()
  await relay?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What is said of a server that tampers so. */
async function differences(tamper: Tamper): Promise<string[]> {
  proxy.tamper = tamper
  const fetcher = openFetcher(new URL(proxy.url), undefined)
  const { differences } = await compare(new URL(proxy.url), fetcher, { folder: release })
  fetcher.close()
  return differences.map(({ where, what }) => `${where}: ${what}`)
}

/** One bit is another in the answer at `file`. */
const bentAt =
  (file: string): Tamper =>
  (where, answer) => {
    if (where === file) answer.body[answer.body.length >> 1]! ^= 1
    return undefined
  }

it('[RV1] a server that serves the release is called the same, by its folder and by its key', async () => {
  const byFolder = await qsec('verify', relay.url, '--release', 'dist', '--json')
  expect([byFolder.code, byFolder.err]).toEqual([0, ''])
  const { version, list } = { ...release, version: release.list.version }
  expect(JSON.parse(byFolder.out)).toMatchObject({
    same: true,
    version,
    relay: relay.url,
    differences: [],
    signed: true,
  })
  expect(JSON.parse(byFolder.out).answers).toBeGreaterThan(list.files.length)
  const byKey = await qsec('verify', proxy.url, '--key', 'ours.pub')
  expect([byKey.code, byKey.err]).toEqual([0, ''])
  expect(byKey.out).toContain('The same as what that key has signed')
  expect(await differences(() => undefined)).toEqual([])
})

it('[RV2] one changed byte is found in any file, at every address of the page, and behind a compression', async () => {
  for (const file of [script, style, worker, '/third-party-notices.txt']) {
    const found = await differences(bentAt(file))
    expect([file, found]).toEqual([file, [expect.stringContaining(`${file}: other bytes`)]])
  }
  for (const page of ['/', '/room/lobby', '/room/AAAAAAAAAAAAAAAAAAAAAA', '/?x=1']) {
    const found = await differences(bentAt(page))
    expect([page, found]).toEqual([page, [expect.stringContaining(`${page}: other bytes`)]])
  }
  const squeezed = await differences((where, answer, asked) => {
    if (where !== script || !asked.headers['accept-encoding']?.includes('gzip')) return undefined
    return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: gzipSync('evil()') }
  })
  expect(squeezed).toEqual([expect.stringContaining(`${script}: other bytes`)])
  // Honest for whoever takes it compressed, and otherwise not.
  const plain = await differences((where, answer, asked) => {
    if (where !== script) return undefined
    if (asked.headers['accept-encoding'] === 'identity') return { ...answer, body: Buffer.from('evil()') }
    return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: gzipSync(answer.body) }
  })
  expect(plain).toEqual([expect.stringMatching(/other bytes.*without compression/)])
  // The exit code and the words are those of the program.
  proxy.tamper = bentAt(script)
  const told = await qsec('verify', proxy.url, '--release', 'dist')
  expect([told.code, told.err]).toEqual([3, ''])
  expect(told.out).toContain(`DIFFERENT  ${script}: other bytes`)
  expect(told.out).toContain('NOT the same')
})

it('[RV9] the laboratory and the guide of plain HTTP are held against the release, at every address of theirs', async () => {
  const plain = release.list.files.map((file) => `/${file.path}`).filter((file) => file.startsWith('/plain/'))
  const endings = ['/guide.html', '/lab.html', '.worker-', '/lab-', '/guide-']
  for (const ending of endings) expect(plain.filter((file) => file.includes(ending)).length, ending).toBeGreaterThan(0)
  for (const file of [...plain, '/lab']) {
    expect([file, await differences(bentAt(file))]).toEqual([file, [expect.stringContaining(`${file}: other bytes`)]])
  }
  const labWorker = plain.find((file) => file.includes('.worker-'))!
  const freed = await differences((where, { headers }) => {
    if (where === labWorker) headers['content-security-policy'] = "default-src 'self'"
    return undefined
  })
  expect(freed).toEqual([expect.stringMatching(/worker.*default-src is not/), expect.stringContaining(labWorker)])
  // A release that has none is not served one: it is a page of the same origin.
  const files = release.list.files.filter(({ path }) => !path.startsWith('plain/'))
  const fetcher = openFetcher(new URL(relay.url), undefined)
  const older = { ...release, list: { ...release.list, files } }
  const told = (await compare(new URL(relay.url), fetcher, { folder: older })).differences
  fetcher.close()
  expect(told).toContainEqual({ where: '/lab', what: 'answers with 200 where the release has no file' })
})

it('[RV3] a header that is missing, weaker or too much is found', async () => {
  const policy = 'content-security-policy'
  const types = "; require-trusted-types-for 'script'"
  const instead = (find: string, replace: string) => (headers: Passing['headers']) => {
    headers[policy] = String(headers[policy]).replace(find, replace)
  }
  const without = (name: string) => (headers: Passing['headers']) => {
    delete headers[name]
  }
  const given = (name: string, value: string) => (headers: Passing['headers']) => {
    headers[name] = value
  }
  const cases: [what: string, at: string, change: (headers: Passing['headers']) => void, says: RegExp][] = [
    ['no policy', '/', without(policy), /content-security-policy is missing/],
    ['no opener policy', '/', without('cross-origin-opener-policy'), /opener-policy is missing/],
    ['no policy at a script', script, without(policy), /is missing/],
    ['a worker that may more', worker, given(policy, "default-src 'self'"), /default-src is not/],
    ['inline code', '/', instead("script-src 'self'", "script-src 'self' 'unsafe-inline'"), /script-src is not/],
    ['connections anywhere', '/', instead("connect-src 'self'", "connect-src 'self' *"), /connect-src is not/],
    ['another host', '/', instead("connect-src 'self'", 'connect-src https://evil.example'), /connect-src is not/],
    [
      'scripts besides',
      '/',
      instead("base-uri 'none'", "base-uri 'none'; script-src-elem *"),
      /script-src-elem besides/,
    ],
    ['no types', '/', instead(types, ''), /no require-trusted-types-for/],
    ['a link', '/', given('link', '<https://evil.example/x.css>; rel=stylesheet'), /header link does not belong/],
    ['a cookie', '/', given('set-cookie', 'a=b'), /set-cookie does not belong/],
    ['a script as text', script, given('content-type', 'text/html'), /content-type/],
  ]
  for (const [what, at, change, says] of cases) {
    const found = await differences((where, { headers }) => {
      if (where === at) change(headers)
      return undefined
    })
    expect([what, found]).toEqual([what, expect.arrayContaining([expect.stringMatching(says)])])
    expect([what, found.filter((line) => !line.startsWith(`${at}: `))]).toEqual([what, []])
  }
  // Whoever forbids more is welcome.
  const stricter = instead("default-src 'none'", "default-src 'none'; upgrade-insecure-requests")
  expect(
    await differences((_, { headers }) => {
      stricter(headers)
      return undefined
    }),
  ).toEqual([])
})

it('[RV4] a file that the release does not have, one that is gone, and an address that should be empty are found', async () => {
  const list = JSON.parse(release.listBytes.toString()) as { files: { path: string; bytes: number; sha256: string }[] }
  const extra = { path: 'assets/extra-1.js', bytes: 1, sha256: 'a'.repeat(64) }
  const served = Buffer.from(JSON.stringify({ ...list, files: [...list.files, extra] }))
  const named = await differences((where, answer) =>
    where === '/qsec-files.json' ? { ...answer, body: served } : undefined,
  )
  expect(named).toEqual(['/assets/extra-1.js: an extra file', '/qsec-files.json: is not the list of the release'])
  const gone = await differences((where, answer) => (where === style ? { ...answer, status: 404 } : undefined))
  expect(gone).toEqual([`${style}: answers with 404`])
  const moved = await differences((where, answer) => {
    return where === style
      ? { ...answer, status: 302, headers: { ...answer.headers, location: `${style}?2` } }
      : undefined
  })
  expect(moved).toEqual([`${style}: answers with 302`])
  const planted = await differences((where, answer) =>
    where === '/service-worker.js' ? { ...answer, status: 200 } : undefined,
  )
  expect(planted).toEqual(['/service-worker.js: answers with 200 where the release has no file'])
  const everywhere = await differences((_, answer) => (answer.status === 404 ? { ...answer, status: 200 } : undefined))
  expect(everywhere.length).toBeGreaterThan(4)
})

it('[RV5] the key says who has made it: unsigned, signed by somebody else and signed for other files are differences', async () => {
  const by = async (tamper: Tamper, key = 'ours.pub') => {
    proxy.tamper = tamper
    const { code, out } = await qsec('verify', proxy.url, '--key', key, '--json')
    return [code, ...(JSON.parse(out) as { differences: { where: string; what: string }[] }).differences]
  }
  const signature = '/qsec-files.json.sig'
  const instead =
    (text: string): Tamper =>
    (where, answer) =>
      where === signature ? { ...answer, body: Buffer.from(text) } : undefined
  expect(await by(() => undefined, 'theirs.pub')).toEqual([
    3,
    { where: signature, what: expect.stringMatching(/^it is signed by [0-9a-f]{64}, not by [0-9a-f]{64}$/) },
  ])
  expect(await by(instead('{"unsigned":"built here"}'))).toEqual([3, { where: signature, what: 'it is not signed' }])
  expect(await by(instead('nonsense'))).toEqual([3, { where: signature, what: 'its signature is not of these files' }])
  const respaced = Buffer.from(`${release.listBytes} `)
  const relisted: Tamper = (where, answer) => (where === '/qsec-files.json' ? { ...answer, body: respaced } : undefined)
  expect(await by(relisted)).toEqual([3, { where: signature, what: 'its signature is not of these files' }])
})

it('[RV6] it trusts a private authority where it is told to, follows no redirect, and reads no answer without end', async () => {
  const authority = await TestAuthority.create()
  const tls = await openTamperingProxy(relay.port, await authority.issueKme('relay'))
  writeFileSync(path.join(folder, 'ca.pem'), authority.certificatePem)
  const against = ['--key', 'ours.pub']
  try {
    expect(await qsec('verify', tls.url, ...against, '--ca', 'ca.pem')).toMatchObject({ code: 0, err: '' })
    const strange = await qsec('verify', tls.url, ...against)
    expect([strange.code, strange.out]).toEqual([1, ''])
    expect(strange.err).toMatch(/^https:\/\/localhost:\d+ does not answer: .*certificate[^\n]*\n$/)
    tls.tamper = (_, answer) => ({
      ...answer,
      status: 301,
      headers: { location: 'https://evil.example/qsec-files.json' },
    })
    const sent = await qsec('verify', tls.url, ...against, '--ca', 'ca.pem')
    expect([sent.code, sent.err]).toEqual([
      1,
      expect.stringMatching(/sends everybody to https:\/\/evil\.example, [^\n]*\n$/),
    ])
  } finally {
    await tls.close()
  }
  const endless = await differences((where, answer) => {
    return where === script ? { ...answer, body: Buffer.alloc(64 * 1_048_576) } : undefined
  })
  expect(endless).toEqual([expect.stringMatching(/no whole answer: more than \d+ bytes/)])
  const bomb = gzipSync(Buffer.alloc(64 * 1_048_576))
  const inflated = await differences((where, answer) => {
    return where === script
      ? { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: bomb }
      : undefined
  })
  expect(inflated).toEqual([expect.stringContaining('no whole answer')])
  proxy.tamper = (_, answer) => ({ ...answer, body: Buffer.alloc(1_048_576, ' ') })
  expect(await qsec('verify', proxy.url, ...against)).toMatchObject({ code: 1, out: '' })
  expect(await qsec('verify', 'http://127.0.0.1:9', ...against)).toMatchObject({ code: 1, out: '' })
})

it('[RV7] a command line that makes no sense ends with one line and 2', async () => {
  for (const args of [
    ['verify', relay.url],
    ['verify', 'nonsense', '--key', 'ours.pub'],
    ['verify', `${relay.url}/room/lobby#v1.${'x'.repeat(43)}`, '--key', 'ours.pub'],
    ['release', 'sign'],
    ['client', '--relay', 'chat.example.org'],
    ['client', '--relay', 'https://chat.example.org/', '--port', '0'],
  ]) {
    const { code, out, err } = await qsec(...args)
    expect([args, code, out]).toEqual([args, 2, ''])
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(err).not.toContain('xxxx')
  }
})

it('[RE7] a key is made once, for its owner alone; what is signed is held against its list first', async () => {
  expect(statSync(path.join(folder, 'ours.secret')).mode & 0o777).toBe(0o600)
  const before = readFileSync(path.join(folder, 'ours.secret'))
  expect(await qsec('release', 'keygen', 'ours')).toMatchObject({ code: 1, out: '' })
  expect(readFileSync(path.join(folder, 'ours.secret'))).toEqual(before)
  const shown = await qsec('release', 'show', '--key', 'ours.pub')
  expect(shown.out).toMatch(/^(?:[0-9a-f]{4} ){15}[0-9a-f]{4}\n$/)
  const { out } = await qsec('release', 'show', 'dist')
  expect(out).toMatch(/^origin {2}signed 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ by the key [0-9a-f]{64}$/m)

  const sign = () => qsec('release', 'sign', 'bent', '--key', 'ours.secret')
  const faults: [change: (at: string) => void, says: RegExp][] = [
    [(at) => writeFileSync(path.join(at, 'index.html'), '<!doctype html>'), /index\.html was changed/],
    [(at) => rmSync(path.join(at, worker)), /is missing/],
    [(at) => writeFileSync(path.join(at, 'extra.js'), ''), /extra\.js is not in it/],
    [(at) => writeFileSync(path.join(at, 'qsec-files.json'), '{}'), /is no list of a build/],
  ]
  for (const [change, says] of faults) {
    const at = path.join(folder, 'bent')
    rmSync(at, { recursive: true, force: true })
    cpSync(built, at, { recursive: true })
    change(at)
    const { code, out, err } = await sign()
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(says)])
  }
  expect(await qsec('release', 'sign', 'dist', '--key', 'ours.pub')).toMatchObject({ code: 1, out: '' })
})

it('[RV8] the page is served alone for a relay elsewhere, if it is what its list and the key say', async () => {
  const started = spawn(
    process.execPath,
    [main, 'client', '--relay', relay.url, '--port', '0', '--folder', 'dist', '--key', 'ours.pub'],
    {
      cwd: folder,
      env,
    },
  )
  try {
    const [line] = (await once(started.stdout.setEncoding('utf8'), 'data')) as [string]
    const url = /^QSEC's client is on (http:\/\/localhost:\d+), for the relay /.exec(line)![1]!
    const told = await qsec('verify', url, '--release', 'dist', '--json')
    expect([told.code, told.err]).toEqual([0, ''])
    expect(JSON.parse(told.out)).toMatchObject({ server: url, same: true, relay: relay.url, differences: [] })
    started.kill('SIGTERM')
    expect(await once(started, 'exit')).toEqual([0, null])
  } finally {
    started.kill('SIGKILL')
  }
  const other = await qsec('client', '--relay', relay.url, '--port', '0', '--folder', 'dist', '--key', 'theirs.pub')
  expect([other.code, other.out, other.err]).toEqual([
    1,
    '',
    expect.stringMatching(/it is signed by [0-9a-f]{64}, not by/),
  ])
  const at = path.join(folder, 'changed')
  cpSync(built, at, { recursive: true })
  writeFileSync(path.join(at, 'sw.js'), '')
  const changed = await qsec('client', '--relay', relay.url, '--port', '0', '--folder', 'changed')
  expect([changed.code, changed.out, changed.err]).toEqual([1, '', expect.stringContaining('sw.js was changed')])
})
