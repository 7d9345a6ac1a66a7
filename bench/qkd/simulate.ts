/**
 * How fast the simulated channel is: pulses per second and core of both engines, at 0, 10 and 20 dB, of single photons
 * (eta alone decides) and of weak pulses with vacuum and weak decoys.
 *
 *   node bench/qkd/simulate.ts [--quick] [--json]
 *
 * CPU time of this process, not time on the wall, so that neighbours on the machine cost little. Each row is the median
 * of seven runs after two that warm up; `--quick` takes three, with a tenth of the pulses.
 */
import { type ChannelParameters, simulateChannel } from '@qsec/qkd'

interface Row {
  source: string
  lossDb: number
  engine: 'per-pulse' | 'event-driven'
  clicksPerPulse: number
  pulses: number
  pulsesPerSecond: number
  slowest: number
  fastest: number
}

const sources: [name: string, source: ChannelParameters['source']][] = [
  ['single photons', { kind: 'single-photon' }],
  [
    'two decoys',
    {
      kind: 'weak-coherent',
      meanPhotons: 0.5,
      decoys: [
        { meanPhotons: 0.1, probability: 0.15 },
        { meanPhotons: 0, probability: 0.05 },
      ],
    },
  ],
]
const warmUps = 2
const isQuick = process.argv.includes('--quick')
const runs = isQuick ? 3 : 7

function measure(name: string, source: ChannelParameters['source'], lossDb: number, engine: Row['engine']): Row {
  const channel = {
    source,
    distanceKm: lossDb / 0.2,
    attenuationDbPerKm: 0.2,
    detectorEfficiency: 1,
    darkCountProbability: 1e-6,
    misalignment: 0.02,
  }
  const probe = simulateChannel({ channel, pulses: 100_000, seed: 0, engine })
  const clicksPerPulse = probe.total.detected / probe.pulses
  // About half a second each on a machine that meets the goals.
  const whole = engine === 'per-pulse' ? 1e8 : Math.min(2e9, 4e7 / clicksPerPulse)
  const pulses = Math.round(isQuick ? whole / 10 : whole)
  const speeds: number[] = []
  for (let run = -warmUps; run < runs; run++) {
    const before = process.cpuUsage()
    simulateChannel({ channel, pulses, seed: run, engine })
    const { user, system } = process.cpuUsage(before)
    if (run >= 0) speeds.push((pulses / (user + system)) * 1e6)
  }
  speeds.sort((a, b) => a - b)
  return {
    source: name,
    lossDb,
    engine,
    clicksPerPulse,
    pulses,
    pulsesPerSecond: speeds[runs >> 1]!,
    slowest: speeds[0]!,
    fastest: speeds.at(-1)!,
  }
}

const rows: Row[] = []
for (const [name, source] of sources) {
  for (const lossDb of [0, 10, 20]) {
    for (const engine of ['per-pulse', 'event-driven'] as const) rows.push(measure(name, source, lossDb, engine))
  }
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, cpuSeconds: true, runs, rows }, undefined, 2))
} else {
  const millions = (speed: number): string => Math.round(speed / 1e6).toLocaleString('en')
  console.log('| source | engine | loss | clicks per pulse | million pulses a second | slowest to fastest |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const row of rows) {
    const spread = `${millions(row.slowest)} to ${millions(row.fastest)}`
    const what = `${row.source} | ${row.engine} | ${row.lossDb} dB | ${row.clicksPerPulse.toFixed(4)}`
    console.log(`| ${what} | ${millions(row.pulsesPerSecond)} | ${spread} |`)
  }
}
