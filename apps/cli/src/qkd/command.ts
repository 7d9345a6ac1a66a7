/** `qsec qkd <command>`: the quantum engine by itself. Each command is loaded alone. */
import { type Command, type CommandLoader, UsageError } from '../command.ts'

const commands: Readonly<Record<string, CommandLoader>> = {
  simulate: {
    summary: 'a whole BB84 run on a simulated channel, from photons to key',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  rate: {
    summary: 'secret bits per pulse against distance, by the published analyses',
    load: async () => (await import('./rate.ts')).rateCommand,
  },
  analyse: {
    summary: 'error rate of two files of bits, or of the runs of a room',
    load: async () => (await import('./analyse.ts')).analyse,
  },
  distill: {
    summary: 'a key from two files of sifted bits, here or on two hosts',
    load: async () => (await import('./distill.ts')).distill,
  },
  combine: {
    summary: 'one key from a post-quantum key and a QKD key, for another program',
    load: async () => (await import('./combine.ts')).combine,
  },
  reconcile: {
    summary: 'error correction on made-up frames: efficiency, failures, speed',
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  amplify: {
    summary: 'privacy amplification: speed, and a check of the result',
    load: async () => (await import('./amplify.ts')).amplify,
  },
  plot: {
    summary: 'curves as SVG: rate against distance, efficiency against QBER',
    load: async () => (await import('./plot.ts')).plot,
  },
}

const width = Math.max(...Object.keys(commands).map((name) => name.length))

export const qkd: Command = {
  help: `qsec qkd <command> [options]: quantum key distribution without a room.

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  .join('\n')}

  qsec qkd <command> --help   what a command takes, with examples

With --json a command prints one JSON document and nothing else. Numbers may be written like 1e6. Photons here are
numbers in this machine's memory: simulated runs teach and test, they do not protect.

Examples:
  qsec qkd simulate --pulses 1e6 --distance 25 --eve 0.2
  qsec qkd rate --analysis rusca2018 --parameters rusca2018 --distance 0:150:10 --optimise --json
  qsec qkd analyse --alice alice.txt --bob bob.txt`,
  commands,
  run: async () => {
    throw new UsageError('Which qkd command? See: qsec qkd --help')
  },
}
