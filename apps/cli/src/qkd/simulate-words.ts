/** A simulated run for people. */
import type { Simulation } from './simulate.ts'

export function simulationWords(run: Simulation): string {
  const { seed, qber, qberInterval, stages } = run
  const bits = (value: number): string => value.toLocaleString('en').padStart(12)
  const chance =
    seed === null ? 'secure chance' : `seed ${seed}: whoever knows it knows the key, which is for looking at only`
  const lines = [
    `BB84, simulated: photons are numbers in this process (${chance}).`,
    '',
    '  stage                  in           out',
    ...stages.map(({ name, bitsIn, bitsOut }) => `  ${name.padEnd(14)}${bits(bitsIn)}  ${bits(bitsOut)}`),
    '',
  ]
  if (qber !== null && qberInterval !== null) {
    const [lo, hi] = qberInterval.map(percent)
    lines.push(`QBER ${percent(qber)} (95 % from ${lo} to ${hi}), from ${run.sampled} bits compared in the open.`)
  }
  lines.push(
    run.aborted
      ? `No key: ${run.reason}. The ${-run.netSecretBits} bits of authentication key are spent.`
      : `Key of ${run.secretBits} bits, equal at both ends: ${run.verified ? 'yes' : 'no'}; net ${run.netSecretBits} bits after authentication.`,
    `${run.ms} ms.`,
  )
  return lines.join('\n')
}

export function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(2)} %`
}
