/** Whether the world finds this relay by its name, looked at from here: name, certificate, pages, WebSockets. */
import { lookup as systemLookup } from 'node:dns'
import { type RequestOptions, request } from 'node:https'
import { networkInterfaces } from 'node:os'

export interface Check {
  /** `look`: may be right, but cannot be told from here. */
  result: 'ok' | 'look' | 'missing'
  /** What was found and, unless it is well, what to do. A sentence. */
  words: string
}

export interface ChecksOptions {
  domain: string
  /** Where the proxy has to pass requests to; undefined: the relay ends TLS itself. */
  behind: string | undefined
  /** For tests: another port, authority and way to look names up. */
  port?: number
  ca?: string
  lookup?: RequestOptions['lookup']
  ownAddresses?: readonly string[]
}

const timeoutMs = 5_000
const bodyBytesAtMost = 4_096

/** In the order in which they depend on each other; what cannot be tried any more is left out. */
export async function checkPublic(options: ChecksOptions): Promise<Check[]> {
  const { domain, behind } = options
  const found = await addressesOf(options)
  if (found.length === 0) {
    return [
      {
        result: 'missing',
        words: `${domain} has no address. Enter one at whoever has your DNS (A, and AAAA for IPv6).`,
      },
    ]
  }
  const checks = [nameCheck(options, found)]
  const page = await ask(options, '/reach.json')
  if (page.error !== undefined) {
    const way =
      behind === undefined
        ? 'Does a router or firewall keep port 443 shut?'
        : `Does the proxy run, with a certificate for ${domain}, and is port 443 open?`
    return [
      ...checks,
      { result: 'missing', words: `https://${domain} cannot be reached from here: ${page.error}. ${way}` },
    ]
  }
  if (page.status !== 200 || !page.body.includes(`"https://${domain}"`)) {
    const way = behind === undefined ? 'Is the port taken by it?' : `The proxy has to pass it on to ${behind}.`
    return [
      ...checks,
      { result: 'missing', words: `At https://${domain} something else answers (${page.status}). ${way}` },
    ]
  }
  checks.push({ result: 'ok', words: `https://${domain} is this relay, under a certificate that programs trust.` })
  return [...checks, await socketCheck(options)]
}

function nameCheck({ domain, ownAddresses = ownAddressesNow() }: ChecksOptions, found: readonly string[]): Check {
  const words = `${domain} has ${found.length === 1 ? 'the address' : 'the addresses'} ${found.join(', ')}`
  if (found.some((address) => ownAddresses.includes(address))) return { result: 'ok', words: `${words}.` }
  return {
    result: 'look',
    words: `${words}, none of this machine. Right behind a router, or a proxy on another machine.`,
  }
}

/** A handshake as the page's own. It fails where a proxy does not pass WebSockets on, or changes the Host. */
async function socketCheck(options: ChecksOptions): Promise<Check> {
  const { status, error } = await ask(options, '/socket.io/?EIO=4&transport=websocket', {
    Origin: `https://${options.domain}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'cXNlYyBsb29rcyBpbiEhIQ==',
  })
  if (status === 101) return { result: 'ok', words: 'WebSockets pass.' }
  if (status === 403) {
    return {
      result: 'missing',
      words: 'The relay refuses its own page: the proxy has to hand the Host header on unchanged.',
    }
  }
  return {
    result: 'missing',
    words: `WebSockets do not pass (${error ?? status}): the proxy has to hand on Upgrade and Connection. Until then clients poll, which is slower.`,
  }
}

interface Asked {
  status: number
  body: string
  error?: string
}

function ask(options: ChecksOptions, path: string, headers: Record<string, string> = {}): Promise<Asked> {
  const { domain, port = 443, ca, lookup } = options
  return new Promise((resolve) => {
    const asking = request({
      host: domain,
      port,
      path,
      headers: { Host: domain, ...headers },
      timeout: timeoutMs,
      agent: false,
      ...(ca === undefined ? {} : { ca }),
      ...(lookup === undefined ? {} : { lookup }),
    })
    const settle = (asked: Asked): void => {
      asking.destroy()
      resolve(asked)
    }
    asking.on('timeout', () => settle({ status: 0, body: '', error: 'no answer in 5 s' }))
    asking.on('error', (error: NodeJS.ErrnoException) =>
      settle({ status: 0, body: '', error: error.code ?? error.message }),
    )
    asking.on('upgrade', () => settle({ status: 101, body: '' }))
    asking.on('response', (response) => {
      const status = response.statusCode ?? 0
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
        if (body.length > bodyBytesAtMost) settle({ status, body: '' })
      })
      response.on('end', () => settle({ status, body }))
    })
    asking.end()
  })
}

function addressesOf({
  domain,
  lookup = systemLookup as NonNullable<RequestOptions['lookup']>,
}: ChecksOptions): Promise<string[]> {
  return new Promise((resolve) => {
    lookup(domain, { all: true }, (error, found) => {
      if (error || !Array.isArray(found)) resolve([])
      else resolve(found.map(({ address }) => address))
    })
  })
}

function ownAddressesNow(): string[] {
  return Object.values(networkInterfaces()).flatMap((infos) => (infos ?? []).map(({ address }) => address))
}
