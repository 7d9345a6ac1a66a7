/**
 * Asks a server as a browser would, so that it cannot easily tell this from a visit: bounded in bytes and time, no redirect
 * followed, nothing cached, certificates checked.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

export interface Answer {
  status: number
  /** Names in lower case; several of one name joined by a comma. */
  headers: Readonly<Record<string, string>>
  /** As a browser would see it, without its encoding. */
  body: Buffer
}

export type Reply = Answer | { failed: string }

export interface Asking {
  /** The body is read no further than this. */
  bytesAtMost: number
  kind: 'page' | 'script' | 'data'
  /** Whether compressed bodies are welcome. A server may hold other bytes behind each. */
  compressed: boolean
}

export interface Fetcher {
  get(path: string, asking: Asking): Promise<Reply>
  close(): void
}

const timeoutMs = 30_000
/** For everything together: a server that trickles answers ends it too. */
const inAllMs = 300_000

/** @param ca - PEM of authorities to trust in the place of the public ones */
export function openFetcher(origin: URL, ca: string | undefined): Fetcher {
  const secure = origin.protocol === 'https:'
  const pool = { keepAlive: true, maxSockets: 4 }
  const agent = secure ? new HttpsAgent({ ...pool, ...(ca !== undefined && { ca }) }) : new HttpAgent(pool)
  const send = secure ? httpsRequest : httpRequest
  const endMs = performance.now() + inAllMs
  return {
    get: (path, asking) =>
      new Promise((resolve) => {
        const outgoing = send(new URL(path, origin), { agent, headers: headersOf(asking) })
        const waitMs = Math.max(0, Math.min(timeoutMs, endMs - performance.now()))
        const timer = setTimeout(() => outgoing.destroy(new Error('it takes too long')), waitMs)
        const done = (reply: Reply): void => {
          clearTimeout(timer)
          resolve(reply)
        }
        outgoing.on('error', (error: NodeJS.ErrnoException) =>
          done({ failed: error.message || (error.code ?? 'error') }),
        )
        outgoing.on('response', (response) => {
          read(response, asking.bytesAtMost).then(done, (error: Error) => {
            outgoing.destroy()
            done({ failed: error.message })
          })
        })
        outgoing.end()
      }),
    close: () => agent.destroy(),
  }
}

const destinations = { page: 'document', script: 'script', data: 'empty' } as const
const accepts = { page: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', script: '*/*', data: '*/*' }

function headersOf({ kind, compressed }: Asking): Record<string, string> {
  return {
    'User-Agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    Accept: accepts[kind],
    'Accept-Language': 'en-US,en;q=0.9',
    'Accept-Encoding': compressed ? 'gzip, deflate, br' : 'identity',
    'Cache-Control': 'no-cache',
    Pragma: 'no-cache',
    'Sec-Fetch-Dest': destinations[kind],
    'Sec-Fetch-Mode': kind === 'page' ? 'navigate' : 'cors',
    'Sec-Fetch-Site': kind === 'page' ? 'none' : 'same-origin',
  }
}

async function read(response: IncomingMessage, bytesAtMost: number): Promise<Answer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > bytesAtMost) throw new Error(`more than ${bytesAtMost} bytes`)
    parts.push(part)
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers)) headers[name] = [value].flat().join(', ')
  return {
    status: response.statusCode ?? 0,
    headers,
    body: await decoded(Buffer.concat(parts), headers['content-encoding'], bytesAtMost),
  }
}

const decoders: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

async function decoded(body: Buffer, encoding: string | undefined, bytesAtMost: number): Promise<Buffer> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
  if (!decoder) throw new Error('an encoding that was not asked for')
  return decoder(body, { maxOutputLength: bytesAtMost })
}
