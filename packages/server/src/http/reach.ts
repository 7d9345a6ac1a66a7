/** How others reach this relay: for invite links that a page on `localhost` shows, and for the guide to its certificate. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ReachPorts {
  /** Origins by which others reach the relay, the best one first; none: nobody has said. */
  addresses(): readonly string[]
  /** Address of the guide to a private certificate. */
  guide(): string | undefined
  /** The relay has a certificate that devices have to be told to trust. */
  readonly isPrivate: boolean
}

/** Answers `/reach.json` and `/trusted`, or returns false. */
export function serveReach(
  { addresses, guide, isPrivate }: ReachPorts,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): boolean {
  if (pathname === '/reach.json') {
    response.setHeader('Content-Type', 'application/json;charset=utf-8')
    response.end(JSON.stringify({ addresses: addresses(), guide: guide() }))
    return true
  }
  if (pathname !== '/trusted' || !isPrivate) return false
  const { origin, host } = request.headers
  // The guide, on plain HTTP at the same name, hears an answer once its device trusts the certificate. No other page does.
  if (isSameName(origin, host)) response.setHeader('Access-Control-Allow-Origin', origin)
  response.statusCode = 204
  response.end()
  return true
}

function isSameName(origin: string | undefined, host: string | undefined): origin is string {
  if (origin === undefined || !URL.canParse(origin) || !URL.canParse(`http://${host}`)) return false
  const asking = new URL(origin)
  return (
    asking.origin === origin && asking.protocol === 'http:' && asking.hostname === new URL(`http://${host}`).hostname
  )
}
