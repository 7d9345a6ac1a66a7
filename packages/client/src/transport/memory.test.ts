import { toBase64Url } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { type MemoryLink, type MemoryTransport, memoryRelay } from './memory.ts'
import { describeTransport, type TransportStage, until } from './transport.contract.ts'

const helloAnswer = { ok: true, version: 1, nonce: toBase64Url(new Uint8Array(32)) }

async function openMemory(): Promise<TransportStage> {
  let link: MemoryLink | undefined
  let transport: MemoryTransport | undefined
  let answer: (name: string, payload: unknown) => unknown = () => undefined
  const relay = memoryRelay({
    connected: (next) => {
      link = next
    },
    disconnected: () => {
      link = undefined
    },
    request: (_, name, payload) => answer(name, payload),
  })
  return {
    host: 'relay.test:5000',
    connect: () => {
      transport = relay.connect({ host: 'relay.test:5000' })
      return transport
    },
    relay: {
      answer: (handler) => {
        answer = handler
      },
      socketId: () => link?.socketId,
      send: (name, payload, acknowledged) => link!.sendRaw(name, payload, acknowledged),
      disconnect: () => link!.disconnect(),
      cut: () => transport!.cut(),
      restore: () => void transport!.restore(),
    },
  }
}

describeTransport('transport in memory', openMemory, { describe, it, expect })

describe('transport in memory, by command', () => {
  it('[TR15] a lost answer leaves the request with the relay; a lost request does not reach it', async () => {
    const seen: unknown[] = []
    const transport = memoryRelay({
      request: (_, __, payload) => {
        seen.push(payload)
        return helloAnswer
      },
    }).connect()
    await until(() => transport.state === 'connected')
    transport.loseAnswers(1)
    expect(await transport.request('hello', { versions: [1] }, 20)).toBeUndefined()
    expect(seen).toEqual([{ versions: [1] }])
    transport.loseRequests(1)
    expect(await transport.request('hello', { versions: [2] }, 20)).toBeUndefined()
    expect(seen).toEqual([{ versions: [1] }])
    expect(await transport.request('hello', { versions: [3] }, 20)).toEqual(helloAnswer)
    transport.close()
  })

  it('[TR16] a cut ends what is under way in both directions, and may say offline', async () => {
    let link: MemoryLink | undefined
    const transport = memoryRelay({
      connected: (next) => {
        link = next
      },
      request: () => helloAnswer,
    }).connect()
    await until(() => transport.state === 'connected')
    const events: unknown[] = []
    transport.onEvent((name) => events.push(name))
    const request = transport.request('hello', { versions: [1] })
    link!.sendRaw('room_logs', { room: 'r', logs: [] })
    transport.cut('offline')
    expect(await request).toBeUndefined()
    expect(transport.state).toBe('offline')
    await transport.restore()
    expect(transport.state).toBe('connected')
    expect(events).toEqual([])
    transport.close()
  })

  it('[TR17] several devices share one relay, each by its own connection', async () => {
    const links: MemoryLink[] = []
    const relay = memoryRelay({
      connected: (link) => links.push(link),
      request: (link) => ({ ok: false, code: 'no-access', message: link.socketId }),
    })
    const [ana, ben] = [relay.connect(), relay.connect()]
    await until(() => ana.state === 'connected' && ben.state === 'connected')
    expect(links.map(({ socketId }) => socketId)).toEqual([ana.socketId, ben.socketId])
    expect(ana.socketId).not.toBe(ben.socketId)
    expect(await ben.request('hello', { versions: [1] })).toMatchObject({ message: ben.socketId })
    ana.close()
    ben.close()
  })
})
