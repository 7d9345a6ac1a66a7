import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { Client, closedAddress, code, relay, TestDevice } from '../../test/harness.ts'
import { addressOf, parseTrustedProxies } from './addresses.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const trust = (text: string) => parseTrustedProxies(text)!
const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

it('[HX2] X-Forwarded-For counts only where a proxy is configured, and as far as it can be trusted', () => {
  const cases: [remote: string, forwarded: string | undefined, trusted: string, counts: string][] = [
    ['203.0.113.9', '198.51.100.1', '', '203.0.113.9'],
    ['127.0.0.1', '198.51.100.1', '', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1', '127.0.0.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', '198.51.100.1', '127.0.0.0/8', '198.51.100.1'],
    ['203.0.113.9', '198.51.100.1', '127.0.0.1', '203.0.113.9'],
    // What the client itself claims stands in front of what the proxy heard.
    ['127.0.0.1', '1.2.3.4, 198.51.100.1', '127.0.0.1', '198.51.100.1'],
    ['127.0.0.1', '1.2.3.4, 127.0.0.1, 198.51.100.1', '127.0.0.1', '198.51.100.1'],
    ['127.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.7', '127.0.0.1,10.0.0.0/8', '198.51.100.1'],
    ['127.0.0.1', '1.2.3.4, 198.51.100.1', '1', '198.51.100.1'],
    ['127.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.7', '2', '198.51.100.1'],
    ['127.0.0.1', '198.51.100.1', '8', '198.51.100.1'],
    ['127.0.0.1', undefined, '127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '', '1', '127.0.0.1'],
    ['127.0.0.1', 'unknown', '1', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1, not an address', '2', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1:4711', '1', '198.51.100.1'],
    ['127.0.0.1', '[2001:db8::7]:4711', '1', '2001:db8:0:0::/64'],
  ]
  for (const [remote, forwarded, trusted, counts] of cases) {
    const named = trusted === '' ? undefined : trust(trusted)
    expect([remote, forwarded, trusted, addressOf(from(remote, forwarded), named)]).toEqual([
      remote,
      forwarded,
      trusted,
      counts,
    ])
  }
})

it('[HX3] an IPv6 network of 64 bits counts as one address, however it is spelled, and a mapped IPv4 address as itself', () => {
  for (const same of [
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff::',
    '2001:0db8:0001:0002:3:4:5:6',
    '2001:db8:1:2::1%eth0',
  ]) {
    expect([same, addressOf(from(same), undefined)]).toEqual([same, '2001:db8:1:2::/64'])
  }
  expect(addressOf(from('2001:db8:1:3::1'), undefined)).toBe('2001:db8:1:3::/64')
  expect(addressOf(from('::1'), undefined)).toBe('0:0:0:0::/64')
  expect(addressOf(from('::ffff:192.0.2.1'), undefined)).toBe('192.0.2.1')
  fc.assert(
    fc.property(fc.ipV6(), fc.string(), (address, garbage) => {
      expect(addressOf(from(address), undefined)).toMatch(/^[0-9a-f:.]+(?:\/64)?$/)
      expect(addressOf(from(address, garbage), trust('3'))).toMatch(/^[0-9a-f:.]+(?:\/64)?$/)
    }),
  )
})

it('[HX2] what names no proxies is refused', () => {
  const bad = [
    '',
    '0',
    '9',
    '-1',
    '1.5',
    'true',
    'loopback',
    '10.0.0.0/33',
    '10.0.0/8',
    '::1/129',
    '1.2.3.4/8/8',
    '1.2.3.4,',
  ]
  for (const text of bad) expect([text, parseTrustedProxies(text)]).toEqual([text, undefined])
})

it.each([
  ['nobody', undefined, 'rate-limited'],
  ['another', '192.0.2.0/24', 'rate-limited'],
  ['this one', '127.0.0.1,::1', 'ok'],
])('[HX2] an address that a client forges gives it nothing more (trusted: %s)', async (_, trusted, wanted) => {
  const { relay: running } = await relay({
    limits: { knocksPerAddress: 2 },
    ...(trusted === undefined ? {} : { trustProxy: trust(trusted) }),
  })
  const knock = async (address: string) => {
    const client = new Client(running.url, { extraHeaders: { 'X-Forwarded-For': address } })
    return code(await client.join(new TestDevice(closedAddress()), { knock: true }))
  }
  expect([await knock('198.51.100.1'), await knock('198.51.100.1')]).toEqual(['ok', 'ok'])
  expect(await knock('198.51.100.2')).toBe(wanted)
  expect(await knock('198.51.100.1')).toBe('rate-limited')
})
