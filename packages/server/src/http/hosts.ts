/** Which hosts and origins the relay answers to. */

const hostShape = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9.])?|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/i

/** A Host header of a possible form. What passes can stand in a header of ours. */
export function isHost(host: string | undefined): host is string {
  const match = host === undefined ? null : hostShape.exec(host)
  return match !== null && Number(match[1] ?? 1) <= 65_535
}

/**
 * Whether a page of `origin` may talk to the relay that was addressed as `host`. None is named by programs, which log in
 * by signature like everybody else; `null` is named by sandboxed pages and by files.
 */
export function isAllowedOrigin(origin: string | undefined, host: string, allowed: ReadonlySet<string>): boolean {
  if (origin === undefined || allowed.has(origin)) return true
  if (!URL.canParse(origin)) return false
  const { protocol, origin: normal, host: itsHost } = new URL(origin)
  if (normal !== origin || (protocol !== 'http:' && protocol !== 'https:')) return false
  const ours = `${protocol}//${host}` // read by the same rules: lower case, and no default port
  return URL.canParse(ours) && new URL(ours).host === itsHost
}
