import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { addressOf, parseTrustedProxies } from './addresses.ts'
import { forgetHeaders, handshakeOf } from './web-socket.ts'

it('[HX50] of the request that began a WebSocket only its host and whom proxies named stays: who begins anew on it is still known', () => {
  const request = new IncomingMessage(new Socket())
  Object.assign(request, { method: 'GET', url: '/socket.io/?EIO=4' })
  request.headers = { host: 'chat.example', 'x-forwarded-for': '192.0.2.7', cookie: 'a=b', 'user-agent': 'someone' }
  const handshake = handshakeOf(request)
  expect(handshake).toMatchObject({ method: 'GET', url: '/socket.io/?EIO=4', headers: request.headers })
  forgetHeaders(handshake)
  expect(handshake.headers).toEqual({ host: 'chat.example', 'x-forwarded-for': '192.0.2.7' })
  expect(addressOf(handshake, parseTrustedProxies('1'))).toBe('192.0.2.7')
  forgetHeaders(handshake)
  expect(handshake.headers.host).toBe('chat.example')
  const bare = handshakeOf(new IncomingMessage(new Socket()))
  forgetHeaders(bare)
  expect(bare.headers).toEqual({})
})
