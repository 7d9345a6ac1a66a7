/** Whether an answer carries the headers with which this client is meant to be served. */
import {
  clientHostHeaders,
  isWorkerScript,
  securityHeaders,
  serviceWorkerPath,
  serviceWorkerPolicy,
  workerPolicy,
} from '@qsec/server'

export interface Place {
  /** Where the page comes from. */
  origin: URL
  /** Origin of the relay that the page talks to. */
  relay: string
}

const policyName = 'content-security-policy'
/** What a browser acts on, and what no server of this client has a reason to send. */
const unwelcome = [
  'access-control-allow-origin',
  'clear-site-data',
  'content-security-policy-report-only',
  'link',
  'nel',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'sourcemap',
  'speculation-rules',
  'x-sourcemap',
]

/** What is missing, other or too much, in words; nothing where all is as it should be. */
export function headerFaults(path: string, headers: Readonly<Record<string, string>>, place: Place): string[] {
  const wanted =
    place.relay === place.origin.origin ? securityHeaders(place.origin.host) : clientHostHeaders(place.relay)
  const faults: string[] = []
  for (const [name, value] of wanted.map(([name, value]) => [name.toLowerCase(), value] as const)) {
    const given = headers[name]
    if (given === undefined) faults.push(`the header ${name} is missing`)
    else if (name === policyName) faults.push(...policyFaults(given, policyFor(path, value), place))
    else if (given !== value) faults.push(`the header ${name} is not “${value}”`)
  }
  for (const name of unwelcome) if (headers[name] !== undefined) faults.push(`the header ${name} does not belong there`)
  return faults
}

function policyFor(path: string, ofPage: string): string {
  if (path === serviceWorkerPath) return serviceWorkerPolicy
  return isWorkerScript(path) ? workerPolicy : ofPage
}

/** Directives in another order are the same; one more that only forbids something is welcome. */
function policyFaults(given: string, wanted: string, place: Place): string[] {
  const [has, needs] = [directivesOf(given), directivesOf(wanted)]
  const faults: string[] = []
  for (const [name, value] of needs) {
    const its = has.get(name)
    if (its === undefined) faults.push(`the policy has no ${name}`)
    else if (name === 'connect-src' ? !connectsOnlyTo(its, place) : its !== value) {
      faults.push(`the policy’s ${name} is not “${value}”`)
    }
  }
  for (const name of has.keys()) {
    if (!needs.has(name) && name !== 'upgrade-insecure-requests') faults.push(`the policy has ${name} besides`)
  }
  return faults
}

function directivesOf(policy: string): Map<string, string> {
  const parts = policy.split(';').map((part) => part.trim().split(/\s+/))
  return new Map(parts.filter(([name]) => name).map(([name, ...values]) => [name!.toLowerCase(), values.join(' ')]))
}

/** The server of the page and the relay, in any of their schemes. */
function connectsOnlyTo(sources: string, { origin, relay }: Place): boolean {
  const hosts = new Set([origin.host, new URL(relay).host])
  const given = sources.split(' ')
  return given.every((source) => {
    const host = /^(?:https?|wss?):\/\/([^/*]+)$/.exec(source)?.[1]
    return source === "'self'" || (host !== undefined && hosts.has(host))
  })
}
