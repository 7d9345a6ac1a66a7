/** `qsec qkd distill`: from two files of sifted bits to a key, both ends in this process. */
import { type Command, CommandFailed } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { readPair } from './bit-files.ts'
import { type Distillation, distillKey } from './distillation.ts'
import { writeSecret } from './files.ts'
import { nameOf, numberOf, required } from './numbers.ts'
import { variantNames } from './reconcile.ts'
import { percent } from './simulate-words.ts'

export const distill: Command = {
  help: `qsec qkd distill --alice FILE --bob FILE --out KEYFILE [options]: a key from sifted bits, here at one place.

Estimation, Cascade, verification and privacy amplification, with every bit that was said taken off the key. Who holds
both files could read the key off either of them: this is for measured data of a testbed, not for two real sites.

  --alice FILE        her sifted bits: characters 0 and 1, white space anywhere
  --bob FILE          his, as many, in the same order
  --raw               the files are bytes instead, eight bits each, the lowest first
  --out KEYFILE       a new file for the key, as bytes; one that is there is never overwritten
  --sample SHARE      bits compared in the open, 0.02 to 0.5 (default 0.2)
  --threshold Q       QBER above which no key is made, 1e-6 to 0.25 (default 0.11)
  --variant NAME      of Cascade (default lean)
  --eps-sec P         that the key is not secret, 1e-30 to 1e-3 (default 1e-10)
  --eps-cor P         that the two keys differ, 1e-15 to 1e-3 (default 1e-15)
  --multi-photon P    share of the sifted bits that count as known to an eavesdropper, 0 to 1 (default 0)
  --json              one JSON document; the key stands in the file alone

Length: Tomamichel et al., Nat. Commun. 3, 634 (2012), form of the supplement, for single photons and unbiased bases.
For weak pulses say with --multi-photon how large a share may come from pulses of several photons. Authentication
between two sites is not taken off: nothing leaves this process.
A run that ends without a key writes no file; "aborted" is true, "reason" says why, the exit code is 0.

Examples:
  qsec qkd distill --alice alice.txt --bob bob.txt --out key.bin
  qsec qkd distill --alice a.bin --bob b.bin --raw --sample 0.1 --out key.bin --json | jq .secretBits`,

  async run(args) {
    const { values } = readFlags('qkd distill', args, {
      alice: { type: 'string' },
      bob: { type: 'string' },
      raw: { type: 'boolean', default: false },
      out: { type: 'string' },
      sample: { type: 'string', default: '0.2' },
      threshold: { type: 'string', default: '0.11' },
      variant: { type: 'string', default: 'lean' },
      'eps-sec': { type: 'string', default: '1e-10' },
      'eps-cor': { type: 'string', default: '1e-15' },
      'multi-photon': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
    })
    const files = { alice: required('--alice', values.alice), bob: required('--bob', values.bob) }
    const out = pathFromHere(required('--out', values.out))
    const choices = {
      sampleFraction: numberOf('--sample', values.sample, 0.02, 0.5),
      threshold: numberOf('--threshold', values.threshold, 1e-6, 0.25),
      variant: nameOf('--variant', values.variant, variantNames),
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

function words(facts: Distillation, out: string): string {
  const { bits, sampled, mismatches, qber, interval, leakedBits, corrected, secretBits, reason, ms } = facts
  return [
    `QBER ${percent(qber)} (95 % from ${percent(interval[0])} to ${percent(interval[1])}): ${mismatches} of ${sampled} compared bits, of ${bits}.`,
    ...(leakedBits > 0 ? [`Cascade corrected ${corrected} errors and said ${leakedBits} bits in the clear.`] : []),
    reason === null ? `Key of ${secretBits} bits in ${out}.` : `No key: ${reason}.`,
    `${ms} ms.`,
  ].join('\n')
}
