import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { fakeClient } from '../../dev/fake-gate.ts'
import { ana, ben, cleo, message, person, sixPictures, snapshot, system, trust } from '../../dev/fixtures.ts'
import { type Scene, scenes } from '../../dev/scenes.ts'
import type { ComparisonView, PersonView, RoomSnapshot, Standing } from '../client-gate.ts'
import { Details } from '../parts/details.tsx'
import { PersonSheet } from '../parts/person-sheet.tsx'
import { VerifyDialog } from '../parts/verify-dialog.tsx'
import { namerOf } from '../words/people.ts'
import { standingTag } from '../words/trust.ts'
import { comparisonWords, scanWords, standingWords } from '../words/verify.ts'
import { Room } from './room.tsx'

const nothing = (): void => undefined
const draw = (room: RoomSnapshot): string =>
  render(<Room client={fakeClient(room)} onAgain={nothing} onToken={nothing} onHome={nothing} />)
const scene = (one: Scene): RoomSnapshot => one.snapshot(Date.UTC(2026, 10, 23))
const stood = (standing: Partial<Standing>): PersonView => ({
  ...ben,
  standing: { trust: 'new', lookalike: false, ...standing },
})
const verify = (room: RoomSnapshot, device?: PersonView['device']): string =>
  render(
    <VerifyDialog client={fakeClient(room)} snapshot={room} device={device} onPerson={nothing} onClose={nothing} />,
  )
const comparison = (state: ComparisonView['state'], more: Partial<ComparisonView> = {}): RoomSnapshot =>
  snapshot({
    people: [ana, ben],
    trust: trust({ comparison: { with: ben, epoch: 1, role: 'asker', state, ...more } }),
  })

describe('how people stand', () => {
  it('[WB24] each of the four states is a word and a picture beside the name, and a sentence in the sheet', () => {
    const html = draw(scene(scenes.trusted))
    for (const state of ['new', 'seen', 'verified', 'changed'] as const) {
      const words = standingTag({ trust: state, lookalike: false })!
      expect(html).toMatch(new RegExp(`<span class="standing ${state}"><svg.*?</svg>${words}</span>`))
    }
    const sentences = [
      stood({}),
      stood({ trust: 'seen', sinceMs: 0 }),
      stood({ trust: 'verified', verification: { atMs: 0, how: 'pictures', keys: '', name: '' } }),
      stood({ trust: 'verified' }),
      stood({ trust: 'changed', wasVerified: true }),
      stood({ trust: 'changed', wasVerified: false }),
      stood({ trust: 'self' }),
    ].map(standingWords)
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+\.$/)
  })

  it('[WB24] messages of verified people and of changed keys are marked, others are not', () => {
    const marks = ['new', 'seen', 'verified', 'changed'] as const
    const html = (state: Standing['trust']): string =>
      draw(snapshot({ people: [ana], timeline: [message('m', stood({ trust: state }), 'hello')] }))
    expect(marks.map((state) => html(state).includes('class="vouched'))).toEqual([false, false, true, true])
  })

  it('[WB25] changed keys are an alert with what to do; of a verified person they take the place of the composer', () => {
    const changed = stood({ trust: 'changed', wasVerified: false })
    const mild = draw(snapshot({ people: [ana, changed] }))
    expect(mild).toMatch(/role="alert"><strong>Ben has other keys than the Ben you met here before\.<\/strong>/)
    expect(mild).toContain('Go on without verifying')
    expect(mild).toContain('<textarea')
    const blocked = stood({ trust: 'changed', wasVerified: true })
    const hard = draw(snapshot({ people: [ana, blocked], trust: trust({ blockedBy: [blocked] }) }))
    expect(hard).toMatch(/role="alert"><strong>Ben has a name like somebody you verified, and other keys\.<\/strong>/)
    expect(hard).toContain('Nothing you write is sent until you verify them or decide to go on.')
    expect(hard).not.toContain('<textarea')
    // Above the room and in the place of the composer it is clear which Ben is meant.
    const namesake = stood({ trust: 'changed', wasVerified: true, lookalike: true })
    const both = draw(snapshot({ people: [ana, namesake], trust: trust({ blockedBy: [namesake] }) }))
    expect(both.split(`<strong>Ben (${ben.shortId}) has a name like somebody you verified`)).toHaveLength(3)
    expect(draw(snapshot({ people: [ana, ben] }))).not.toContain('role="alert"')
  })

  it('[WB26] a split view is an alert that says what to do', () => {
    const split = system('s', { type: 'split-view', with: ben })
    const html = draw(snapshot({ people: [ana, ben], timeline: [split] }))
    expect(html).toMatch(/role="alert"><strong>The server shows you and Ben different histories of this room\./)
    expect(html).toContain('Compare the room code with them over another channel.')
    expect(html).toContain('Show room code')
  })

  it('[WB27] look-alikes are told apart, and a name from right to left does not turn the sentence', () => {
    const twin = stood({ lookalike: true })
    expect(namerOf([ana, twin])(twin)).toBe(`Ben (${ben.shortId})`)
    expect(namerOf([ana])(person('שרה'))).toBe('\u2068שרה\u2069')
    const sheet = render(
      <PersonSheet
        person={twin}
        client={fakeClient(snapshot())}
        onVerify={nothing}
        onAccept={nothing}
        onClose={nothing}
      />,
    )
    expect(sheet).toContain('Tell them apart by the fingerprint')
    expect(sheet).toContain(`<code>${ben.person.match(/.{1,4}/g)!.join(' ')}</code>`)
    expect(sheet).not.toContain('Go on without verifying')
  })

  it('[WB28] the room is told nothing unless the switch is turned off', () => {
    const panels = (tellsProfile: boolean): string => {
      const room = snapshot({ trust: trust({ tellsProfile }) })
      return render(
        <Details
          snapshot={room}
          client={fakeClient(room)}
          nameOf={namerOf([ana])}
          onLeave={nothing}
          onCloseRoom={nothing}
        />,
      )
    }
    const label = 'aria-label="Do not tell this room that it is me"'
    expect(panels(false)).toContain(`aria-checked="true" ${label}`)
    expect(panels(true)).toContain(`aria-checked="false" ${label}`)
  })
})

describe('the dialog Verify', () => {
  it('[WB29] shows the room code of the epoch in which it was opened, and whom to verify', () => {
    const html = verify(snapshot({ people: [ana, ben, cleo] }))
    expect(html).toMatch(/<h2[^>]*>Verify<\/h2>/)
    expect(html).toContain('Room code')
    expect(html).toContain('Room code of epoch 1')
    expect(html).toContain('48213 00917 66382 15540 92006 31778 04465 87123')
    expect(html).toContain('Cleo Marchetti')
    expect(verify(snapshot())).toContain('Nobody else is here yet.')
  })

  it('[WB29] offers pictures, a code and a number for one person', () => {
    const html = verify(snapshot({ people: [ana, ben] }), ben.device)
    for (const words of ['Compare pictures', 'Scan a code', 'Compare a number', 'Their number', 'They match']) {
      expect(html).toContain(words)
    }
    expect(html).toContain('10293 84756')
  })

  it('[WB30] six pictures have their names, and both answers', () => {
    const html = verify(comparison({ at: 'showing', pictures: sixPictures }), ben.device)
    for (const { name } of sixPictures) expect(html).toContain(`<span>${name}</span>`)
    expect(html).toContain('aria-label="Six pictures"')
    expect(html).toContain('They match')
    expect(html).toContain('They do not match')
  })

  it('[WB30] a mismatch says what to do, also where the other side alone saw it', () => {
    const mismatch = verify(comparison({ at: 'answered', matched: false }), ben.device)
    expect(mismatch).toContain('role="alert"')
    expect(mismatch).toContain('write nothing secret here')
    const theirs = verify(comparison({ at: 'answered', matched: true }, { theySay: false }), ben.device)
    expect(theirs).toContain('Ben says that they do not match')
    expect(theirs).toContain('role="alert"')
    const both = verify(comparison({ at: 'answered', matched: true }, { theySay: true }), ben.device)
    expect(both).toContain('You verified Ben.')
    expect(both).not.toContain('role="alert"><svg')
  })

  it('[WB30] every state of a comparison and every outcome of a scan has words', () => {
    const states: ComparisonView['state'][] = [
      { at: 'asked' },
      { at: 'waiting' },
      { at: 'committed' },
      { at: 'showing', pictures: sixPictures },
      { at: 'answered', matched: true },
      { at: 'answered', matched: false },
      { at: 'over', reason: 'cancelled' },
      { at: 'over', reason: 'expired' },
      { at: 'over', reason: 'broken' },
    ]
    const words = states.map((state) => comparisonWords({ with: ben, epoch: 1, role: 'asker', state }))
    expect(new Set(words).size).toBe(states.length)
    for (const one of [...words, scanWords('other-room'), scanWords('not-a-code')])
      expect(one).toMatch(/^[A-Z].+[.?…]$/)
  })
})
