/** What goes between a page and its relay, in the hands of a test: looked at, changed, held up, said again. */
import type { Page, WebSocketRoute } from 'playwright-core'

/** One event of the relay's or of the page's, as it stands on the wire. */
export interface Frame {
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: a tampering test changes whatever it likes
  payload: any
  /** The same text with another payload. */
  with(change: object): string
}

export interface Wire {
  /** Yields what the page gets in the place of an event; by default that. */
  down(frame: Frame, text: string): string[]
  /** Resolves once an event of the page's may go on to the relay. */
  up(frame: Frame): Promise<void>
  /** Says something to the page that the relay did not. */
  tell(text: string): void
}

/** Puts itself between a page that is not open yet and its relay. */
export async function tapWire(page: Page): Promise<Wire> {
  let socket: WebSocketRoute | undefined
  const wire: Wire = {
    down: (_, text) => [text],
    up: async () => undefined,
    tell: (text) => socket?.send(text),
  }
  await page.routeWebSocket(/socket\.io/, (near) => {
    socket = near
    const relay = near.connectToServer()
    // Each waits for the one before it, so that nothing is overtaken.
    let before = Promise.resolve()
    near.onMessage((text) => {
      const frame = frameOf(text)
      before = before.then(() => frame && wire.up(frame)).then(() => relay.send(text))
    })
    relay.onMessage((text) => {
      const frame = frameOf(text)
      for (const one of frame ? wire.down(frame, String(text)) : [text]) near.send(one)
    })
  })
  return wire
}

/** Socket.IO writes an event as `42`, a number where an answer is wanted, and a list of its name and what comes with it. */
function frameOf(text: string | Buffer): Frame | undefined {
  const [, head, list] = /^(42\d*)(\[.*\])$/s.exec(String(text)) ?? []
  if (head === undefined || list === undefined) return undefined
  const [name, payload] = JSON.parse(list) as [string, object]
  return { name, payload, with: (change) => `${head}${JSON.stringify([name, { ...payload, ...change }])}` }
}
