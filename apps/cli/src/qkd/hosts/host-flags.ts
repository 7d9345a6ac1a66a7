/** The command line of a distillation between two hosts. */
import { access } from 'node:fs/promises'
import type { KeyLabel, ReconciliationMode } from '@qsec/qkd'
import { CommandFailed, UsageError } from '../../command.ts'
import { pathFromHere } from '../../flags.ts'
import { nameOf, numberOf, required, wholeOf } from '../numbers.ts'
import type { Address } from './connect.ts'
import type { HostChoices } from './hosts.ts'

export const hostOptions = {
  listen: { type: 'string' },
  connect: { type: 'string' },
  in: { type: 'string' },
  test: { type: 'string' },
  'auth-key': { type: 'string' },
  mode: { type: 'string' },
  label: { type: 'string' },
  replenish: { type: 'string' },
  patience: { type: 'string' },
} as const

type HostValues = Partial<Record<keyof typeof hostOptions, string>> & {
  out?: string | undefined
  raw: boolean
  sample?: string | undefined
  threshold: string
  'eps-sec': string
  'eps-cor': string
  'multi-photon': string
}

const modes: readonly ReconciliationMode[] = ['throughput', 'low-round', 'one-way']
const labels: readonly KeyLabel[] = ['simulated', 'hardware']

export async function hostChoices(values: HostValues): Promise<HostChoices> {
  if (values.listen !== undefined && values.connect !== undefined) {
    throw new UsageError('--listen and --connect: one host listens, the other connects.')
  }
  const [flag, text] = values.listen === undefined ? ['--connect', values.connect!] : ['--listen', values.listen]
  const mode = nameOf('--mode', values.mode ?? 'low-round', modes)
  const choices: HostChoices = {
    side: values.listen === undefined ? 'connecting' : 'listening',
    address: addressOf(flag!, text!),
    in: pathFromHere(required('--in', values.in)),
    test: values.test === undefined ? undefined : pathFromHere(required('--test', values.test)),
    raw: values.raw,
    authKey: pathFromHere(required('--auth-key', values['auth-key'])),
    out: pathFromHere(required('--out', values.out)),
    mode,
    sampleFraction: numberOf('--sample', values.sample ?? '0.1', 0.001, 0.5),
    threshold: numberOf('--threshold', values.threshold, 1e-6, mode === 'one-way' ? 0.11 : 0.25),
    epsSec: numberOf('--eps-sec', values['eps-sec'], 1e-30, 1e-3),
    epsCor: numberOf('--eps-cor', values['eps-cor'], 1e-15, 1e-3),
    taggedShare: numberOf('--multi-photon', values['multi-photon'], 0, 1),
    label: nameOf('--label', values.label ?? 'simulated', labels),
    replenishBits: wholeOf('--replenish', values.replenish ?? '0', 0, 1e9),
    patienceMs: 1000 * numberOf('--patience', values.patience ?? '60', 1, 86_400),
  }
  if (choices.replenishBits % 8 !== 0) throw new UsageError('--replenish must be a multiple of 8.')
  // Found out at the end, the run and its authentication key would be lost.
  const isThere = await access(choices.out).then(
    () => true,
    () => false,
  )
  if (isThere) throw new CommandFailed('--out: the file is there already, and is not overwritten.')
  return choices
}

/** `host:port`, `[v6]:port`; of a listening host `:port` is any address of this machine. */
function addressOf(flag: string, text: string): Address {
  const found = /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^\s:[\]/@]*)):(\d{1,5})$/.exec(text)
  const port = Number(found?.[3])
  const host = found?.[1] ?? found?.[2] ?? ''
  const least = flag === '--listen' ? 0 : 1
  if (!found || port > 65_535 || port < least || (host === '' && flag === '--connect')) {
    throw new UsageError(`${flag} must be HOST:PORT.`)
  }
  return { host: host === '' ? '::' : host, port }
}
