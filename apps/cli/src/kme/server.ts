/** One simulated KME on the network: HTTPS on loopback, client certificate required, and faults where they are asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { answerCall, type KmeReply, type KmeView, routeOf } from './answer.ts'
import type { Identity } from './certificates.ts'
import { type FaultPlan, Faults, spoilKeys, wireKeys } from './faults.ts'

const maxRequestBytes = 65_536

export interface RunningKme {
  url: string
  faults: Faults
  close(): Promise<void>
}

/** @param port - 0 for any free one. Rejects if it is taken. */
export async function startKme(
  view: KmeView,
  identity: Identity,
  authorityPem: string,
  port: number,
): Promise<RunningKme> {
  const faults = new Faults()
  const server = createServer(
    {
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      ca: authorityPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    },
    (request, response) => {
      handle(view, faults, request, response).catch((error: NodeJS.ErrnoException) => {
        request.socket.destroy()
        // A caller that goes away in the middle is no fault of the KME. The rest are mistakes, and end the process.
        if (error.code !== 'ECONNRESET') server.emit('error', error)
      })
    },
  )
  server.requestTimeout = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    close: () => closed(server),
  }
}

async function handle(view: KmeView, faults: Faults, request: IncomingMessage, response: ServerResponse) {
  const body = await bodyOf(request)
  const url = request.url ?? '/'
  const route = routeOf(url)
  const drawn = route ? faults.drawn(route.name) : []
  const has = (fault: FaultPlan['fault']): boolean => drawn.some((plan) => plan.fault === fault)

  if (has('cut-before')) return void request.socket.destroy()
  const instead = body === undefined ? tooLong : replyInstead(has)
  const reply =
    instead ?? answerCall(view, { saeId: callerOf(request), method: request.method ?? '', url, body: body! })
  for (const plan of drawn) if (plan.fault === 'delay') await sleep(plan.delayMs ?? 1000)
  if (has('cut-after')) return void request.socket.destroy()

  const text = textOf(reply, drawn, view)
  if (text === undefined) return void response.writeHead(reply.status, { 'content-length': 0 }).end()
  const cut = has('truncated') ? text.slice(0, Math.floor(text.length / 2)) : text
  response
    .writeHead(reply.status, {
      'content-type': has('content-type') ? 'text/html' : 'application/json',
      'content-length': Buffer.byteLength(cut),
      'cache-control': 'no-store',
    })
    .end(cut)
}

const tooLong: KmeReply = { status: 400, message: 'the request is malformed' }

/** Statuses that a fault gives before the pool is touched. */
function replyInstead(
  has: (fault: FaultPlan['fault']) => boolean,
): KmeReply | { status: 429; message: string } | undefined {
  if (has('busy-503')) return { status: 503, message: 'the KME is busy' }
  if (has('busy-429')) return { status: 429, message: 'too many requests' }
  if (has('not-found-404')) return { status: 404, message: 'not found' }
  return undefined
}

function textOf(
  reply: KmeReply | { status: 429; message: string },
  drawn: readonly FaultPlan[],
  view: KmeView,
): string | undefined {
  if ('keys' in reply) {
    const keys = drawn.reduce((spoilt, { fault }) => spoilKeys(spoilt, fault, view.pool), wireKeys(reply))
    for (const { bytes } of reply.keys) bytes.fill(0)
    return JSON.stringify({ keys })
  }
  if ('json' in reply) return JSON.stringify(reply.json)
  return 'message' in reply ? JSON.stringify({ message: reply.message }) : undefined
}

/** The common name of the certificate, which TLS has checked; empty, and so of nobody, if it has none or several. */
function callerOf(request: IncomingMessage): string {
  const name: unknown = (request.socket as TLSSocket).getPeerCertificate().subject?.CN
  return typeof name === 'string' ? name : ''
}

/** Undefined if it is too long. Read to its end all the same, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= maxRequestBytes) chunks.push(chunk)
  }
  return length <= maxRequestBytes ? Buffer.concat(chunks).toString('utf8') : undefined
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })
}
