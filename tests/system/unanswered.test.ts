/** A newcomer whose question for the members' records is lost, as happens on a slow line at the worst moment. */
import type { ClientEnv } from '@qsec/client'
import { connectSocketIo } from '@qsec/client/node'
import { expect, it, onTestFinished } from 'vitest'
import { hasText, openWorld, until, type World } from './world.ts'

/** The records that come before the Welcome are lost; the first question for them is answered so. */
function withFirstAnswer(world: World, answer: unknown): ClientEnv {
  const env = world.env()
  let asked = 0
  return {
    ...env,
    // Ten times as fast: what is waited for here takes 10 s.
    clock: { ...env.clock, after: (ms, run) => env.clock.after(ms / 10, run) },
    connect(url) {
      const transport = connectSocketIo({ url })
      const [request, onEvent] = [transport.request.bind(transport), transport.onEvent.bind(transport)]
      transport.request = ((name: string, ...rest: unknown[]) =>
        name === 'fetch_bundles' && asked++ === 0
          ? Promise.resolve(answer)
          : (request as (...all: unknown[]) => unknown)(name, ...rest)) as typeof transport.request
      transport.onEvent = (handler) =>
        onEvent((name, payload, done) =>
          name === 'pubkey_list' && asked === 0 ? done() : handler(name, payload, done),
        )
      return transport
    },
  }
}

it('[MD3] a newcomer whose question for the members’ records got no answer waits and comes in', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const ana = await world.create('Ana')
  await until(ana, ({ invitePath }) => invitePath !== undefined)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, withFirstAnswer(world, undefined))
  await until(ben, ({ phase }) => phase.at === 'member' || phase.at === 'refused')
  expect(ben.snapshot.phase).toEqual({ at: 'member' })
  await ben.send('I am in')
  await until(ana, ({ timeline }) => timeline.some((item) => item.kind === 'message' && item.text === 'I am in'))
})

it('[MD5] so it does by a link for one person, which no second Welcome could show', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const ana = await world.create('Ana')
  const path = await ana.makeInvite({ mode: 'link', lifetimeMs: 3_600_000, uses: 1 })
  const ben = await world.join('Ben', path, withFirstAnswer(world, undefined))
  await until(ben, ({ phase }) => phase.at === 'member' || phase.at === 'refused')
  expect(ben.snapshot.phase).toEqual({ at: 'member' })
  await ben.send('I am in')
  await until(ana, hasText('I am in'))
})

it('[MD4] where the relay says that it has none of them the Welcome is refused', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const ana = await world.create('Ana')
  await until(ana, ({ invitePath }) => invitePath !== undefined)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, withFirstAnswer(world, { ok: true, bundles: [] }))
  await until(ben, ({ phase }) => phase.at === 'member' || phase.at === 'refused')
  expect(ben.snapshot.phase).toMatchObject({ at: 'refused', code: 'bad-welcome' })
})
