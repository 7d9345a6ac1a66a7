/** The context of a combined key, a file of JSON. What is missing or unknown is refused; ranges are the combiner's. */
import { type CombinerContext, combinerLimits, withoutQkd } from '@qsec/client/node'
import { CommandFailed } from '../command.ts'
import { readSome } from './files.ts'

/** Two transcripts in hexadecimal, and room for the rest. */
const maxFileBytes = 4 * combinerLimits.transcriptBytes.most + 2_000_000

export async function readContext(file: string): Promise<CombinerContext> {
  const bytes = await readSome('--context', file, maxFileBytes)
  let given: unknown
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new CommandFailed('--context: the file is not JSON.', { cause: error })
  }
  return parseContext(given)
}

function parseContext(given: unknown): CombinerContext {
  const names = ['suite', 'groupId', 'epoch', 'members', 'transcripts', 'qkd'] as const
  const { suite, groupId, epoch, members, transcripts, qkd } = fieldsOf('the file', given, names)
  const said = fieldsOf('transcripts', transcripts, ['pq', 'qkd'])
  return {
    suite: numberIn('suite', suite),
    groupId: bytesIn('groupId', groupId),
    epoch: numberIn('epoch', epoch),
    members: textsIn('members', members),
    transcripts: { pq: bytesIn('transcripts.pq', said.pq), qkd: bytesIn('transcripts.qkd', said.qkd) },
    qkd: qkd === withoutQkd ? withoutQkd : qkdIn(qkd),
  }
}

function qkdIn(given: unknown): CombinerContext['qkd'] {
  const { label, keyIds } = fieldsOf(`qkd, unless it is "${withoutQkd}",`, given, ['label', 'keyIds'])
  if (label !== 'simulated' && label !== 'hardware') fail('label must be "simulated" or "hardware"')
  return { label, keyIds: textsIn('keyIds', keyIds) }
}

/** Exactly these fields: what both ends agreed on and we did not take in would bind nothing. */
function fieldsOf<T extends string>(what: string, given: unknown, names: readonly T[]): Record<T, unknown> {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  const has = isObject && names.every((name) => Object.hasOwn(given, name))
  if (!has || Object.keys(given).length !== names.length) fail(`${what} must have exactly ${names.join(', ')}`)
  return given as Record<T, unknown>
}

function numberIn(name: string, given: unknown): number {
  return typeof given === 'number' ? given : fail(`${name} must be a number`)
}

function textsIn(name: string, given: unknown): string[] {
  const isList = Array.isArray(given) && given.every((one) => typeof one === 'string')
  return isList ? given : fail(`${name} must be a list of texts`)
}

function bytesIn(name: string, given: unknown): Uint8Array {
  const bytes = typeof given === 'string' ? fromHex(given) : undefined
  return bytes ?? fail(`${name} must be bytes in hexadecimal`)
}

export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  return new Uint8Array(Buffer.from(text, 'hex'))
}

function fail(why: string): never {
  throw new CommandFailed(`--context: ${why}.`)
}
