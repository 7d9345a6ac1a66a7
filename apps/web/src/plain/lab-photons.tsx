/** A few photons, one row each: what was sent, what Eve and Bob saw, and what becomes of the bit. */
import type { JSX } from 'preact'
import type { LabPhoton } from './lab-run.ts'
import { labWords } from './lab-words.ts'

export function Photons({ photons }: { photons: readonly LabPhoton[] }): JSX.Element {
  const eveWasThere = photons.some(({ eve }) => eve !== undefined)
  return (
    <table class="lab-table">
      <caption>{labWords.photonsHelp}</caption>
      <thead>
        <tr>
          <th scope="col">{labWords.photon}</th>
          <th scope="col">{labWords.alice}</th>
          {eveWasThere && <th scope="col">{labWords.eveColumn}</th>}
          <th scope="col">{labWords.bob}</th>
          <th scope="col">{labWords.becomes}</th>
        </tr>
      </thead>
      <tbody>
        {photons.map((photon, i) => (
          <tr key={String(i)} class={fateOf(photon)}>
            <th scope="row">{i + 1}</th>
            <td>
              <Measured basis={photon.aliceBasis} bit={photon.aliceBit} />
            </td>
            {eveWasThere && <td>{photon.eve ? <Measured {...photon.eve} /> : '–'}</td>}
            <td>{photon.bobBit === undefined ? '–' : <Measured basis={photon.bobBasis} bit={photon.bobBit} />}</td>
            <td>{fates[fateOf(photon)]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Measured({ basis, bit }: { basis: 'z' | 'x'; bit: number }): JSX.Element {
  return (
    <>
      <span class="basis" role="img" aria-label={basis === 'z' ? 'plus basis' : 'cross basis'}>
        {basis === 'z' ? '+' : '×'}
      </span>{' '}
      {bit}
    </>
  )
}

type Fate = 'lost' | 'thrown' | 'kept' | 'wrong'

const fates: Readonly<Record<Fate, string>> = {
  lost: 'lost',
  thrown: 'thrown away',
  kept: 'kept',
  wrong: 'kept, and wrong',
}

function fateOf({ aliceBasis, aliceBit, bobBasis, bobBit }: LabPhoton): Fate {
  if (bobBit === undefined) return 'lost'
  if (aliceBasis !== bobBasis) return 'thrown'
  return aliceBit === bobBit ? 'kept' : 'wrong'
}
