/** No parser is forgotten: whoever adds one adds its target, or says here why it needs none. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { targets } from './targets.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** Functions of such a name that read nothing from outside, and why. */
const noParsers: Readonly<Record<string, string>> = {
  parseWith: 'what parsers of JSON are made of',
  readExactly: 'what parsers of bytes are made of',
  decode: 'of an error-correcting code: bits that the run has counted, no bytes',
  readRecord: 'a number that the detector of this process wrote',
  unpackIntensities: 'bits that the run has counted',
  unpackWords: 'words of this process',
  readBits: 'a file of bits that its user names; any bytes are bits',
  readPair: 'two of those',
  readSome: 'the bytes of a file, up to a limit',
  readContext: 'a file that its user names, of a command that keeps nothing',
  readSaeConfig: 'a file that its operator names, at the start',
  readDataKey: '32 bytes of the own folder, of which each value is a key',
  readFlags: 'the command line, by node:util',
  readAccess: 'the command line',
  readVapidKey: 'a file that its operator names, which node:crypto reads (WP17)',
  readCreateToken: 'a file that its operator names, of which any line of some length is a token',
  readKey: 'a file that its user names, which parseReleaseKey reads',
  readSecret: 'a file that its user names, which parseReleaseSecret reads',
  readGroup: 'rows of sealed storage, which are read by decodeGroupParts',
  readHistory: 'rows of sealed storage, which are read by decodeEnvelope and others',
  readFrames: 'rows of the own database (KS, CX20, CX21)',
  readKept: 'rows of the own database (KS, CX20, CX21)',
  readMissing: 'rows of the own database (KS)',
  readHoldings: 'rows of the own database, asked for by a key that is parsed (WK4)',
  readOldLines: 'rows of the own database (OP11, OP12)',
  readLinesOf: 'rows of the own database (OP11, OP12)',
  readRoomFigures: 'rows of the own database (OP14)',
  readLog: 'rows of the own database, whose texts no value can break (RL42)',
  readLastLog: 'rows of the own database, whose texts no value can break (RL42)',
}

function parsers(): string[] {
  const files = ['packages', 'apps'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' }).map((file) => `${top}/${file}`),
  )
  return files
    .filter(
      (file) => /\/src\/.*\.tsx?$/.test(file) && !/node_modules|\/dist\/|\.test\.|testing|in-page|test-/.test(file),
    )
    .flatMap((file) => [
      ...readFileSync(path.join(root, file), 'utf8').matchAll(
        /^export (?:async )?function ((?:parse|decode|read|unpack)\w*|from(?:Base64Url|Utf8|Hex)|open(?:Backup|KeyBox|KeyPackage))\b/gm,
      ),
    ])
    .map(([, name]) => name!)
}

it('[FZ4] every parser of the tree has a target, or a reason', () => {
  const covered = new Set(targets.flatMap(({ covers }) => covers))
  const all = new Set(parsers())
  expect([...all].filter((name) => !covered.has(name) && !(name in noParsers)).sort()).toEqual([])
  expect([...covered, ...Object.keys(noParsers)].filter((name) => !all.has(name)).sort(), 'gone').toEqual([])
  expect(
    Object.keys(noParsers).filter((name) => covered.has(name)),
    'both',
  ).toEqual([])
})
