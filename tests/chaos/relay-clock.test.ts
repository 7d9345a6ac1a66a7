/** The clock of the relay jumps: who is inside goes on, who logs in is told what is wrong, and once right all is well. */
import type { ClientEnv } from '@qsec/client'
import { expect, it, onTestFinished } from 'vitest'
import { events, hasText, openWorld, texts, until } from '../system/world.ts'

const decadeMs = 10 * 365 * 86_400_000

it('[CX60] a relay whose clock jumps ten years ahead or back loses nothing; its logins fail with words until the clock is right', async () => {
  let skewMs = 0
  // The sweep, which drops what is old, runs in between.
  const world = await openWorld({ now: () => Date.now() + skewMs, limits: { sweepMs: 200 } })
  onTestFinished(() => world.close())
  const run = { handle: () => undefined, cancel: () => undefined, release: () => undefined }
  const calm = (env: ClientEnv) =>
    Object.assign(env, { openQuantum: () => ({ begin: () => run, close: () => undefined }) })
  const ana = await world.create('Ana', undefined, calm(world.env()))
  const ben = await world.join('Ben', ana.snapshot.invitePath!, calm(world.env()))
  const envOfCleo = calm(world.env())
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envOfCleo)
  for (const room of [ana, ben, cleo]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 3)
  await ana.send('before')
  for (const room of [ben, cleo]) await until(room, hasText('before'))
  await cleo.close()

  const said = ['before']
  for (const byMs of [decadeMs, -decadeMs]) {
    skewMs = byMs
    await new Promise((resolve) => setTimeout(resolve, 400))
    for (const [room, name] of [
      [ana, 'Ana'],
      [ben, 'Ben'],
    ] as const) {
      const text = `${name} at ${byMs < 0 ? 'minus' : 'plus'} ten years`
      await room.send(text)
      said.push(text)
      for (const one of [ana, ben]) await until(one, hasText(text))
    }
    const early = await world.comeBack(envOfCleo, ana.snapshot.address)
    const { phase } = await until(early, (s) => s.phase.at === 'refused')
    expect(phase).toMatchObject({ code: 'login-failed' })
    await early.close()
  }
  skewMs = 0
  const back = await world.comeBack(envOfCleo, ana.snapshot.address)
  await until(back, hasText(said.at(-1)!), 30_000)
  await back.send('Cleo is back')
  said.push('Cleo is back')
  for (const room of [ana, ben, back]) {
    await until(room, hasText('Cleo is back'))
    expect(texts(room.snapshot)).toEqual(said)
    expect(events(room.snapshot)).not.toContain('gap')
    for (const item of room.snapshot.timeline) expect(Math.abs(item.atMs - Date.now())).toBeLessThan(600_000)
  }
})
