/** The headers of every response, whatever it says and whoever sends it (a worker has its own policy). */

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self'",
  "style-src-attr 'none'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "child-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types qsec',
]

/**
 * A worker obeys the policy of its own response. It may compile WebAssembly, which the page may not, and nothing else: it
 * loads no script, opens no connection, and starts no other worker.
 */
export const workerPolicy = "default-src 'none'; script-src 'wasm-unsafe-eval'"

/**
 * The script that keeps the page for offline use fetches the page's files from its own server, and does nothing else.
 */
export const serviceWorkerPolicy = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'"
export const serviceWorkerPath = '/sw.js'

/** The build names the scripts of workers `<name>.worker-<hash>.js`, and no other file so. */
export function isWorkerScript(pathname: string): boolean {
  return /^\/(?:assets|plain)\/[a-z-]+\.worker-[A-Za-z0-9_-]+\.js$/.test(pathname)
}

const fixed: readonly (readonly [string, string])[] = [
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Embedder-Policy', 'require-corp'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  [
    'Permissions-Policy',
    'camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), serial=(), interest-cohort=()',
  ],
  ['Origin-Agent-Cluster', '?1'],
]

/**
 * How browsers reach the relay: without TLS, under a certificate of a CA that only this network trusts, or under one that
 * every browser trusts. A proxy that ends TLS in front of the relay counts, not what the relay itself speaks.
 */
export interface Reach {
  tls: 'none' | 'private' | 'public'
}

/** Two years. A browser that once saw it can never again come over plain HTTP, nor past a certificate that has failed. */
const strictTransport = ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'] as const

/** `host` is a checked Host header, or undefined where the request had none that could be trusted. */
export function securityHeaders(
  host: string | undefined,
  { tls }: Reach = { tls: 'none' },
): readonly (readonly [string, string])[] {
  return withSources(socketsOf(host, tls), tls)
}

/** For a server that has the page alone. `relay` is the origin to which that page may connect, and no other. */
export function clientHostHeaders(relay: string): readonly (readonly [string, string])[] {
  return withSources(` ${relay} ${relay.replace(/^http/, 'ws')}`, 'none')
}

function withSources(connect: string, tls: Reach['tls']): readonly (readonly [string, string])[] {
  const full = [...policy, `connect-src 'self'${connect}`]
  // Where there is no TLS, this would turn the page's own files into addresses that nobody serves.
  if (tls !== 'none') full.push('upgrade-insecure-requests')
  const headers: (readonly [string, string])[] = [['Content-Security-Policy', full.join('; ')], ...fixed]
  // Under a private CA it would lock out every device that does not trust it yet, for two years.
  if (tls === 'public') headers.push(strictTransport)
  return headers
}

/** Browsers whose 'self' does not cover WebSockets need them named. An IPv6 address cannot stand in a policy. */
function socketsOf(host: string | undefined, tls: Reach['tls']): string {
  if (!host || host.startsWith('[')) return ''
  return tls === 'none' ? ` ws://${host} wss://${host}` : ` wss://${host}`
}
