/** `qsec kme key`: fetches keys from a KME into files for their owner alone, and prints none of them. */
import { randomInt } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DeliveredKey, Etsi014Client, type KeyId, type KeysResult, type KmeFailure, parseKeyId } from '@qsec/qkd'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags, wholeNumber } from '../flags.ts'
import { say, sayError } from '../output.ts'
import { writeSecret } from '../qkd/files.ts'
import { httpsPort } from './https-port.ts'
import { readSaeConfig, type SaeConfig } from './sae-config.ts'
import { openUsedKeyIds, type UsedKeyIdsFile } from './used-key-ids.ts'

const timeoutMs = 15_000

export const kmeKey: Command = {
  help: `qsec kme key --config FILE --peer SAE --out DIR [options]: gets keys from a key server (ETSI GS QKD 014).

  --config FILE   which KME, and the files to prove who we are; qsec kme writes one for each program
  --peer SAE      the program at the other end
  --out DIR       each key becomes a file KEY_ID.key in it, for you alone; nothing is overwritten
  --number N      how many (default: 1)
  --size BITS     of a key; a multiple of 8 (default: 256)
  --ids ID,ID     keys that the peer got first, by their ids; without it, new ones
  --json          one JSON document: ids, label and files, or the failure with the ids that may be lost

Keys are never printed. An id serves once: used ids are kept in the file that the configuration names.

Examples:
  qsec kme key --config /tmp/kme/sae-alice.json --peer bob --out keys-a --number 2 --json
  qsec kme key --config /tmp/kme/sae-bob.json --peer alice --out keys-b --ids ID,ID --json`,

  async run(args) {
    const { values } = readFlags('kme key', args, {
      config: { type: 'string' },
      peer: { type: 'string' },
      out: { type: 'string' },
      number: { type: 'string' },
      size: { type: 'string', default: '256' },
      ids: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    const { config: configFile, peer, out } = values
    if (!configFile || !peer || !out)
      throw new UsageError('--config, --peer and --out are needed. See: qsec kme key --help')
    if (peer.length > 256 || /^\.{1,2}$|\p{Cc}/u.test(peer)) throw new UsageError('--peer is no id of a program.')
    const sizeBits = wholeNumber('--size', values.size, 8, 1_000_000)
    if (sizeBits % 8 !== 0) throw new UsageError('--size must be a multiple of 8.')
    const ids = values.ids === undefined ? undefined : keyIdsOf(values.ids)
    if (ids && values.number !== undefined) throw new UsageError('--ids says how many: leave --number out.')
    const number = wholeNumber('--number', values.number ?? '1', 1, 1000)

    const config = await readSaeConfig(pathFromHere(configFile))
    const folder = pathFromHere(out)
    await makeFolder(folder) // before a key leaves the pool
    const used = await openUsed(config.used)
    try {
      const client = await clientOf(config, used)
      const result = ids
        ? await client.getKeysById(peer, ids, { sizeBits })
        : await client.getKeys(peer, { number, sizeBits })
      return await told(result, folder, values.json)
    } finally {
      await used.close()
    }
  },
}

function keyIdsOf(text: string): KeyId[] {
  const keyIds = text.split(',').map(parseKeyId)
  const known = keyIds.filter((keyId) => keyId !== undefined)
  if (known.length < keyIds.length || new Set(text.toLowerCase().split(',')).size < keyIds.length) {
    throw new UsageError('--ids takes different UUIDs with commas between them.')
  }
  return known
}

async function openUsed(file: string): Promise<UsedKeyIdsFile> {
  try {
    return await openUsedKeyIds(file)
  } catch (error) {
    throw new CommandFailed(`The file of used ids cannot be opened, and without it no key is fetched.`, {
      cause: error,
    })
  }
}

async function clientOf(config: SaeConfig, used: UsedKeyIdsFile): Promise<Etsi014Client> {
  const { saeId, kmeId, url, label } = config
  const pem = async (name: 'ca' | 'certificate' | 'key'): Promise<string> => {
    try {
      return await readFile(config[name], 'utf8')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new CommandFailed(`--config: the file of "${name}" cannot be read (${code}).`, { cause: error })
    }
  }
  const http = httpsPort({
    url,
    kmeId,
    authorityPem: await pem('ca'),
    certificatePem: await pem('certificate'),
    privateKeyPem: await pem('key'),
    timeoutMs,
  })
  const jitter = (): number => randomInt(2 ** 32) / 2 ** 32
  return new Etsi014Client({ http, saeId, kmeId, used, label, jitter, waitMs: (ms) => sleep(ms) })
}

async function told(result: KeysResult, folder: string, json: boolean): Promise<number> {
  if (!result.ok) {
    const { failure } = result
    tellLost('lost' in failure ? failure.lost.keyIds : [], failure, json)
    sayError(`No key: ${inWords(failure)}`)
    return 1
  }
  const { keys } = result
  const keyIds = keys.map(({ keyId }) => keyId)
  const label = keys[0]!.label
  let files: string[]
  try {
    files = await written(keys, folder)
  } catch (error) {
    // They count as used, so the peer has to drop its copies.
    tellLost(keyIds, { reason: 'not-written', lost: { count: keys.length, keyIds } }, json)
    throw error
  }
  if (json) say(JSON.stringify({ ok: true, label, keys: keyIds.map((keyId, i) => ({ keyId, file: files[i] })) }))
  else for (const keyId of keyIds) say(`${keyId} (${label})`)
  return 0
}

function tellLost(keyIds: readonly KeyId[], failure: object, json: boolean): void {
  if (json) say(JSON.stringify({ ok: false, ...failure }))
  else for (const keyId of keyIds) say(`may be lost: ${keyId}`)
}

async function written(keys: readonly DeliveredKey[], folder: string): Promise<string[]> {
  try {
    const files: string[] = []
    for (const { keyId, bytes } of keys) {
      const file = path.join(folder, `${keyId}.key`)
      await writeSecret('--out', file, bytes)
      files.push(file)
    }
    return files
  } finally {
    for (const key of keys) key.erase()
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandFailed(`--out: the folder cannot be made (${code}).`, { cause: error })
  }
}

function inWords(failure: KmeFailure): string {
  switch (failure.reason) {
    case 'busy':
      return `the KME is busy or has too few keys (${failure.status}). Try again in ${failure.retryAfterMs} ms.`
    case 'unauthorised':
      return 'the KME does not let us have these keys (401).'
    case 'key-not-found':
      return 'the KME has not all of these keys: fetched before, or never there.'
    case 'refused':
      return `the KME refused: ${failure.message}.`
    case 'out-of-limits':
      return `the KME gives ${failure.what}.`
    case 'already-used':
      return 'an id was used before, and serves once. Ask the peer for new ones.'
    case 'reused':
      return 'the KME handed out an id a second time; all of its answer was thrown away.'
    case 'malformed':
      return `the answer breaks the standard (${failure.what}) and was thrown away.`
    case 'non-conforming':
      return `the KME answered ${failure.status}, which the standard does not know.`
    case 'lost':
      return 'no whole answer came: keys may be gone. Ask for new ones.'
    case 'unreachable':
      return 'the KME cannot be reached. Nothing was sent.'
    case 'untrusted':
      return 'the other end is not the KME of the configuration. Nothing was sent.'
  }
}
