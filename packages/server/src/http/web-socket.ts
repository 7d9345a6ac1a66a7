/** Handshakes of WebSockets. What the engine and its WebSocket library would refuse, they refuse without our headers. */
import type { IncomingMessage } from 'node:http'

/** Whether the engine will take `request` as the beginning of a WebSocket: a new one, or for a connection that it has. */
export function isHandshake(
  { method, url, headers }: IncomingMessage,
  hasConnection: (id: string) => boolean,
): boolean {
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return false
  if (headers['sec-websocket-version'] !== '13') return false
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')) return false
  // No client of ours asks for one, and the library answers a list that it cannot read.
  if (headers['sec-websocket-protocol'] !== undefined) return false
  const query = new URLSearchParams(url?.split('?')[1])
  if (query.getAll('transport').join() !== 'websocket' || query.getAll('EIO').join() !== '4') return false
  const [id, ...more] = query.getAll('sid')
  return id === undefined || (more.length === 0 && hasConnection(id))
}

/**
 * Of a request that begins a WebSocket, what the engine and its library read. They keep it as long as the connection lasts, and
 * Node's own object, with its headers in three forms and a stream for a body, is several kilobytes for each connection.
 */
export function handshakeOf({ method, url, headers, socket }: IncomingMessage): IncomingMessage {
  return { method, url, headers, socket, connection: socket } as unknown as IncomingMessage
}

/** Of its headers only those are needed on, once it has been taken: a client can begin a session anew on its connection. */
export function forgetHeaders(handshake: IncomingMessage): void {
  const { host, 'x-forwarded-for': forwarded } = handshake.headers
  handshake.headers = {
    ...(host === undefined ? {} : { host }),
    ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
  }
}
