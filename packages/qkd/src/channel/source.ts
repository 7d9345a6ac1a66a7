/** Source and line: which pulses may click at all, and with how many photons. */
import type { SeededRandom } from '../random.ts'
import { type Arrivals, arrivalsOf } from './arrivals.ts'
import type { ChannelParameters } from './parameters.ts'
import type { Photon } from './photon.ts'

/** Tells the intensity of a pulse: 0 is the signal, then the decoys. */
export type IntensityAt = (pulseIndex: number) => number

/**
 * The pulses that click, without touching the others: the gap to the next is 1 + floor(ln U / ln(1 - P)), and given a
 * click it holds photons with probability signal / P. Same law as a pulse-by-pulse simulation, since loss, efficiency
 * and dark counts fall on every pulse alike. With several intensities the gaps are those of the brightest, and a pulse
 * of another one is kept as much more rarely as it clicks more rarely.
 */
export function* clickingPulses(
  channel: ChannelParameters,
  pulses: number,
  random: SeededRandom,
  intensityAt?: IntensityAt,
): Generator<Pick<Photon, 'pulseIndex' | 'photons'>, void, undefined> {
  const arrivals = arrivalsOf(channel)
  const click = intensityAt ? brightestClick(arrivals) : arrivals[0]!.click
  const logNoClick = Math.log1p(-click)
  for (let pulseIndex = -1; ; ) {
    // 1 - random() lies in (0, 1], so that the logarithm is finite.
    pulseIndex += 1 + Math.floor(Math.log(1 - random()) / logNoClick)
    if (!(pulseIndex < pulses)) return
    const here = arrivals[intensityAt?.(pulseIndex) ?? 0]
    if (here === undefined) throw new RangeError('intensities: no such intensity')
    if (intensityAt && random() >= here.click / click) continue
    yield { pulseIndex, photons: random() >= here.signal / here.click ? 0 : here.photons(random) }
  }
}

export function brightestClick(arrivals: readonly Arrivals[]): number {
  return arrivals.reduce((most, { click }) => Math.max(most, click), 0)
}
