import { expect, it, onTestFinished } from 'vitest'
import { openWorld, until } from './world.ts'

it('[WL4] what is asked of the room without a connection waits for it, goes out once it is back, or is taken back', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const env = await world.proxied()
  const ana = await world.create('Ana', undefined, env)
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  for (const room of [ana, ben]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 2)
  await ana.changeRoom({ capacity: 5 }) // nothing is under way any more
  await until(ben, (s) => s.agreement?.capacity === 5)

  world.cut(env)
  await until(ana, (s) => s.connection !== 'connected')
  const ends = expect(ana.endRoom()).rejects.toMatchObject({ code: 'wish-cancelled' })
  const locks = ana.changeRoom({ locked: true })
  const { wishes = [] } = await until(ana, (s) => s.wishes?.length === 2)
  expect(wishes).toMatchObject([
    { kind: 'end', waitsFor: 'connection', mayCancel: true },
    { kind: 'settings', waitsFor: 'connection', mayCancel: true },
  ])
  await ana.cancelWish(wishes[0]!.id)
  await ends
  world.mend(env)
  await locks
  await until(ben, (s) => s.agreement?.locked === true)
  expect(ana.snapshot.wishes).toBeUndefined()
  expect(ben.snapshot.phase.at).toBe('member')
}, 60_000)
