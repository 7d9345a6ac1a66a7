/** A push service of our own for tests: real HTTPS with a certificate of its own authority, which holds the relay's word to RFC 8292. */
import { createPublicKey, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Authority } from '../src/certificates/index.ts'

export interface PushReceived {
  path: string
  method: string
  headers: IncomingHttpHeaders
  bodyBytes: number
  /** Of the token, once its signature is found good. */
  claims: { aud: string; exp: number; sub: string }
  key: string
}

/** What it answers: a status with headers, or nothing at all. */
export type PushAnswer = { status: number; headers?: Record<string, string> } | 'silence'

export interface PushService {
  readonly origin: string
  /** The authority's certificate, as PEM. */
  readonly ca: string
  readonly received: PushReceived[]
  endpoint(name: string): string
  /** The answers to come for an endpoint; the last one stays. Default: 201. */
  answer(name: string, ...answers: PushAnswer[]): void
  close(): Promise<void>
}

export async function openPushService(
  onPush: (received: PushReceived) => void = () => undefined,
): Promise<PushService> {
  const lifetime = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) }
  const authority = await Authority.create({ name: 'push service of a test', ...lifetime })
  const { certificatePem, privateKeyPem } = await authority.issue({
    name: 'localhost',
    usage: 'server',
    dns: ['localhost'],
    ips: ['127.0.0.1'],
    ...lifetime,
  })
  const received: PushReceived[] = []
  const answers = new Map<string, PushAnswer[]>()
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    let bodyBytes = 0
    request.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length
    })
    request.on('end', () => {
      const { url: path = '', method = '', headers } = request
      const one = { path, method, headers, bodyBytes, ...verified(headers.authorization ?? '') }
      received.push(one)
      onPush(one)
      const waiting = answers.get(path)
      const answer = (waiting && waiting.length > 1 ? waiting.shift() : waiting?.[0]) ?? { status: 201 }
      if (answer !== 'silence') response.writeHead(answer.status, answer.headers).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    ca: authority.identity.certificatePem,
    received,
    endpoint: (name) => `${origin}/${name}`,
    answer: (name, ...more) => void answers.set(`/${name}`, more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** As a push service would: the key of the header signs the token, ES256. Throws where it does not. */
function verified(authorization: string): Pick<PushReceived, 'claims' | 'key'> {
  const [, token = '', key = ''] = /^vapid t=([^,\s]+), k=([\w-]+)$/.exec(authorization) ?? []
  const [head = '', body = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  if (point.length !== 65 || point[0] !== 4) throw new Error('k is no uncompressed point')
  const jwk = { kty: 'EC', crv: 'P-256', x: point.toString('base64url', 1, 33), y: point.toString('base64url', 33) }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  if (!verify('sha256', Buffer.from(`${head}.${body}`), signed, Buffer.from(signature, 'base64url'))) {
    throw new Error('the token is not signed by k')
  }
  const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { alg } = json(head) as { alg: string }
  if (alg !== 'ES256') throw new Error(`alg is ${alg}`)
  return { claims: json(body) as PushReceived['claims'], key }
}
