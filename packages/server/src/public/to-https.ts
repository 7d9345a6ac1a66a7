/** Plain HTTP beside a relay with a public certificate: it leads to the same place over TLS, and has nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { securityHeaders } from '../http/headers.ts'

export interface ToHttps {
  readonly port: number
  close(): Promise<void>
}

/** Only to `origin`, whatever Host is named. What stands behind `#` is in no request, and stays with the browser. */
export async function openToHttps(options: { port: number; host: string; origin: string }): Promise<ToHttps> {
  const http = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, ({ url = '', method }, response) => {
    for (const [name, value] of securityHeaders(undefined)) response.setHeader(name, value)
    const isPage =
      (method === 'GET' || method === 'HEAD') && /^\/[\x21-\x7e]{0,2000}$/.test(url) && !url.startsWith('//')
    response.statusCode = isPage ? 308 : 400
    if (isPage) response.setHeader('Location', options.origin + url)
    response.end()
  })
  http.maxConnections = 512
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, options.host, resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
