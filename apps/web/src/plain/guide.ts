/** The guide to the certificate: opens the steps of this device, and says when they are done. It works without, too. */

const byId = (id: string): HTMLElement => document.getElementById(id)!
const ways = [...document.querySelectorAll<HTMLAnchorElement>('a.open')]
const relay = new URL(ways[0]!.href)

handOnLink()
byId(deviceOf(navigator)).setAttribute('open', '')
if (canAsk()) {
  void ask()
  // Back from the settings, where it was installed.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void ask())
}

/**
 * Whoever came with the address of a room, over plain HTTP by mistake, goes on to it. The secret behind `#` is in no
 * request; here it leaves address bar and history, and stands in nothing but the way to the same host over TLS.
 */
function handOnLink(): void {
  const { hash, hostname, pathname } = location
  if (pathname === '/' || relay.hostname !== hostname) return
  for (const way of ways) way.href = `${relay.origin}${pathname}${hash}`
  if (hash === '') return
  history.replaceState(null, '', pathname)
  byId('came-with-link').hidden = false
}

/** An IPv6 address cannot stand in the policy of this page. */
function canAsk(): boolean {
  return !relay.hostname.startsWith('[') && relay.hostname === location.hostname
}

async function ask(): Promise<void> {
  const isTrusted = await fetch(`${relay.origin}/trusted`, { cache: 'no-store' }).then(
    (response) => response.ok,
    () => false, // what a browser says of a certificate that it does not trust
  )
  const state = byId('state')
  state.hidden = false
  state.classList.toggle('good', isTrusted)
  state.querySelector<HTMLElement>('.open')!.hidden = !isTrusted
  byId('state-words').textContent = isTrusted
    ? 'This browser trusts the certificate. If you have compared the fingerprint, you are done.'
    : 'This browser does not trust the certificate yet.'
}

/** Which steps this browser needs. iPads call themselves Macs, and have fingers. */
function deviceOf({ userAgent, maxTouchPoints }: Navigator): string {
  if (/Android/.test(userAgent)) return 'android'
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return 'apple-mobile'
  if (/Firefox\//.test(userAgent)) return 'firefox'
  if (/Windows/.test(userAgent)) return 'windows'
  return /Macintosh/.test(userAgent) ? 'mac' : 'linux'
}

export {}
