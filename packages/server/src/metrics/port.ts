/** The port of the metrics: one page for Prometheus, apart from everything that people reach. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeFault, type Reporter } from '../report.ts'
import type { Metrics } from './metrics.ts'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/

export interface MetricsPort {
  readonly port: number
  close(): Promise<void>
}

export async function openMetricsPort(
  metrics: Metrics,
  { port, host, report }: { port: number; host: string; report: Reporter },
): Promise<MetricsPort> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(metrics, request, response, loopback.test(host)).catch((error: unknown) => {
      report({ level: 'error', event: 'metrics-failed', ...describeFault(error) })
      end(response, 500, 'Something went wrong.')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        metrics.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  metrics: Metrics,
  request: IncomingMessage,
  response: ServerResponse,
  isLocal: boolean,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  // A page in the browser of somebody who may reach this port must not read it, by a name that leads to this machine either.
  const { origin, host = '', 'sec-fetch-site': site } = request.headers
  const isPage = origin !== undefined || (site !== undefined && site !== 'none')
  if (isPage || (isLocal && !loopback.test(host.replace(/:\d+$/, '')))) return end(response, 403, 'Forbidden.')
  if (request.url !== '/metrics') return end(response, 404, 'Not found.')
  if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET')
    return end(response, 405, 'Method not allowed.')
  }
  const text = await metrics.text()
  response.setHeader('Content-Type', metrics.contentType)
  response.end(text)
}

function end(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy()
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain;charset=utf-8')
  response.end(`${text}\n`)
}
