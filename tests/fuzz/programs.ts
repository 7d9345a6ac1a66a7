import { ConfigError } from '@qsec/server'
import { readJsonLine, readTextLine } from '../../apps/cli/src/bot/orders.ts'
import { readChatLine } from '../../apps/cli/src/chat/typed.ts'
import { UsageError } from '../../apps/cli/src/command.ts'
import { readLine } from '../../apps/cli/src/logs/line.ts'
import { fromHex } from '../../apps/cli/src/qkd/combine-context.ts'
import { parseGreeting } from '../../apps/cli/src/qkd/hosts/greeting.ts'
import { parseLedger } from '../../apps/cli/src/qkd/hosts/ledger.ts'
import { readLink } from '../../apps/cli/src/room/link.ts'
import { parseAddress, parseExpected, readLocation, readTypedRoom } from '../../apps/web/src/address.ts'
import { parseMarkup } from '../../apps/web/src/markup/parse.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { addressOf, parseTrustedProxies } from '../../packages/server/src/http/addresses.ts'
import { isAllowedOrigin, isHost } from '../../packages/server/src/http/hosts.ts'
import { isHandshake } from '../../packages/server/src/http/web-socket.ts'
import { decodePacket, encodePacket } from '../../packages/server/src/socket/parser.ts'
import { binary, bytesOf, refusing, type Target, text } from './target.ts'

export const programsTargets: readonly Target[] = [
  {
    name: 'settings',
    covers: ['readConfig', 'readSettings'],
    take: text(
      refusing(
        (input: string) => {
          const value = input.replaceAll('\0', '')
          const names = ['PORT', 'HOST', 'QSEC_ORIGINS', 'QSEC_KEEP_DAYS', 'QSEC_TRUST_PROXY']
          return names.map((name) => readConfig({ [name]: value }, []))
        },
        (error) => error instanceof ConfigError && !error.message.includes('\n'),
      ),
    ),
    seeds: () => ['5000', '127.0.0.1', 'https://a.example, https://b.example', '30', '1e3', '-1'].map(bytesOf),
  },
  {
    name: 'socket-packet',
    covers: ['decodePacket'],
    take: text((input) => {
      const packet = refusing(decodePacket, () => true)(input)
      // What was understood can be said again.
      return (
        packet &&
        refusing(
          () => decodePacket(encodePacket(packet as never)),
          () => false,
        )
      )
    }),
    seeds: () => ['0', '1', '2["hello",{"versions":[1]}]', '27["x",{}]', '3/a,7[]', '451-["x",{}]'].map(bytesOf),
    json: true,
  },
  {
    name: 'http-heads',
    covers: ['parseTrustedProxies'],
    take: text((input) => {
      const request = { url: input, method: 'GET', headers: { 'x-forwarded-for': input, upgrade: input }, socket: {} }
      const hops = parseTrustedProxies('3')
      return [
        isHost(input),
        isAllowedOrigin(input, 'chat.example.org', new Set()),
        isHandshake(request as never, () => true),
        addressOf(request as never, hops),
        parseTrustedProxies(input),
      ]
    }),
    seeds: () =>
      ['https://chat.example.org', '[::1]:5000', '1.2.3.4, 10.0.0.0/8', '/socket.io/?EIO=4&sid=x'].map(bytesOf),
  },
  {
    name: 'bot-orders',
    covers: ['readTextLine', 'readJsonLine'],
    take: text((input) => [readTextLine(input), readJsonLine(input)]),
    seeds: () => ['{"text":"hi"}', '{"eavesdropper":true}', '{"leave":true}', 'hi'].map(bytesOf),
    json: true,
  },
  {
    name: 'chat-lines',
    covers: ['readChatLine'],
    take: text((input) => readChatLine(input)),
    seeds: () => ['hello', '/to Ben hi', ' /to Ben', '//x', '/me waves', '/turn-away AB'].map(bytesOf),
  },
  {
    name: 'bot-link',
    covers: ['readLink'],
    take: text(refusing(readLink, (error) => error instanceof UsageError)),
    seeds: () =>
      [`https://a.example/room/AAAAAAAAAAAAAAAAAAAAAA#v1.${'A'.repeat(43)}`, 'http://a/room/lab?username=x'].map(
        bytesOf,
      ),
  },
  {
    name: 'log-line',
    covers: ['readLine'],
    take: text((message) => readLine({ id: 1, at: 1, message } as never)),
    seeds: () => ['[USER_JOIN] device=x', '[A] b="c d" e=1'].map(bytesOf),
  },
  {
    name: 'distill-files',
    covers: ['parseGreeting', 'parseLedger', 'fromHex'],
    take: (bytes) => {
      binary(parseGreeting)(bytes)
      text((input) => [parseLedger(input), fromHex(input)])(bytes)
    },
    seeds: () =>
      [
        '{"event":"opened","bytes":9,"greetingBytes":3}\n{"event":"spent","run":"x","from":3,"to":4}\n',
        '{"protocol":"qsec-distill/1","run":"00000000000000000000000000000000","authFrom":null,"segments":[]}',
        '00ff',
      ].map(bytesOf),
    json: true,
  },
  {
    name: 'markup',
    covers: ['parseMarkup'],
    take: text(parseMarkup),
    seeds: () => ['*a* **b** `c`', '```\nx\n```', '> - 1. [a](https://a.example)', '[['.repeat(50)].map(bytesOf),
  },
  {
    name: 'page-address',
    covers: ['readLocation', 'readTypedRoom', 'parseAddress', 'parseExpected'],
    take: text((input) => {
      const url = URL.canParse(input, 'https://a.example/') ? new URL(input, 'https://a.example/') : undefined
      return [
        url && readLocation(url.href),
        readTypedRoom(input, 'https://a.example'),
        parseAddress(input),
        parseExpected(input),
      ]
    }),
    seeds: () =>
      [
        '/room/lab?username=Ana&expected=3',
        `https://a.example/room/AAAAAAAAAAAAAAAAAAAAAA#v1.${'A'.repeat(43)}`,
        '%',
      ].map(bytesOf),
  },
]
