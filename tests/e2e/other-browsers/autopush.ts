/**
 * The push service that Firefox talks to, as far as it needs one: it says hello, gives out addresses and passes on empty
 * messages, over a WebSocket of its own (what Mozilla's autopush speaks). The addresses are those of a push service for tests.
 */
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { openPushService, type PushService } from '../../../packages/server/test/push-service.ts'

export interface Autopush {
  readonly service: PushService
  /** For `dom.push.serverURL`. */
  readonly socketUrl: string
  /** Messages that the browser has handed to the page's service worker, by its own word. */
  readonly acknowledged: string[]
  /** Subscriptions that it has given back. */
  readonly unregistered: string[]
  close(): Promise<void>
}

const handedOver = 100

interface Said {
  messageType?: string
  channelID?: string
  updates?: { version: string; code: number }[]
}

export async function openAutopush(): Promise<Autopush> {
  const acknowledged: string[] = []
  const unregistered: string[] = []
  let browser: WebSocket | undefined
  const service = await openPushService(({ path }) => {
    const channelID = path.slice(1)
    browser?.send(
      JSON.stringify({ messageType: 'notification', channelID, version: `v${service.received.length}`, ttl: 60 }),
    )
  })
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  server.on('connection', (socket) => {
    browser = socket
    const say = (message: object) => socket.send(JSON.stringify({ status: 200, ...message }))
    socket.on('message', (data) => {
      const { messageType, channelID = '', updates = [] } = JSON.parse(String(data)) as Said
      if (messageType === 'hello') say({ messageType, uaid: '0'.repeat(32), use_webpush: true, broadcasts: {} })
      else if (messageType === 'register') say({ messageType, channelID, pushEndpoint: service.endpoint(channelID) })
      else if (messageType === 'unregister') {
        unregistered.push(channelID)
        say({ messageType, channelID })
      } else if (messageType === 'ack')
        acknowledged.push(...updates.filter(({ code }) => code === handedOver).map(({ version }) => version))
      else if (messageType === undefined || messageType === 'ping') socket.send('{}')
    })
  })
  return {
    service,
    socketUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    acknowledged,
    unregistered,
    async close() {
      browser?.terminate()
      await new Promise((resolve) => server.close(resolve))
      await service.close()
    },
  }
}
