import { render } from 'preact-render-to-string'
import { expect, it } from 'vitest'
import { ana, ben, message } from '../../../dev/fixtures.ts'
import { lifetimes } from '../../lifetimes.ts'
import { durationWords, lifetimeWords } from '../../words/lifetime.ts'
import { namerOf } from '../../words/people.ts'
import { LifetimeChoice, offeredIn } from '../compose/lifetime-choice.tsx'
import { Message } from '../message.tsx'
import { Lifetime } from './lifetime.tsx'

it('[DM13] a message says how long it lives, and once its time has begun how much is left, in whole units', () => {
  const drawn = (lifetime: { seconds: number; goesMs?: number }, own = false) =>
    render(<Lifetime lifetime={lifetime} own={own} />)
  expect(drawn({ seconds: 300 })).toContain('Disappears 5 minutes after it was seen')
  expect(drawn({ seconds: 300 }, true)).toContain('Disappears 5 minutes after it was sent')
  expect(drawn({ seconds: 300, goesMs: Date.now() + 200_000 })).toContain('Disappears in 4 minutes')
  expect(drawn({ seconds: 300, goesMs: Date.now() - 5_000 })).toContain('Disappears in 1 second<')
  expect(lifetimes.map(durationWords)).toEqual(['30 seconds', '5 minutes', '1 hour', '1 day', '1 week', '4 weeks'])
  expect(durationWords(90)).toBe('90 seconds')
  for (const [leftMs, words] of [
    [59_001, '1 minute'],
    [59_000, '59 seconds'],
    [61_000, '2 minutes'],
    [3_600_001, '2 hours'],
    [86_400_000 * 6, '6 days'],
  ] as const) {
    expect(lifetimeWords.goes(leftMs)).toBe(`Disappears in ${words}`)
  }
})

it('[DM13] nothing longer than the room’s is offered; a quote of what has gone says so', () => {
  expect(offeredIn(undefined)).toEqual(lifetimes)
  expect(offeredIn(3_600)).toEqual([30, 300])
  const longer = render(<LifetimeChoice chosen={86_400} room={3_600} onChoose={() => undefined} />)
  expect(longer).toContain('After 1 hour, as in this room')
  expect(longer).not.toContain('After 1 day')
  const reply = message('m', ana, 'yes', { reply: { key: 'q', gone: true } })
  const html = render(<Message message={reply} nameOf={namerOf([ana, ben])} startsRun endsRun />)
  expect(html).toContain('In reply to a message that has disappeared')
  expect(html).not.toContain('not on this device')
})
