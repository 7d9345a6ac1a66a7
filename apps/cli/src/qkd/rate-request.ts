/** The flags that `rate` and `plot rate` share, and the parameters of a file. */
import {
  type ParameterSetName,
  parameterSetNames,
  parseSecurityParameters,
  type RateRequest,
  type SecurityParameters,
} from '@qsec/qkd'
import { CommandFailed, UsageError } from '../command.ts'
import { pathFromHere } from '../flags.ts'
import { readSome } from './files.ts'
import { distancesOf, numberOf } from './numbers.ts'

export const rateOptions = {
  parameters: { type: 'string', default: 'gys' },
  distance: { type: 'string', default: '0:150:10' },
  block: { type: 'string' },
  optimise: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

interface RateFlags {
  parameters: string
  distance: string
  block?: string | undefined
  optimise: boolean
}

export async function rateRequest(flags: RateFlags): Promise<Omit<RateRequest, 'analysis'>> {
  const distancesKm = distancesOf('--distance', flags.distance)
  const blockBits = flags.block === undefined ? undefined : numberOf('--block', flags.block, 1, 1e15)
  const parameters = await parametersOf(flags.parameters)
  const request = { parameters, distancesKm, optimise: flags.optimise }
  return blockBits === undefined ? request : { ...request, blockBits }
}

const maxFileBytes = 1_000_000

async function parametersOf(text: string): Promise<ParameterSetName | SecurityParameters> {
  const set = parameterSetNames.find((name) => name === text)
  if (set !== undefined) return set
  const hint = `one of ${parameterSetNames.join(', ')}, or a file of JSON`
  const bytes = await readSome('--parameters', pathFromHere(text), maxFileBytes).catch((error: unknown) => {
    // A misspelt name looks like a file that is not there.
    throw error instanceof CommandFailed ? new UsageError(`--parameters must be ${hint}.`, { cause: error }) : error
  })
  let given: unknown
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new CommandFailed('--parameters: the file is not JSON.', { cause: error })
  }
  const parsed = parseSecurityParameters(given)
  if (parsed.ok) return parsed.parameters
  throw new CommandFailed(`--${parsed.problem}.`)
}
