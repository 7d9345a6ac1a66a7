/** Connections for a conversation: one after the other until it is over. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { CommandFailed } from '../../command.ts'
import type { Conversation } from './conversation.ts'

export interface Address {
  host: string
  port: number
}

/** Strangers beyond these wait outside. */
const maxConnections = 16
const firstDelayMs = 100
const longestDelayMs = 2000

/** Connects, and again whenever the connection is cut. */
export async function keepConnected(address: Address, conversation: Conversation): Promise<void> {
  let delayMs = firstDelayMs
  while (!conversation.over) {
    const socket = await connected(address)
    if (socket && !conversation.over) {
      if (await conversation.carry(socket)) delayMs = firstDelayMs
    } else socket?.destroy()
    if (conversation.over) return
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    delayMs = Math.min(longestDelayMs, 2 * delayMs)
  }
}

/** @returns the address that is listened on, with the port that was found for port 0, and how to stop */
export async function keepListening(
  address: Address,
  conversation: Conversation,
): Promise<{ at: Address; stop: () => void }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    if (conversation.over) socket.destroy()
    else void conversation.carry(socket)
  })
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(busy(error)))
    server.listen(address.port, address.host, resolve)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : address.port
  return {
    at: { host: address.host, port },
    stop: () => {
      server.close()
      // What was written is sent; whoever does not close is not waited for.
      for (const socket of sockets) setTimeout(() => socket.destroy(), 500).unref()
    },
  }
}

function connected({ host, port }: Address): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => {
      socket.destroy()
      resolve(undefined)
    })
  })
}

function busy({ code }: NodeJS.ErrnoException): CommandFailed {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'somebody else listens there',
    EADDRNOTAVAIL: 'this machine has no such address',
    EACCES: 'not allowed',
    ENOTFOUND: 'no such host',
  }
  return new CommandFailed(`--listen: ${reasons[code ?? ''] ?? code ?? 'not possible'}.`)
}
