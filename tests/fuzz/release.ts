/** Lists and keys of releases, and what a page asks a server about itself. */

import { readReach } from '../../apps/web/src/reach.ts'
import { parseJson } from '../../packages/client/src/release/files.ts'
import {
  parseFileList,
  parseRelaySetting,
  parseReleaseKey,
  parseReleaseSecret,
} from '../../packages/client/src/release/index.ts'
import { readReleaseKey } from '../../packages/client/src/release/key.ts'
import { binary, bytesOf, json, type Target, text } from './target.ts'

const page = 'https://chat.example.org'
const noKey = { format: 'qsec-release-key/1', ed25519: 'A'.repeat(43), mlDsa65: 'A' }

export const releaseTargets: readonly Target[] = [
  {
    name: 'release-files',
    covers: ['parseFileList', 'parseReleaseKey', 'parseReleaseSecret', 'parseJson'],
    take: (bytes) => {
      for (const parse of [parseFileList, parseReleaseKey, parseReleaseSecret, parseJson]) binary(parse)(bytes)
    },
    seeds: () =>
      [
        JSON.stringify({ version: '0.1.0', files: [{ path: 'assets/a.js', bytes: 3, sha256: '0'.repeat(64) }] }),
        JSON.stringify(noKey),
        JSON.stringify({ format: 'qsec-release-secret/1', seed: 'A'.repeat(43) }),
      ].map(bytesOf),
    json: true,
  },
  {
    name: 'release-key',
    covers: ['readReleaseKey'],
    take: text((input) => readReleaseKey({ ed25519: input, mlDsa65: input })),
    seeds: () => [bytesOf('A'.repeat(43))],
  },
  {
    name: 'relay-setting',
    covers: ['parseRelaySetting'],
    take: text((input) => parseRelaySetting(input, page)),
    seeds: () => ['{"relay":"self"}', `{"relay":"${page}"}`].map(bytesOf),
    json: true,
  },
  {
    name: 'reach',
    covers: ['readReach'],
    take: json((told) => readReach(told, { origin: undefined, guide: undefined })),
    seeds: () => [
      bytesOf(JSON.stringify({ addresses: ['https://192.168.1.2:5000'], guide: 'http://192.168.1.2:5080' })),
    ],
    json: true,
  },
]
