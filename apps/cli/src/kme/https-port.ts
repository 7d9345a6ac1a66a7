/** The HTTP port of an SAE to its KME: mutual TLS 1.2 or later, CA and KME id pinned, no redirect, no proxy, one try. */
import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { checkServerIdentity } from 'node:tls'
import type { HttpAnswer, HttpPort, HttpRequest } from '@qsec/qkd'

export interface HttpsPortOptions {
  /** `https://host:port`, without a path. */
  url: string
  /** The common name that the certificate of the KME must have. */
  kmeId: string
  /** PEM of the one authority that is trusted. */
  authorityPem: string
  /** PEM of the SAE. */
  certificatePem: string
  privateKeyPem: string
  /** For the whole of a request. */
  timeoutMs: number
}

const maxAnswerBytes = 1 << 20

export function httpsPort(options: HttpsPortOptions): HttpPort {
  const url = new URL(options.url)
  if (url.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new RangeError('the address of a KME is https://host:port')
  }
  // An agent of our own has no proxy, whatever the environment says. Without kept sessions each connection checks anew.
  const agent = new Agent({
    keepAlive: false,
    maxCachedSessions: 0,
    ca: options.authorityPem,
    cert: options.certificatePem,
    key: options.privateKeyPem,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    checkServerIdentity: (host, certificate) => {
      const common: unknown = certificate.subject?.CN
      return checkServerIdentity(host, certificate) ?? (common === options.kmeId ? undefined : notPinned())
    },
  })
  return (request) => send(url, agent, request, options.timeoutMs)
}

function send(url: URL, agent: Agent, { method, path, body }: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    let secure = false
    const outgoing = httpsRequest({
      agent,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || 443,
      method,
      path,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    })
    const done = (answer: HttpAnswer): void => {
      clearTimeout(timer)
      resolve(answer)
      outgoing.destroy()
    }
    const timer = setTimeout(() => done({ failed: secure ? 'lost' : 'not-sent' }), timeoutMs)
    outgoing.on('socket', (socket) => socket.once('secureConnect', () => (secure = true)))
    outgoing.on('error', (error: NodeJS.ErrnoException) => done({ failed: failureOf(error, secure) }))
    outgoing.on('response', (response) => {
      readAnswer(response).then(done, () => done({ failed: 'lost' }))
    })
    outgoing.end(body)
  })
}

/**
 * Before the connection is secure nothing has been sent. A KME that turns our certificate down says so before that in
 * TLS 1.2 and after the request in TLS 1.3, where it cannot be told from a cut.
 */
function failureOf(error: NodeJS.ErrnoException, secure: boolean): 'lost' | 'untrusted' | 'not-sent' {
  if (secure) return 'lost'
  const ofCertificate = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|INVALID_|QSEC_KME_NOT_PINNED$)/
  return ofCertificate.test(error.code ?? '') ? 'untrusted' : 'not-sent'
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxAnswerBytes) return { failed: 'lost' }
    chunks.push(chunk)
  }
  const whole = Buffer.concat(chunks)
  const answer = {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    body: whole.toString('utf8'),
  }
  for (const part of [...chunks, whole]) part.fill(0)
  return answer
}

function notPinned(): Error {
  return Object.assign(new Error('the certificate is of another KME'), { code: 'QSEC_KME_NOT_PINNED' })
}
