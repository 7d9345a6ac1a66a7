/** A server that has the web client and nothing else, for a relay somewhere else: that relay then has no say in the code. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientHostHeaders } from './http/headers.ts'
import { isHost } from './http/hosts.ts'
import { openPages, type Pages } from './http/pages.ts'
import { openPlainPages, plainFolderOf } from './http/plain-pages.ts'

export interface ClientHostOptions {
  /** Folder of the built web client. */
  webRoot: string
  /** Origin of the relay, as a browser writes it. */
  relay: string
  /** Default 0: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
}

export interface RunningClientHost {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** @throws where the folder has no page, or the port cannot be had */
export async function serveClient(options: ClientHostOptions): Promise<RunningClientHost> {
  const pages = openPages(options.webRoot)
  if (!pages.built) throw new Error(`there is no page in ${options.webRoot}`)
  const plain = openPlainPages(plainFolderOf(options.webRoot))
  const http = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, (request, response) =>
    answer([plain, pages], options.relay, request, response),
  )
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port ?? 0, host, resolve)
  })
  const { port } = http.address() as AddressInfo
  return {
    // Browsers count loopback as secure without TLS.
    url: `http://${host === '127.0.0.1' || host === '::1' ? 'localhost' : host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

function answer(pages: readonly Pages[], relay: string, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of clientHostHeaders(relay)) response.setHeader(name, value)
  response.setHeader('Cache-Control', 'no-cache')
  const refusal = refuse(pages, relay, request, response)
  if (!refusal) return
  response.statusCode = refusal[0]
  response.setHeader('Content-Type', 'text/plain;charset=utf-8')
  response.end(`${refusal[1]}\n`)
}

/** Undefined where something was served. */
function refuse(
  pages: readonly Pages[],
  relay: string,
  request: IncomingMessage,
  response: ServerResponse,
): readonly [status: number, text: string] | undefined {
  const url = request.url ?? ''
  if (!isHost(request.headers.host) || !url.startsWith('/')) return [400, 'Bad request.']
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return [405, 'Method not allowed.']
  }
  const pathname = url.replace(/[?#].*$/s, '')
  // How others reach it nobody has told this server; a page on localhost asks all the same.
  const answers: Readonly<Record<string, object>> = { '/qsec-relay.json': { relay }, '/reach.json': { addresses: [] } }
  const answer = Object.hasOwn(answers, pathname) ? answers[pathname] : undefined
  if (!answer) return pages.some((one) => one.serve(request, response, pathname)) ? undefined : [404, 'Not found.']
  response.setHeader('Content-Type', 'application/json')
  response.end(`${JSON.stringify(answer)}\n`)
  return undefined
}
