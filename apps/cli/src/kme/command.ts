/** `qsec kme`: a simulated pair of key servers with the interface of ETSI GS QKD 014, until Ctrl-C. */
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags, wholeNumber } from '../flags.ts'
import { say } from '../output.ts'
import { untilSignal } from '../until-signal.ts'
import { kmeKey } from './key-command.ts'
import { type KmePair, type KmeSide, startKmePair } from './pair.ts'
import type { SaeConfig } from './sae-config.ts'

export const kme: Command = {
  help: `qsec kme --folder DIR [options]: two simulated key servers (KMEs) that share a pool of keys, with the interface of
ETSI GS QKD 014 V1.1.1 on 127.0.0.1, for testing programs that fetch keys. The keys are SIMULATED: chance of this
machine, both ends in one process. They protect nothing.

  --folder DIR       where the certificates go; made if it is not there, and nothing in it is overwritten
  --sae-a IDS        ids of the programs at the first KME, kme-a, with commas (default: alice)
  --sae-b IDS        ids of the programs at the second, kme-b (default: bob)
  --port-a N         where kme-a listens (default: any free port)
  --port-b N         where kme-b listens
  --key-size BITS    of a key where a request names no size (default: 256)
  --keys N           how many such keys the pool holds (default: 1000)
  --refill N         keys a second that come new (default: 10)

  qsec kme key --help   gets keys from such a server, or from a real one

It prints one line of JSON: addresses, ids and the files to use. A test authority, the servers and each program get a
certificate at every start; private keys are readable for you alone. Ctrl-C ends it.

Examples:
  qsec kme --folder /tmp/kme --sae-b bob,carol
  curl --cacert /tmp/kme/ca.pem --cert /tmp/kme/sae-alice.pem --key /tmp/kme/sae-alice.key URL/api/v1/keys/bob/status`,

  commands: {
    key: { summary: 'get keys from a key server', load: async () => kmeKey },
  },

  async run(args) {
    const { values } = readFlags('kme', args, {
      folder: { type: 'string' },
      'sae-a': { type: 'string', default: 'alice' },
      'sae-b': { type: 'string', default: 'bob' },
      'port-a': { type: 'string', default: '0' },
      'port-b': { type: 'string', default: '0' },
      'key-size': { type: 'string', default: '256' },
      keys: { type: 'string', default: '1000' },
      refill: { type: 'string', default: '10' },
    })
    if (!values.folder) throw new UsageError('--folder is missing: where do the certificates go? See: qsec kme --help')
    const a = { kmeId: 'kme-a', saes: ids('--sae-a', values['sae-a']), port: port('--port-a', values['port-a']) }
    const b = { kmeId: 'kme-b', saes: ids('--sae-b', values['sae-b']), port: port('--port-b', values['port-b']) }
    if (a.saes.some((saeId) => b.saes.includes(saeId))) throw new UsageError('--sae-a and --sae-b share an id.')
    const keySizeBits = wholeNumber('--key-size', values['key-size'], 64, 4096)
    if (keySizeBits % 8 !== 0) throw new UsageError('--key-size must be a multiple of 8.')
    const maxKeyCount = wholeNumber('--keys', values.keys, 1, 1_000_000)
    const refillKeysPerSecond = wholeNumber('--refill', values.refill, 0, 1_000_000)

    const pair = await started({ a, b, limits: { keySizeBits, maxKeyCount }, refillKeysPerSecond })
    try {
      const files = await writeFiles(pathFromHere(values.folder), pair, [a, b])
      say(JSON.stringify(described(pair, [a, b], files)))
      await untilSignal()
    } finally {
      await pair.close()
    }
    return 0
  },
}

/** Ids become names of files, so these are narrower than the standard's. */
function ids(flag: string, text: string): string[] {
  const list = text.split(',')
  if (!list.every((id) => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id)) || new Set(list).size < list.length) {
    throw new UsageError(`${flag} takes different ids of letters, digits, - and _, with commas between them.`)
  }
  return list
}

function port(flag: string, text: string): number {
  return wholeNumber(flag, text, 0, 65_535)
}

async function started(options: Parameters<typeof startKmePair>[0]): Promise<KmePair> {
  try {
    return await startKmePair(options)
  } catch (error) {
    const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const why = code === 'EADDRINUSE' ? 'is in use' : 'is not allowed'
    throw new CommandFailed(`Port ${taken} ${why}. Choose another with --port-a or --port-b.`, { cause: error })
  }
}

interface SaeFiles {
  certificate: string
  key: string
  config: string
}

async function writeFiles(
  folder: string,
  pair: KmePair,
  sides: readonly [KmeSide, KmeSide],
): Promise<{ authority: string; saes: Map<string, SaeFiles> }> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const authority = path.join(folder, 'ca.pem')
    await writeNew(authority, pair.authority.certificatePem)
    const saes = new Map<string, SaeFiles>()
    for (const [saeId, identity] of pair.saes) {
      const files = {
        certificate: path.join(folder, `sae-${saeId}.pem`),
        key: path.join(folder, `sae-${saeId}.key`),
        config: path.join(folder, `sae-${saeId}.json`),
      }
      await writeNew(files.certificate, identity.certificatePem)
      await writeNew(files.key, identity.privateKeyPem)
      await writeNew(files.config, JSON.stringify(configOf(saeId, pair, sides)))
      saes.set(saeId, files)
    }
    return { authority, saes }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EEXIST' ? 'there are certificates in it already, choose another' : `cannot be written (${code})`
    throw new CommandFailed(`--folder: ${why}.`, { cause: error })
  }
}

function configOf(saeId: string, pair: KmePair, [a, b]: readonly [KmeSide, KmeSide]): SaeConfig {
  const [side, { url }] = a.saes.includes(saeId) ? [a, pair.a] : [b, pair.b]
  return {
    saeId,
    kmeId: side.kmeId,
    url,
    ca: 'ca.pem',
    certificate: `sae-${saeId}.pem`,
    key: `sae-${saeId}.key`,
    used: `sae-${saeId}.used`,
    label: 'simulated',
  }
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(`${text.trim()}\n`)
  } finally {
    await handle.close()
  }
}

function described(
  pair: KmePair,
  sides: readonly [KmeSide, KmeSide],
  files: { authority: string; saes: Map<string, SaeFiles> },
): unknown {
  const urls = [pair.a.url, pair.b.url]
  return {
    source: 'simulated',
    ca: files.authority,
    kmes: sides.map(({ kmeId, saes }, i) => ({
      id: kmeId,
      url: urls[i],
      saes: saes.map((id) => ({ id, ...files.saes.get(id) })),
    })),
  }
}
