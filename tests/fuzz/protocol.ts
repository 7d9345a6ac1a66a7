import {
  type Base64Url,
  clientEventNames,
  decodeBundle,
  decodeDeviceRecord,
  decodePersonKeys,
  encodeBundle,
  encodeDeviceRecord,
  encodePersonKeys,
  fromBase64Url,
  fromUtf8,
  parseBundlesAnswer,
  parseClientEvent,
  parseDeleteRoomLogsAnswer,
  parseHelloAnswer,
  parseJoinAnswer,
  parseKeepSealedAnswer,
  parseKeyPackageAnswer,
  parseOrdered,
  parseRefusal,
  parseRelayEvent,
  parseReopenAnswer,
  parseRoomAddress,
  parseRoomLogsAnswer,
  parseRoomRowsAnswer,
  parseRoomTablesAnswer,
  parseTakeLinkAnswer,
  relayEventNames,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import { parseAnswer } from '../../packages/client/src/transport/wire.ts'
import { readIdentity } from '../../packages/server/src/room/identity.ts'
import { TestDevice } from '../../packages/server/test/device.ts'
import { examplesOf } from './seeds.ts'
import { binary, bytesOf, json, type Target, text } from './target.ts'

const device = () => new TestDevice(toBase64Url(new Uint8Array(16).fill(7)) as string as TestDevice['room'])
const bundle = () => fromBase64Url(device().bundle)!
const parsedBundle = () => decodeBundle(bundle())!

export const protocolTargets: readonly Target[] = [
  { name: 'bundle', covers: ['decodeBundle'], take: binary(decodeBundle, encodeBundle), seeds: () => [bundle()] },
  {
    name: 'device-record',
    covers: ['decodeDeviceRecord'],
    take: binary(decodeDeviceRecord, encodeDeviceRecord),
    seeds: () => [encodeDeviceRecord(parsedBundle().record)],
  },
  {
    name: 'person-keys',
    covers: ['decodePersonKeys'],
    take: binary(decodePersonKeys, encodePersonKeys),
    seeds: () => [encodePersonKeys(parsedBundle().personKeys)],
  },
  {
    name: 'identity',
    covers: ['readIdentity'],
    take: text((input) => readIdentity(input as Base64Url)),
    seeds: () => [bytesOf(device().bundle)],
  },
  {
    name: 'client-events',
    covers: ['parseClientEvent'],
    take: json((value) => clientEventNames.map((name) => parseClientEvent(name, value))),
    seeds: () => examplesOf('client'),
    json: true,
  },
  {
    name: 'relay-events',
    covers: ['parseRelayEvent'],
    take: json((value) => relayEventNames.map((name) => parseRelayEvent(name, value))),
    seeds: () => examplesOf('relay'),
    json: true,
  },
  {
    name: 'answers',
    covers: [
      'parseAnswer',
      'parseRefusal',
      'parseHelloAnswer',
      'parseJoinAnswer',
      'parseOrdered',
      'parseRoomLogsAnswer',
      'parseRoomTablesAnswer',
      'parseRoomRowsAnswer',
      'parseDeleteRoomLogsAnswer',
      'parseBundlesAnswer',
      'parseKeepSealedAnswer',
      'parseReopenAnswer',
      'parseTakeLinkAnswer',
      'parseKeyPackageAnswer',
    ],
    take: json((value) => [
      ...clientEventNames.map((name) => parseAnswer(name, value)),
      parseRefusal(value),
      parseHelloAnswer(value),
      parseJoinAnswer(value),
      parseOrdered(value),
      parseRoomLogsAnswer(value),
      parseRoomTablesAnswer(value),
      parseRoomRowsAnswer(value),
      parseDeleteRoomLogsAnswer(value),
      parseBundlesAnswer(value),
      parseKeepSealedAnswer(value),
      parseReopenAnswer(value),
      parseTakeLinkAnswer(value),
      parseKeyPackageAnswer(value),
    ]),
    seeds: () => [...examplesOf('answer'), ...examplesOf('refusal')],
    json: true,
  },
  {
    name: 'base64url',
    covers: ['fromBase64Url'],
    take: binary(
      (bytes) => {
        const written = new TextDecoder('latin1').decode(bytes)
        const read = fromBase64Url(written)
        return read && ([read, bytes] as const)
      },
      ([read]) => bytesOf(toBase64Url(read)),
    ),
    seeds: () => ['', 'AA', 'AAE', 'AAEC', 'AQ==', 'A-_w'].map(bytesOf),
  },
  {
    name: 'utf8',
    covers: ['fromUtf8'],
    take: binary(fromUtf8, utf8),
    seeds: () => [bytesOf('\u{feff}ü€😀'), Uint8Array.of(0xed, 0xa0, 0x80)],
  },
  {
    name: 'room-address',
    covers: ['parseRoomAddress'],
    take: json(parseRoomAddress),
    seeds: () => ['"lobby"', '"AAAAAAAAAAAAAAAAAAAAAA"', '["a"]'].map(bytesOf),
    json: true,
  },
]
