/** `qsec qkd analyse`: how often two strings of bits differ, and whether that lets a key be made. */
import { chooseSample, countDifferences, seededRandom, wilsonInterval } from '@qsec/qkd'
import { type Command, UsageError } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { readPair } from './bit-files.ts'
import { numberOf, required, seedOf } from './numbers.ts'
import { percent } from './simulate-words.ts'

/** What --json prints. */
export interface Analysis {
  bits: number
  /** Among the compared bits. */
  mismatches: number
  /** Compared bits: all of them, or the sample. */
  sampled: number
  /** mismatches / sampled. */
  qber: number
  /** 95 %, Wilson; for display only. */
  interval: [lo: number, hi: number]
  threshold: number
  accepted: boolean
}

export const analyse: Command = {
  help: `qsec qkd analyse --alice FILE --bob FILE [options]: how often two strings of bits differ.
qsec qkd analyse --room ID [--db FILE]: the BB84 runs of a room, from the relay's log.

  --alice FILE    her bits: characters 0 and 1, white space anywhere
  --bob FILE      his bits, as many
  --raw           the files are bytes instead, eight bits each, the lowest first
  --sample SHARE  compares this share of the bits, chosen by chance, above 0 to 1 (default: all)
  --seed N        replays the choice (default 1)
  --threshold Q   QBER up to which it is accepted, 0 to 0.5 (default 0.11)
  --room ID       the room instead of files: 22 characters, or the word of an open room
  --db FILE       the relay's database, as for qsec logs
  --json          {"bits", "mismatches", "sampled", "qber", "interval", "threshold", "accepted"}

mismatches and qber are those of the compared bits. Of a room the numbers are those of its newest run, as its devices
claim them, bits being the pulses detected; "sessions" has all runs, oldest first, with "atMs", "claimedBy" and "peer".

Examples:
  qsec qkd analyse --alice alice.txt --bob bob.txt
  qsec qkd analyse --alice alice.bin --bob bob.bin --raw --sample 0.1 --seed 1 --json
  qsec qkd analyse --room lab1 --json | jq '.sessions | length'`,

  async run(args) {
    const { values } = readFlags('qkd analyse', args, {
      alice: { type: 'string' },
      bob: { type: 'string' },
      raw: { type: 'boolean', default: false },
      sample: { type: 'string' },
      seed: { type: 'string' },
      threshold: { type: 'string' },
      room: { type: 'string' },
      db: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    const { alice, bob, raw, sample, seed, threshold, room, db, json } = values
    if (room !== undefined) {
      const others = { alice, bob, sample, seed, threshold, raw: raw || undefined }
      const extra = Object.entries(others).find(([, value]) => value !== undefined)?.[0]
      if (extra !== undefined) throw new UsageError(`--room goes without --${extra}: the log has its own numbers.`)
      const { analyseRoom, roomWords } = await import('./analyse-room.ts')
      const found = await analyseRoom(room, db)
      say(json ? JSON.stringify(found) : roomWords(found))
      return 0
    }
    if (db !== undefined) throw new UsageError('--db goes with --room.')
    const files = { alice: required('--alice', alice), bob: required('--bob', bob) }
    const fraction = sample === undefined ? 1 : numberOf('--sample', sample, 0, 1)
    if (fraction === 0) throw new UsageError('--sample must be above 0.')
    const limit = threshold === undefined ? 0.11 : numberOf('--threshold', threshold, 0, 0.5)
    const chance = seed === undefined ? 1 : seedOf(seed)
    const pair = await readPair(pathFromHere(files.alice), pathFromHere(files.bob), raw)
    const found = analysis(pair.alice, pair.bob, fraction, chance, limit)
    say(json ? JSON.stringify(found) : analysisWords(found))
    return 0
  },
}

function analysis(alice: Uint8Array, bob: Uint8Array, fraction: number, seed: number, threshold: number): Analysis {
  const bits = alice.length
  const sampled = Math.max(1, Math.round(bits * fraction))
  const flags = sampled < bits ? chooseSample(bits, sampled, seededRandom(seed, 'sample positions')) : undefined
  const compared = (side: Uint8Array): Uint8Array => (flags ? side.filter((_, i) => flags[i] === 1) : side)
  const mismatches = countDifferences(compared(alice), compared(bob))
  const qber = mismatches / sampled
  const interval = wilsonInterval(mismatches, sampled)
  return { bits, mismatches, sampled, qber, interval, threshold, accepted: qber <= threshold }
}

export function analysisWords({ bits, mismatches, sampled, qber, interval, threshold, accepted }: Analysis): string {
  return [
    `QBER ${percent(qber)} (95 % from ${percent(interval[0])} to ${percent(interval[1])}): ${mismatches} of ${sampled} compared bits differ, of ${bits}.`,
    `${accepted ? 'Accepted' : 'Refused'} at a threshold of ${percent(threshold)}.`,
  ].join('\n')
}
