/** A distillation between two hosts, for people. */
import { percent } from '../simulate-words.ts'
import type { HostDistillation } from './hosts.ts'

export function hostWords(facts: HostDistillation): string {
  const { qber, interval, mismatches, sampled, bits, leakedBits, corrected, label, auth } = facts
  const lines: string[] = []
  if (qber !== null && interval !== null) {
    const [lo, hi] = interval.map(percent)
    lines.push(
      `QBER ${percent(qber)} (95 % from ${lo} to ${hi}): ${mismatches} of ${sampled} compared bits, of ${bits}.`,
    )
  }
  if (leakedBits > 0) lines.push(`Corrected ${corrected} errors and said ${leakedBits} bits in the clear.`)
  lines.push(
    facts.reason === null
      ? `Key of ${facts.deliveredBits} bits (${label}) in ${facts.file}; ${facts.replenishedBits} bits more for authentication.`
      : `No key: ${facts.reason}.`,
    `Authentication key: ${auth.stored} bits left of ${auth.produced} in all accounts.`,
  )
  if (facts.reason === null && !facts.acknowledged) lines.push('The other end has not said that it kept its key.')
  return [...lines, `${facts.ms} ms.`].join('\n')
}
