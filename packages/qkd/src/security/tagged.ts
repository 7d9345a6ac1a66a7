/**
 * How many sifted bits may come from pulses of several photons. Without decoy states every such pulse counts as
 * detected, sifted and known (Gottesman, Lo, Luetkenhaus, Preskill, Quantum Inf. Comput. 4, 325, 2004).
 *
 * @param pulses - pulses sent
 * @param multiPhotonProbability - of one pulse, 0 for a single-photon source
 * @param eps - the count exceeds the bound with at most this probability (Bernstein)
 */
export function taggedBitsBound(pulses: number, multiPhotonProbability: number, eps: number): number {
  if (multiPhotonProbability <= 0) return 0
  // Bases agree by chance, and an eavesdropper cannot steer that: half of the pulses.
  const mean = (pulses * multiPhotonProbability) / 2
  const log = Math.log(1 / eps)
  return Math.ceil(mean + Math.sqrt(2 * mean * log) + (2 * log) / 3)
}
