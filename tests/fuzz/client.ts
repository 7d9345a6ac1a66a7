import { type DeviceId, type Incarnation, type MessageId, Reader, type RoomAddress } from '@qsec/protocol'
import { isBackup, openBackup } from '../../packages/client/src/backup/file.ts'
import { actionIn, namesFor, readTyped } from '../../packages/client/src/commands/typed.ts'
import { decodeEnvelope } from '../../packages/client/src/content.ts'
import { decodeSaid, encodeSaid } from '../../packages/client/src/conversations/content.ts'
import {
  decodeDeviceLinkProof,
  encodeDeviceLinkProof,
  parseDeviceLinkFragment,
} from '../../packages/client/src/crypto/device-link.ts'
import {
  decodeInviteProof,
  decodeInvites,
  encodeInviteProof,
  encodeInvites,
  parseLinkFragment,
} from '../../packages/client/src/crypto/invite.ts'
import { parsePskId } from '../../packages/client/src/crypto/rules.ts'
import { decodeSettings, encodeSettings, foundingSettings } from '../../packages/client/src/crypto/settings.ts'
import { readRecords, writeRecords } from '../../packages/client/src/earlier/records.ts'
import { barePicture, isBarePicture } from '../../packages/client/src/files/images/index.ts'
import { cleanFileName } from '../../packages/client/src/files/names.ts'
import { decodePiece, encodePiece } from '../../packages/client/src/files/pieces.ts'
import { fold } from '../../packages/client/src/find/fold.ts'
import { holdsAll, placesOf, wordsOf } from '../../packages/client/src/find/words.ts'
import { readEarlier } from '../../packages/client/src/quantum/earlier-content.ts'
import { decodePairContent, encodePairContent } from '../../packages/client/src/quantum/pair-content.ts'
import { decodeSettingsText } from '../../packages/client/src/room/agreement-lines.ts'
import { decodeLinkContent } from '../../packages/client/src/room/link-content.ts'
import { newSelf, parseSelf } from '../../packages/client/src/room/self.ts'
import { decodeLacks, encodeLacks } from '../../packages/client/src/sync/lacks.ts'
import {
  decodeOwnCommit,
  decodePending,
  decodePlace,
  decodeRow,
  encodeOwnCommit,
  encodePending,
  encodePlace,
  encodeRow,
} from '../../packages/client/src/sync/rows.ts'
import { loadLooksFor } from '../../packages/client/src/trust/looks.ts'
import { cleanName, skeleton } from '../../packages/client/src/trust/names.ts'
import { doorsOf, openKeyBox } from '../../packages/client/src/vault/key-box.ts'
import { parseRecoveryCode } from '../../packages/client/src/vault/recovery-code.ts'
import { pngPicture } from '../pictures.ts'
import { examplesOf } from './seeds.ts'
import { binary, bytesOf, mustBeSound, type Target, text } from './target.ts'

// Names of all kinds are compared here.
await loadLooksFor(['Ä'])

const sixteen = 'AAAAAAAAAAAAAAAAAAAAAA'
const fill = (length: number) => new Uint8Array(length).fill(7)
const id = sixteen as MessageId
const cursor = { inc: sixteen as Incarnation, seq: 4 }

export const clientTargets: readonly Target[] = [
  {
    name: 'lacks',
    covers: ['decodeLacks'],
    take: binary(decodeLacks, encodeLacks),
    seeds: () => [
      encodeLacks([]),
      encodeLacks([
        [1, 3],
        [7, 7],
      ]),
    ],
  },
  {
    name: 'content',
    covers: ['decodeEnvelope'],
    take: binary(decodeEnvelope),
    seeds: () => examplesOf('content'),
    json: true,
  },
  {
    name: 'link-content',
    covers: ['decodeLinkContent'],
    take: binary((bytes) => decodeLinkContent(sixteen as RoomAddress, bytes)),
    seeds: () => [
      bytesOf(JSON.stringify({ v: 1, room: sixteen, name: 'Ana', person: sixteen, keys: [], secret: 'AA' })),
    ],
    json: true,
  },
  {
    name: 'self',
    covers: ['parseSelf', 'parseStored'],
    take: binary(parseSelf),
    seeds: () => [bytesOf(JSON.stringify(newSelf()))],
    json: true,
  },
  {
    name: 'earlier-records',
    covers: ['readRecords'],
    take: binary(readRecords),
    seeds: () => [writeRecords({ askedMs: 1, asks: [], offers: [], accepted: [], giving: [], quiet: [] })],
    json: true,
  },
  {
    name: 'pair-content',
    covers: ['decodePairContent'],
    take: binary(decodePairContent, encodePairContent),
    seeds: () => [
      encodePairContent({ type: 'bb84', run: fill(16), message: fill(40) }),
      encodePairContent({ type: 'share-wanted', uuid: '00000000-0000-4000-8000-000000000000' }),
      encodePairContent({ type: 'successor', room: sixteen as RoomAddress, secret: fill(32) }),
    ],
  },
  {
    name: 'earlier-content',
    covers: ['readEarlier'],
    take: binary((bytes) => {
      // As its caller has it: a reader that is out of bytes says so by an error of its own.
      try {
        return readEarlier(bytes[0] ?? 0, new Reader(bytes.subarray(1)))
      } catch (error) {
        if (error instanceof Error && error.name === 'CodecError') return undefined
        throw error
      }
    }),
    seeds: () => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((kind) => Uint8Array.of(kind, ...fill(60))),
  },
  {
    name: 'conversation-content',
    covers: ['decodeSaid', 'readSaid'],
    take: binary(decodeSaid),
    seeds: () => [
      encodeSaid(id, { type: 'note', text: 'hi', atMs: 1 }),
      encodeSaid(id, {
        type: 'note',
        text: 'hi',
        atMs: 1,
        lifetimeS: 60,
        replyTo: { device: sixteen as DeviceId, id },
      }),
      encodeSaid(id, { type: 'edit', of: { device: sixteen as DeviceId, id }, version: 1, text: 'ho', atMs: 2 }),
      encodeSaid(id, { type: 'receipt', inc: cursor.inc, seq: 9, transcript: fill(32) }),
    ],
  },
  {
    name: 'settings',
    covers: ['decodeSettings', 'decodeSettingsText'],
    take: (bytes) => {
      binary(decodeSettings, encodeSettings)(bytes)
      text(decodeSettingsText)(bytes)
    },
    seeds: () => [
      encodeSettings(foundingSettings(sixteen)),
      encodeSettings(foundingSettings(sixteen, 9)),
      encodeSettings({ ...foundingSettings(sixteen, 9), lifetimeS: 60 }),
      encodeSettings({ ...foundingSettings(sixteen, 9), keepSealed: 14, title: 'Book club' }),
    ],
  },
  {
    name: 'invites',
    covers: ['decodeInvites', 'decodeInviteProof'],
    take: (bytes) => {
      binary(decodeInvites, encodeInvites)(bytes)
      binary(decodeInviteProof, encodeInviteProof)(bytes)
    },
    seeds: () => [
      encodeInvites([{ id: sixteen as never, secret: fill(32), expiresMs: 9, mode: 'link' } as never]),
      encodeInviteProof({ inviteId: sixteen as never, expiresMs: 9, proof: fill(64) }),
    ],
  },
  {
    name: 'device-link-proof',
    covers: ['decodeDeviceLinkProof'],
    take: binary(decodeDeviceLinkProof, encodeDeviceLinkProof),
    seeds: () => [encodeDeviceLinkProof({ id: sixteen as never, proof: fill(64) })],
  },
  {
    name: 'fragments',
    covers: ['parseLinkFragment', 'parseDeviceLinkFragment'],
    take: text((input) => [parseLinkFragment(input), parseDeviceLinkFragment(input)]),
    seeds: () => [`#v1.${'A'.repeat(43)}`, `d1.${'A'.repeat(43)}`, '#'].map(bytesOf),
  },
  {
    name: 'psk-id',
    covers: ['parsePskId'],
    take: text(parsePskId),
    seeds: () => [`qsec-link/1/${sixteen}/x`, `qkdg:${sixteen}:00000000-0000-4000-8000-000000000000`].map(bytesOf),
  },
  {
    name: 'outbox-row',
    covers: ['decodeRow'],
    take: binary(decodeRow, encodeRow),
    seeds: () => [
      encodeRow({ order: 1, id, kind: 'message', until: 'confirmed', content: fill(9), ordered: cursor }),
      encodeRow({
        order: 2,
        id,
        kind: 'roomkey',
        until: 'ordered',
        content: fill(9),
        sealed: { epoch: 3, frame: fill(9) },
      }),
    ],
  },
  {
    name: 'stream-rows',
    covers: ['decodePending', 'decodePlace', 'decodeOwnCommit'],
    take: (bytes) => {
      binary(decodePending, encodePending)(bytes)
      binary(decodePlace, encodePlace)(bytes)
      binary(decodeOwnCommit, encodeOwnCommit)(bytes)
    },
    seeds: () => [
      encodePending({ epoch: 1, id, frame: fill(9), next: fill(9), note: '{}', inc: sixteen, accepted: cursor }),
      fill(40),
      fill(120),
    ],
  },
  {
    name: 'recovery-code',
    covers: ['parseRecoveryCode'],
    take: text(parseRecoveryCode),
    seeds: () => ['0000-0000-0000-0000-0000-0000-000', 'OIL '.repeat(9)].map(bytesOf),
  },
  {
    name: 'key-box',
    covers: ['openKeyBox'],
    take: async (bytes) => {
      mustBeSound(doorsOf(bytes))
      const stretched = () => Promise.resolve(fill(32))
      if ((await openKeyBox('fuzz', bytes, { passphrase: 'x' }, stretched)) !== undefined) throw new Error('it opens')
    },
    seeds: () => [fill(200), Uint8Array.of(1, 1, ...fill(150))],
    slow: true,
  },
  {
    name: 'backup',
    covers: ['openBackup'],
    take: async (bytes) => {
      const file = bytes as Uint8Array<ArrayBuffer>
      isBackup(file)
      const opened = await openBackup(file, { passphrase: 'x' }, () => Promise.resolve(fill(32)))
      if (opened.ok) throw new Error('it opens')
    },
    seeds: () => [Uint8Array.of(...bytesOf('QSECBAK1'), 0, 100, ...fill(200))],
    slow: true,
  },
  {
    name: 'pieces',
    covers: ['decodePiece'],
    take: binary(decodePiece, encodePiece),
    seeds: () => [encodePiece({ path: [fill(32), fill(32)], sealed: fill(100) })],
  },
  {
    name: 'pictures',
    covers: [],
    take: (bytes) => {
      for (const type of ['image/png', 'image/jpeg', 'image/webp', 'image/gif']) {
        const bare = barePicture(type, bytes)
        if (bare && !isBarePicture(type, bare.bytes)) throw new Error('what is left of a picture is not bare')
      }
    },
    seeds: () => [
      Uint8Array.from(pngPicture),
      ...['GIF89a', 'RIFF\u0010\0\0\0WEBPVP8L', '\u00ff\u00d8\u00ff'].map(bytesOf),
    ],
  },
  {
    name: 'file-names',
    covers: [],
    take: text((input) => {
      const clean = cleanFileName(input)
      if (cleanFileName(clean) !== clean || /[/\\]/.test(clean)) throw new Error('a clean file name is not clean')
      return clean
    }),
    seeds: () => ['../a.png', 'con.txt', '\u202egpj.exe', '...', 'a'.repeat(300)].map(bytesOf),
  },
  {
    name: 'typed',
    covers: ['readTyped'],
    take: text((input) => {
      const [words, said] = [input.slice(0, input.length >> 1), input.slice(input.length >> 1).normalize('NFC')]
      const wanted = wordsOf(words)
      const places = placesOf(wanted, said)
      if (wanted.length > 0 && holdsAll(wanted, fold(said)) && places.length === 0) throw new Error('found nowhere')
      if (places.some(([from, to]) => from >= to || to > said.length)) throw new Error('a place outside the text')
      return [readTyped(input), actionIn(input), namesFor(input, words.length)]
    }),
    seeds: () => ['/verify Ana', '//me', '/me waves', '/ünknown', '"a b" ca\u0301fé CAFE', 'ﬁﬁ', '한한'].map(bytesOf),
  },
  {
    name: 'names',
    covers: [],
    take: text((input) => {
      const clean = cleanName(input)
      if (cleanName(clean) !== clean) throw new Error('a clean name is cleaned again')
      return skeleton(clean)
    }),
    seeds: () => ['Ana', 'Аnа', '‮Ana​', '✓ Ana', 'ﷺ'.repeat(9), 'é'].map(bytesOf),
  },
]
