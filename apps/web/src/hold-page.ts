/** The browser asks before it lets the page go, while something would be lost with it. */
let held = 0

const ask = (event: Event): void => event.preventDefault()

/** Until what it returns is called. */
export function holdPage(): () => void {
  if (++held === 1) window.addEventListener('beforeunload', ask)
  return () => {
    if (--held === 0) letPageGo()
  }
}

export function isPageHeld(): boolean {
  return held > 0
}

/** Where the page must not stay, whatever is lost. */
export function letPageGo(): void {
  window.removeEventListener('beforeunload', ask)
}
