/**
 * By which address others reach this server. It is asked of the server that this page came from, and of no other; a link
 * goes nowhere else than to an address that it names or to the one in the address bar.
 */

export interface Reach {
  /** Origin for links; undefined: nobody else can reach this server, as far as it knows. */
  origin: string | undefined
  /** Where devices that are new to a private certificate go first. */
  guide: string | undefined
}

let told: Reach | undefined

/** As the server said last; before it has been asked, what the page knows by itself. */
export function reachNow(): Reach {
  return told ?? reachOfPage(location)
}

/** Asks the server. One that cannot say leaves what the page knows by itself. */
export async function askReach(): Promise<Reach> {
  const answer: unknown = await fetch('/reach.json', { cache: 'no-store' })
    .then((response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined) // another program's page, or no connection
  told = readReach(answer, reachOfPage(location))
  return told
}

/** Asks ahead where the page's own address is of no use in a link, so that none with it is shown first. */
export function askReachAhead(): void {
  if (reachOfPage(location).origin === undefined) void askReach()
}

export function reachOfPage({ hostname, origin }: Pick<Location, 'hostname' | 'origin'>): Reach {
  return { origin: isLocal(hostname) ? undefined : origin, guide: undefined }
}

export function readReach(told: unknown, known: Reach): Reach {
  const { addresses, guide } = (told ?? {}) as { addresses?: unknown; guide?: unknown }
  const origins = Array.isArray(addresses) ? addresses.filter((one) => isReachable(one, 'https:')) : []
  return { origin: known.origin ?? origins[0], guide: isReachable(guide, 'http:') ? guide : undefined }
}

function isReachable(text: unknown, wanted: 'http:' | 'https:'): text is string {
  if (typeof text !== 'string' || text.length > 300 || !URL.canParse(text)) return false
  const { protocol, origin, hostname } = new URL(text)
  return origin === text && protocol === wanted && !isLocal(hostname)
}

function isLocal(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  )
}
