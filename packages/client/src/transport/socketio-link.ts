/**
 * One Socket.IO connection from its first try to its end. It is never used again afterwards: what Socket.IO may still
 * hold in its send buffer (it fills one even on a connection whose ping is overdue) dies with it, instead of reaching
 * the relay ahead of the next login.
 */
import { type RelayEventName, relayEventNames } from '@qsec/protocol'
import { io } from 'socket.io-client'
import type { Clock } from '../ports.ts'

export interface LinkOptions {
  /** Scheme, host and port of the relay. */
  origin: string
  transports: ('websocket' | 'polling')[]
  /** Node only: a proxy agent, and a certificate authority to trust. */
  agent?: unknown
  ca?: string
}

export interface LinkEvents {
  up(): void
  /** The end: called once, also where it never was up, but not after `close`. */
  down(): void
  event(name: RelayEventName, payload: unknown, done: () => void): void
}

export interface Link {
  /** Undefined until the link is up, and once it is down. */
  readonly socketId: string | undefined
  /** The raw answer; undefined where none came in time, or the link is not up. */
  request(name: string, payload: unknown, timeoutMs: number): Promise<{ answer: unknown } | undefined>
  close(): void
}

const connectTimeoutMs = 10_000

export function openLink(options: LinkOptions, clock: Clock, events: LinkEvents): Link {
  const socket = io(options.origin, {
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    timeout: 2 * connectTimeoutMs, // ours below covers Socket.IO's own handshake as well
    transports: options.transports,
    tryAllTransports: true,
    ...(options.agent === undefined ? {} : { agent: options.agent as never }), // typed as text, used as an http.Agent
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  let socketId: string | undefined
  let over = false
  const waiting = new Set<(outcome: undefined) => void>()
  const cancelTimeout = clock.after(connectTimeoutMs, () => end(events.down))

  function end(tell?: () => void): void {
    if (over) return
    over = true
    socketId = undefined
    cancelTimeout()
    socket.disconnect()
    for (const settle of waiting) settle(undefined)
    tell?.()
  }

  socket.on('connect', () => {
    // A second handshake would change the id that a login is bound to beneath its feet.
    if (over || socketId !== undefined) return end(events.down)
    cancelTimeout()
    socketId = socket.id
    events.up()
  })
  socket.on('connect_error', () => end(events.down))
  socket.on('disconnect', () => end(events.down))
  for (const name of relayEventNames) {
    socket.on(name, (...args: unknown[]) => {
      if (over) return
      const last = args.at(-1)
      const done = () => {
        if (!over && typeof last === 'function') last({ ok: true })
      }
      events.event(name, typeof args[0] === 'function' ? undefined : args[0], done)
    })
  }
  socket.connect()

  return {
    get socketId() {
      return socketId
    },
    request(name, payload, timeoutMs) {
      if (socketId === undefined) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const settle = (outcome: { answer: unknown } | undefined): void => {
          cancel()
          waiting.delete(settle)
          resolve(outcome)
        }
        const cancel = clock.after(timeoutMs, () => settle(undefined))
        waiting.add(settle)
        socket.emit(name, payload, (answer: unknown) => settle({ answer }))
      })
    },
    close: () => end(),
  }
}
