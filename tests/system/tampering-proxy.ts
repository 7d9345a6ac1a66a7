/** A server between a relay and whoever asks it, which changes chosen answers. Over TLS where it is given a certificate. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Passing {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

/** Gets an answer as the relay gave it; what it returns, or the same changed in place, is passed on. */
export type Tamper = (path: string, answer: Passing, asked: IncomingMessage) => Passing | undefined

export interface TamperingProxy {
  url: string
  tamper: Tamper
  close(): Promise<void>
}

export async function openTamperingProxy(
  relayPort: number,
  tls?: { certificatePem: string; privateKeyPem: string },
): Promise<TamperingProxy> {
  const proxy: TamperingProxy = { url: '', tamper: () => undefined, close: async () => undefined }
  const handle = (asked: IncomingMessage, response: ServerResponse): void => {
    const { method, url, headers } = asked
    const passed = request(
      { host: '127.0.0.1', port: relayPort, method, path: url, headers, agent: false },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => {
          const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...rest } = answer.headers
          const headers = rest as Passing['headers']
          const given: Passing = { status: answer.statusCode ?? 0, headers, body: Buffer.concat(parts) }
          const passing = proxy.tamper(url ?? '', given, asked) ?? given
          response.writeHead(passing.status, passing.headers)
          response.end(passing.body)
        })
      },
    )
    passed.on('error', () => response.destroy())
    passed.end()
  }
  const server = tls
    ? createTlsServer({ cert: tls.certificatePem, key: tls.privateKeyPem }, handle)
    : createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  proxy.url = `${tls ? 'https' : 'http'}://localhost:${port}`
  proxy.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return proxy
}
