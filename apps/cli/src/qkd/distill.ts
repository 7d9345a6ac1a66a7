/** `qsec qkd distill`: from two files of sifted bits to a key, both ends in this process or on two hosts. */
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say, sayError } from '../output.ts'
import { untilSignal } from '../until-signal.ts'
import { readPair } from './bit-files.ts'
import { type Distillation, distillKey } from './distillation.ts'
import { writeSecret } from './files.ts'
import { hostChoices, hostOptions } from './hosts/host-flags.ts'
import { hostWords } from './hosts/host-words.ts'
import { distillWithHost } from './hosts/hosts.ts'
import { nameOf, numberOf, required } from './numbers.ts'
import { variantNames } from './reconcile.ts'
import { percent } from './simulate-words.ts'

export const distill: Command = {
  help: `qsec qkd distill --alice FILE --bob FILE --out KEYFILE [options]: a key from sifted bits, here at one place.
qsec qkd distill --listen [HOST]:PORT --in FILE --auth-key FILE --out KEYFILE [options]: the same on two hosts,
qsec qkd distill --connect HOST:PORT  --in FILE --auth-key FILE --out KEYFILE [options]: each with its own bits.

Estimation, reconciliation, verification and privacy amplification; every bit that was said is taken off the key.

  --alice FILE        her sifted bits: characters 0 and 1, white space anywhere
  --bob FILE          his, as many, in the same order
  --in FILE           of two hosts: this one's sifted bits, at most 2^24
  --raw               the files are bytes instead, eight bits each, the lowest first
  --out KEYFILE       a new file for the key, as bytes; one that is there is never overwritten
  --sample SHARE      bits compared in the open, 0.02 to 0.5 (default 0.2; of two hosts 0.001 to 0.5, default 0.1)
  --threshold Q       QBER above which no key is made, 1e-6 to 0.25 (default 0.11)
  --eps-sec P         that the key is not secret, 1e-30 to 1e-3 (default 1e-10)
  --eps-cor P         that the two keys differ, 1e-15 to 1e-3 (default 1e-15)
  --multi-photon P    share of the sifted bits that count as known to an eavesdropper, 0 to 1 (default 0)
  --variant NAME      of Cascade, at one place (default lean)
  --json              one JSON document; the key stands in the file alone

Two hosts. The connecting one is Alice, and her choices hold; the listening one refuses limits weaker than its own.
  --auth-key FILE     random bytes that both share, at least 144, readable for you alone. 896 bits of them are spent on
                      the tags of each run and erased; FILE.ledger keeps the account. Never copy them back
  --mode NAME         low-round (default), throughput, or one-way for lines of very long delay
  --test FILE         bits that were measured to be compared, in place of a sample
  --label NAME        what your bits are: simulated (default) or hardware; hardware only if both say so
  --replenish BITS    of the new key for --auth-key, if both ask for it: the smaller number, at most half of the key
  --patience SECONDS  silence after which the run is given up, 1 to 86400 (default 60)
A cut connection is made again, and the run goes on. Ctrl-C ends it at both hosts, and nothing is kept.

At one place, who holds both files could read the key off either: that form is for measured data of a testbed.
Length: Tomamichel et al., Nat. Commun. 3, 634 (2012), form of the supplement, for single photons and unbiased bases.
For weak pulses say with --multi-photon how large a share may come from pulses of several photons.
A run that ends without a key writes no file; "aborted" is true, "reason" says why, the exit code is 0. A run of two
hosts that somebody disturbed ends with one line and the exit code 1.

Examples:
  qsec qkd distill --alice alice.txt --bob bob.txt --out key.bin
  qsec qkd distill --alice a.bin --bob b.bin --raw --sample 0.1 --out key.bin --json | jq .secretBits
  qsec qkd distill --listen :7000 --in bob.txt --auth-key shared.key --out key.bin
  qsec qkd distill --connect bob.example:7000 --in alice.txt --auth-key shared.key --out key.bin --replenish 1024`,

  async run(args) {
    const { values } = readFlags('qkd distill', args, {
      alice: { type: 'string' },
      bob: { type: 'string' },
      raw: { type: 'boolean', default: false },
      out: { type: 'string' },
      sample: { type: 'string' },
      threshold: { type: 'string', default: '0.11' },
      variant: { type: 'string' },
      'eps-sec': { type: 'string', default: '1e-10' },
      'eps-cor': { type: 'string', default: '1e-15' },
      'multi-photon': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      ...hostOptions,
    })
    if (values.listen !== undefined || values.connect !== undefined) return distillOnHost(values)
    for (const name of Object.keys(hostOptions) as (keyof typeof hostOptions)[]) {
      if (values[name] !== undefined)
        throw new UsageError(`--${name} is for two hosts: say --listen or --connect, too.`)
    }
    const files = { alice: required('--alice', values.alice), bob: required('--bob', values.bob) }
    const out = pathFromHere(required('--out', values.out))
    const choices = {
      sampleFraction: numberOf('--sample', values.sample ?? '0.2', 0.02, 0.5),
      threshold: numberOf('--threshold', values.threshold, 1e-6, 0.25),
      variant: nameOf('--variant', values.variant ?? 'lean', variantNames),
      epsSec: numberOf('--eps-sec', values['eps-sec'], 1e-30, 1e-3),
      epsCor: numberOf('--eps-cor', values['eps-cor'], 1e-15, 1e-3),
      taggedShare: numberOf('--multi-photon', values['multi-photon'], 0, 1),
    }
    const pair = await readPair(pathFromHere(files.alice), pathFromHere(files.bob), values.raw)
    const { facts, keys } = await distillKey(pair.alice, pair.bob, choices)
    pair.alice.fill(0)
    pair.bob.fill(0)
    if (keys && Buffer.compare(keys.alice, keys.bob) !== 0) throw new CommandFailed('The two keys differ.')
    if (keys) await writeSecret('--out', out, keys.alice)
    keys?.alice.fill(0)
    keys?.bob.fill(0)
    say(values.json ? JSON.stringify({ ...facts, file: keys ? out : null }) : words(facts, out))
    return 0
  },
}

type Values = Parameters<typeof hostChoices>[0] & { json: boolean } & Partial<
    Record<'alice' | 'bob' | 'variant', string>
  >

async function distillOnHost(values: Values): Promise<number> {
  for (const name of ['alice', 'bob', 'variant'] as const) {
    if (values[name] !== undefined) throw new UsageError(`--${name} is for both ends at one place, not for two hosts.`)
  }
  const choices = await hostChoices(values)
  const stop = new AbortController()
  void untilSignal().then(() => stop.abort())
  const facts = await distillWithHost(choices, stop.signal, sayError)
  say(values.json ? JSON.stringify(facts) : hostWords(facts))
  return 0
}

function words(facts: Distillation, out: string): string {
  const { bits, sampled, mismatches, qber, interval, leakedBits, corrected, secretBits, reason, ms } = facts
  return [
    `QBER ${percent(qber)} (95 % from ${percent(interval[0])} to ${percent(interval[1])}): ${mismatches} of ${sampled} compared bits, of ${bits}.`,
    ...(leakedBits > 0 ? [`Cascade corrected ${corrected} errors and said ${leakedBits} bits in the clear.`] : []),
    reason === null ? `Key of ${secretBits} bits in ${out}.` : `No key: ${reason}.`,
    `${ms} ms.`,
  ].join('\n')
}
