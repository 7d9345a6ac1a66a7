/** `qsec qkd combine`: a post-quantum key and a QKD key become one, bound to everything both ends agreed on. */
import { type CombinerContext, CombinerMistake, combineKeys, combinerLimits, withoutQkd } from '@qsec/client/node'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { fromHex, readContext } from './combine-context.ts'
import { readSome, writeSecret } from './files.ts'
import { required } from './numbers.ts'

export const combine: Command = {
  help: `qsec qkd combine --previous FILE --pq FILE --qkd FILE --context FILE.json --out KEYFILE [options]
qsec qkd combine --previous FILE --pq FILE --without-qkd --context FILE.json --out KEYFILE [options]

One key of 32 bytes for another program, by HKDF-SHA512. Who does not know the post-quantum key does not know the
result, whatever is known of the QKD key; and the other way round. Both ends get one key if they give the same.

  --previous FILE   the epoch secret of the epoch before, which both have: the salt
  --pq FILE         the post-quantum key; it is always part of the result
  --qkd FILE        the QKD key
  --without-qkd     in its place: there is none, and both ends agreed on that. The context has to say so, too
  --context FILE    what the key is bound to, public: JSON with exactly the fields below
  --hex             the three keys are hexadecimal digits, white space anywhere; otherwise they are raw bytes
  --out KEYFILE     a new file for the key, as bytes, for you alone; one that is there is never overwritten
  --json            {"file", "bits", "qkd", "keyIds", "epoch", "members"}; the key stands in the file alone

Keys have 32 to 65536 bytes; one whose bytes are all alike is refused, and a QKD key that is the post-quantum one.

  suite        number of the cipher suite that gave the post-quantum key
  groupId      in hexadecimal
  epoch        a whole number
  members      a list of ids, in any order
  transcripts  {"pq", "qkd"}: all that was said to agree on each key, in hexadecimal. Both conversations must be over
               before an end sees a key: nobody may choose its part knowing the other's
  qkd          {"label": "simulated" or "hardware", "keyIds": [..]}, the ids in the order of the keys; or "${withoutQkd}"

Simulated photons give no quantum security: such a key is worth what the channel was worth that carried the run.

Examples:
  qsec qkd combine --previous epoch.key --pq pq.key --qkd qkd.key --context agreed.json --out both.key
  qsec qkd combine --previous epoch.hex --pq pq.hex --without-qkd --hex --context agreed.json --out one.key --json`,

  async run(args) {
    const { values } = readFlags('qkd combine', args, {
      previous: { type: 'string' },
      pq: { type: 'string' },
      qkd: { type: 'string' },
      'without-qkd': { type: 'boolean', default: false },
      context: { type: 'string' },
      hex: { type: 'boolean', default: false },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    const files = { previous: required('--previous', values.previous), pq: required('--pq', values.pq) }
    if ((values.qkd === undefined) !== values['without-qkd'])
      throw new UsageError('Give --qkd or --without-qkd, one of the two.')
    const contextFile = required('--context', values.context)
    const out = pathFromHere(required('--out', values.out))
    const context = await readContext(pathFromHere(contextFile))
    const qkd = values.qkd === undefined ? {} : { qkd: required('--qkd', values.qkd) }
    const key = await keyOf({ ...files, ...qkd }, values.hex, context)
    try {
      await writeSecret('--out', out, key)
    } finally {
      key.fill(0)
    }
    say(values.json ? JSON.stringify(factsOf(context, out)) : words(context, out))
    return 0
  },
}

interface KeyFiles {
  previous: string
  pq: string
  qkd?: string
}

async function keyOf({ previous, pq, qkd }: KeyFiles, hex: boolean, context: CombinerContext): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  const open = async (flag: string, file: string): Promise<Uint8Array> => {
    const bytes = await readKey(flag, pathFromHere(file), hex)
    read.push(bytes)
    return bytes
  }
  try {
    const secrets = { previous: await open('--previous', previous), pq: await open('--pq', pq) }
    return combineKeys(qkd === undefined ? secrets : { ...secrets, qkd: await open('--qkd', qkd) }, context)
  } catch (error) {
    if (!(error instanceof CombinerMistake)) throw error
    throw new CommandFailed(`--${error.argument}: ${error.why}.`, { cause: error })
  } finally {
    for (const bytes of read) bytes.fill(0)
  }
}

async function readKey(flag: string, file: string, hex: boolean): Promise<Uint8Array> {
  const { most } = combinerLimits.secretBytes
  // In hexadecimal each byte has two digits, and may have as much white space.
  const bytes = await readSome(flag, file, hex ? 4 * most : most)
  if (!hex) return bytes
  const key = fromHex(Buffer.from(bytes).toString('latin1').replace(/\s/g, ''))
  bytes.fill(0)
  if (!key)
    throw new CommandFailed(`${flag}: the file is not pairs of hexadecimal digits. For raw bytes leave out --hex.`)
  return key
}

function factsOf({ qkd, epoch, members }: CombinerContext, file: string): object {
  const [label, keyIds] = qkd === withoutQkd ? [withoutQkd, []] : [qkd.label, qkd.keyIds]
  return { file, bits: 256, qkd: label, keyIds, epoch, members: members.length }
}

function words({ qkd }: CombinerContext, out: string): string {
  const made = `Key of 256 bits in ${out}`
  if (qkd === withoutQkd) return `${made}: post-quantum alone, as agreed.`
  if (qkd.label === 'hardware') return `${made}: post-quantum and QKD (hardware, as both ends say).`
  return `${made}: post-quantum and QKD (simulated, which adds no quantum security).`
}
