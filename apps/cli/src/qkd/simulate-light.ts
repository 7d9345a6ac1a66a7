/** Source and eavesdropper of `qsec qkd simulate`, from the command line. */
import { type Decoy, type DecoyPlan, defaultOneDecoy, defaultTwoDecoys, type Eve, type Source } from '@qsec/qkd'
import { UsageError } from '../command.ts'
import { nameOf, numberOf } from './numbers.ts'

export const attackNames = ['intercept-resend', 'breidbart', 'photon-number-splitting', 'beam-splitting'] as const

export interface Light {
  source: Source
  hasDecoys: boolean
  keyBasisProbability: number | undefined
}

export function lightOf(source: string, decoys: readonly string[], keyBasis: string | undefined): Light {
  const light = withDecoys(source, decoys)
  const hasDecoys = light.kind === 'weak-coherent' && (light.decoys?.length ?? 0) > 0
  if (keyBasis !== undefined && !hasDecoys) throw new UsageError('--key-basis is for sources with decoys.')
  const keyBasisProbability = keyBasis === undefined ? undefined : numberOf('--key-basis', keyBasis, 0.3, 0.99)
  return { source: light, hasDecoys, keyBasisProbability }
}

export function eveOf(attack: string, fraction: number): Eve {
  const name = nameOf('--attack', attack, attackNames)
  if (fraction === 0) return { attack: 'none' }
  if (name === 'photon-number-splitting') return { attack: name, fraction, controlsDetector: false }
  if (name === 'beam-splitting') return { attack: name, fraction, memory: true }
  return { attack: name, fraction }
}

function withDecoys(text: string, decoys: readonly string[]): Source {
  const mean = /^weak:(.+)$/.exec(text)?.[1]
  if (decoys.length > 0 && mean === undefined) throw new UsageError('--decoy goes with --source weak:MU.')
  switch (text) {
    case 'single':
      return { kind: 'single-photon' }
    case 'one-decoy':
      return sourceOf(defaultOneDecoy)
    case 'two-decoys':
      return sourceOf(defaultTwoDecoys)
  }
  if (mean === undefined) {
    throw new UsageError('--source must be single, one-decoy, two-decoys, or weak:MU, such as weak:0.1.')
  }
  const meanPhotons = numberOf('--source weak:', mean, 1e-6, 4)
  if (decoys.length === 0) return { kind: 'weak-coherent', meanPhotons }
  return { kind: 'weak-coherent', meanPhotons, decoys: soundDecoys(meanPhotons, decoys) }
}

/** As the bounds need them: mu1 > mu2 + mu3, mu2 > mu3, and with one decoy mu2 > 0. */
function soundDecoys(signal: number, texts: readonly string[]): Decoy[] {
  if (texts.length > 2) throw new UsageError('--decoy can be there twice at most.')
  const decoys = texts.map((text) => {
    const [mean = '', share = '', more] = text.split(':')
    if (more !== undefined) throw new UsageError('--decoy must be MEAN:SHARE, such as 0.12:0.7.')
    return {
      meanPhotons: numberOf('--decoy', mean, 0, 2),
      probability: numberOf('--decoy', share, 0.01, 0.98),
    }
  })
  const [weak, weakest] = decoys as [Decoy, Decoy | undefined]
  const others = weak.meanPhotons + (weakest?.meanPhotons ?? 0)
  const shares = decoys.reduce((sum, { probability }) => sum + probability, 0)
  if (signal > 2) throw new UsageError('--source weak: must be at most 2 with decoys.')
  if (weak.meanPhotons < (weakest?.meanPhotons ?? 0) + 0.001 || signal < others + 0.001) {
    throw new UsageError('--decoy: the means must fall, the signal above all decoys together, the first decoy above 0.')
  }
  if (shares > 0.99) throw new UsageError('--decoy: the shares must leave 0.01 to the signal.')
  return decoys
}

function sourceOf({ intensities, probabilities }: DecoyPlan): Source {
  const [meanPhotons, ...means] = intensities as [number, ...number[]]
  return {
    kind: 'weak-coherent',
    meanPhotons,
    decoys: means.map((mean, i) => ({ meanPhotons: mean, probability: probabilities[i + 1]! })),
  }
}
