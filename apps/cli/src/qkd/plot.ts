/** `qsec qkd plot <what>`: curves as SVG. */
import { type Command, type CommandLoader, UsageError } from '../command.ts'

const commands: Readonly<Record<string, CommandLoader>> = {
  rate: {
    summary: 'rate against distance',
    load: async () => (await import('./plot-rate.ts')).plotRate,
  },
  f_ec: {
    summary: 'efficiency of error correction against QBER',
    load: async () => (await import('./plot-efficiency.ts')).plotEfficiency,
  },
}

export const plot: Command = {
  help: `qsec qkd plot <what> --out FILE.svg [options]: curves as SVG, with a description for screen readers.

  rate   secret bits per pulse against distance, one curve per analysis, logarithmic
  f_ec   efficiency of error correction against QBER, one curve per variant of Cascade

  qsec qkd plot <what> --help   what it takes, with examples

Examples:
  qsec qkd plot rate --analysis gllp-decoy-infinite,gllp-vacuum-weak --parameters gys --out gys.svg
  qsec qkd plot f_ec --variant original,opt7,lean --bits 1e4 --out f_ec.svg`,
  commands,
  run: async () => {
    throw new UsageError('Plot what, rate or f_ec? See: qsec qkd plot --help')
  },
}
