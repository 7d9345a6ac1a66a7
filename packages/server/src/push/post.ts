/** One push: an empty POST to an address that a browser's push service gave out (RFC 8030). */
import { type Agent, request } from 'node:https'
import { lookupPublic, mayAsk, NotReachable } from './reachable.ts'

/** What became of it. `waitMs`: how long the service asks to be left alone. */
export type Posted =
  | { type: 'taken' }
  /** The subscription is over: nothing will ever arrive there again. */
  | { type: 'gone' }
  | { type: 'later'; code: string; waitMs?: number }
  /** The service will not take it from this relay, or this address may not be asked. */
  | { type: 'refused'; code: string }

export interface PostOptions {
  /** For VAPID. */
  authorization: string
  /** Seconds for which the service keeps it for a browser that is off. */
  ttlS: number
  /** For the whole exchange. */
  timeoutMs: number
  agent: Agent
  /** The operator has listed this service: its address may be private, and its port any. */
  isListed: boolean
}

/** A later one takes the place of one that still waits. The same for all: it tells rooms from each other no more than the rest. */
const topic = 'qsec'
/** Of what a service answers nothing is read but its status; more than this ends the connection. */
const answerBytesAtMost = 16_384
const longestWaitMs = 3_600_000

export function postPush(
  endpoint: URL,
  { authorization, ttlS, timeoutMs, agent, isListed }: PostOptions,
): Promise<Posted> {
  if (!isListed && !mayAsk(endpoint)) return Promise.resolve({ type: 'refused', code: 'not-public' })
  return new Promise((resolve) => {
    const asked = request(endpoint, {
      method: 'POST',
      agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(isListed ? {} : { lookup: lookupPublic }),
      headers: { authorization, ttl: ttlS, urgency: 'normal', topic, 'content-length': 0 },
    })
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(failure(error)))
    asked.on('response', (response) => {
      let bytes = 0
      response.on('error', () => undefined) // its status has been read already
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > answerBytesAtMost) response.destroy()
      })
      resolve(judge(response.statusCode ?? 0, response.headers['retry-after']))
    })
    asked.end()
  })
}

/** No redirect is followed: 3xx is a refusal like any other. */
function judge(status: number, retryAfter: string | undefined): Posted {
  if (status >= 200 && status < 300) return { type: 'taken' }
  if (status === 404 || status === 410) return { type: 'gone' }
  const code = `http-${status}`
  if (status === 408 || status === 429 || status >= 500) return { type: 'later', code, ...waitOf(retryAfter) }
  return { type: 'refused', code }
}

function waitOf(retryAfter: string | undefined): { waitMs?: number } {
  if (retryAfter === undefined) return {}
  const waitMs = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now()
  return Number.isFinite(waitMs) ? { waitMs: Math.min(Math.max(waitMs, 0), longestWaitMs) } : {}
}

function failure(error: NodeJS.ErrnoException): Posted {
  if (error instanceof NotReachable) return { type: 'refused', code: error.code }
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return { type: 'later', code: 'timeout' }
  // A name, such as ECONNREFUSED or CERT_HAS_EXPIRED; the message would hold the address.
  return { type: 'later', code: (error.code ?? 'network').toLowerCase().replaceAll('_', '-').slice(0, 60) }
}
