/** A device asleep: its process stands still for longer than a silent connection is taken for alive. */
import { expect, it, onTestFinished } from 'vitest'
import { ChaosStage, short } from './stage.ts'

it('[CX40] a device that slept through 200 messages has them all in order and once, and its screen says nothing wrong', {
  timeout: 180_000,
}, async () => {
  const stage = await ChaosStage.open(['Ana', 'Ben'], { pingIntervalMs: 500, pingTimeoutMs: 500 })
  onTestFinished(() => stage.close())
  const [ana, ben] = stage.actors
  ana!.talk(5, 10)
  await stage.wait(ben!, ({ ids }) => ids.length === 5)

  ben!.signal('SIGSTOP')
  ana!.talk(200, 5)
  await stage.wait(ana!, ({ ids, sending }) => ids.length === 205 && sending === 0)
  await new Promise((resolve) => setTimeout(resolve, 2_000)) // the relay has given the connection up
  ben!.signal('SIGCONT')

  const look = await stage.wait(ben!, ({ ids, connection }) => ids.length === 205 && connection === 'connected')
  const { violations } = await stage.settle(20_000)
  expect(violations, JSON.stringify(short(look))).toEqual([])
  expect(look.ids).toEqual(Array.from({ length: 205 }, (_, i) => `Ana ${i}`))
  expect({ phase: look.phase, gaps: look.gaps, notSent: look.notSent, events: look.events }).toEqual({
    phase: 'member',
    gaps: [],
    notSent: [],
    events: ['you-joined'],
  })
  ben!.talk(1, 0)
  await stage.wait(ana!, ({ ids }) => ids.includes('Ben 0'))
})
