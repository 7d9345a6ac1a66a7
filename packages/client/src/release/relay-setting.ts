/** Which relay a page talks to, in a file beside it: its own server, or one elsewhere. Entry `@qsec/client/relay-setting`. */

/**
 * @param pageOrigin - what `self` means
 * @returns the origin of the relay, or undefined for a file that says none
 */
export function parseRelaySetting(text: string, pageOrigin: string): string | undefined {
  const relay = relayIn(text)
  if (typeof relay !== 'string' || relay.length > 300) return undefined
  return relay === 'self' ? pageOrigin : isRelayOrigin(relay) ? relay : undefined
}

function relayIn(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    const entries = Object.entries(parsed)
    return entries.length === 1 && entries[0]![0] === 'relay' ? entries[0]![1] : undefined
  } catch {
    return undefined // no JSON: says none
  }
}

/** As a browser writes an origin: `https://chat.example.org:8443`, without a path or a final slash. */
export function isRelayOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { origin, protocol } = new URL(text)
  return origin === text && (protocol === 'https:' || protocol === 'http:')
}
