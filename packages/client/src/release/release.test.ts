import { utf8 } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { platformRandom } from '../platform-random.ts'
import {
  createReleaseSecret,
  formatReleaseKey,
  formatReleaseSecret,
  judgeSignature,
  manifestHash,
  parseFileList,
  parseRelaySetting,
  parseReleaseKey,
  parseReleaseSecret,
  releaseFingerprint,
  signRelease,
} from './index.ts'

const secret = createReleaseSecret(platformRandom)
const list = utf8('{"version":"1.2.3","files":[]}')
const signed = () => signRelease(secret, list, new Date('2026-11-23T14:05:06.789Z'), platformRandom)

describe('the signature of a release', () => {
  it('[RE1] holds over the bytes of the list and its time, and says by which key', async () => {
    const verdict = await judgeSignature(list, utf8(await signed()))
    const fingerprint = releaseFingerprint(secret.keys)
    expect(verdict).toMatchObject({ signed: true, signedAt: '2026-11-23T14:05:06Z', fingerprint })
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(await judgeSignature(list, undefined)).toEqual({ signed: false, reason: 'none' })
  })

  it('[RE2] does not hold over another list, another time or under another key, nor with one half of it', async () => {
    const whole = JSON.parse(await signed()) as Record<string, Record<string, string>>
    const other = JSON.parse(
      await signRelease(createReleaseSecret(platformRandom), list, new Date(), platformRandom),
    ) as typeof whole
    const wrong: [string, unknown][] = [
      ['another time', { ...whole, signedAt: '2026-11-23T14:05:07Z' }],
      ['no time', { ...whole, signedAt: 'now' }],
      ['another key', { ...whole, key: other.key }],
      ['one key of another', { ...whole, key: { ...whole.key, mlDsa65: other.key!.mlDsa65 } }],
      [
        'one signature of another',
        { ...whole, signatures: { ...whole.signatures, mlDsa65: other.signatures!.mlDsa65 } },
      ],
      [
        'the other half of another',
        { ...whole, signatures: { ...whole.signatures, ed25519: other.signatures!.ed25519 } },
      ],
      ['one signature', { ...whole, signatures: { ed25519: whole.signatures!.ed25519 } }],
      ['another format', { ...whole, format: 'qsec-release/2' }],
      ['more than is known', { ...whole, note: '' }],
      ['no object', [whole]],
    ]
    for (const [what, file] of wrong) {
      expect([what, await judgeSignature(list, utf8(JSON.stringify(file)))]).toEqual([
        what,
        { signed: false, reason: 'wrong' },
      ])
    }
    for (const text of ['', '{', ' '.repeat(40_000)]) {
      expect(await judgeSignature(list, utf8(text))).toEqual({ signed: false, reason: 'wrong' })
    }
    const bent = list.slice()
    bent[3]! ^= 1
    expect(await judgeSignature(bent, utf8(await signed()))).toEqual({ signed: false, reason: 'wrong' })
  })

  it('[RE3] its keys come back from their files, and from no other file', () => {
    expect(parseReleaseKey(utf8(formatReleaseKey(secret.keys)))).toEqual(secret.keys)
    expect(parseReleaseSecret(utf8(formatReleaseSecret(secret)))).toEqual(secret)
    const key = JSON.parse(formatReleaseKey(secret.keys)) as Record<string, string>
    for (const file of [formatReleaseSecret(secret), '', '{}', JSON.stringify({ ...key, ed25519: 'AA' })]) {
      expect(parseReleaseKey(utf8(file))).toBeUndefined()
    }
    for (const file of [formatReleaseKey(secret.keys), '', '{"format":"qsec-release-secret/1","seed":"AA"}']) {
      expect(parseReleaseSecret(utf8(file))).toBeUndefined()
    }
  })
})

describe('the list of files', () => {
  const file = (path: string) => ({ path, bytes: 1, sha256: 'a'.repeat(64) })
  const page = file('index.html')
  const bytesOf = (value: unknown) => utf8(JSON.stringify(value))

  it('[RE4] is read within its bounds; a list that names what it cannot is none', () => {
    const good = { version: '0.1.0', files: [file('assets/index-a_B.js'), page] }
    expect(parseFileList(bytesOf(good))).toEqual(good)
    expect(manifestHash(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    const bad: unknown[] = [
      {},
      [],
      { ...good, more: 1 },
      { ...good, version: '1' },
      { ...good, files: [file('assets/a.js')] },
      { ...good, files: [page, page] },
      ...[
        '../a',
        '/a',
        'a//b',
        'a/',
        '.env',
        'a/.git',
        'a b',
        'a?b',
        'a%2e',
        '',
        'qsec-files.json',
        'qsec-relay.json',
      ].map((path) => ({ ...good, files: [page, file(path)] })),
      ...[-1, 1.5, 1e9, '1'].map((bytes) => ({ ...good, files: [{ ...page, bytes }] })),
      ...['A'.repeat(64), 'a'.repeat(63), ''].map((sha256) => ({ ...good, files: [{ ...page, sha256 }] })),
      { ...good, files: [page, ...Array.from({ length: 1_000 }, (_, i) => file(`a${i}`))] },
      { ...good, files: ['index.html', 'a', 'b', 'c', 'd'].map((path) => ({ ...file(path), bytes: 16_777_216 })) },
    ]
    for (const one of bad) expect(parseFileList(bytesOf(one)), JSON.stringify(one).slice(0, 80)).toBeUndefined()
    expect(parseFileList(utf8('not JSON'))).toBeUndefined()
    expect(parseFileList(new Uint8Array(300_000).fill(0x20))).toBeUndefined()
  })
})

it('[RE5] the setting of the relay is an exact origin, or the server of the page', () => {
  const read = (text: string) => parseRelaySetting(text, 'https://page.example')
  const saying = (relay: unknown) => JSON.stringify({ relay })
  expect(read(saying('self'))).toBe('https://page.example')
  expect(read(saying('https://relay.example:8443'))).toBe('https://relay.example:8443')
  for (const relay of [
    'https://a.b/',
    'https://a:b@a.b',
    'wss://a.b',
    '*',
    '',
    'HTTPS://a.b',
    1,
    null,
    ['https://a.b'],
  ]) {
    expect([relay, read(saying(relay))]).toEqual([relay, undefined])
  }
  for (const file of ['', '{}', '[]', 'null', '{"relay":"self","x":1}', '{"__proto__":"self"}']) {
    expect(read(file)).toBeUndefined()
  }
})
