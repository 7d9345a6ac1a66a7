/** One order on all screens, also of what the relay has lost and ordered again. */
import type { ClientEnv } from '@qsec/client'
import { expect, it, onTestFinished } from 'vitest'
import { hasText, openWorld, texts, until } from '../system/world.ts'

/** Whoever has this tells nobody what it has, as long as `on`: its receipts do not leave. */
function silenced(env: ClientEnv, silence: { on: boolean }): ClientEnv {
  return {
    ...env,
    connect: (url) => {
      const transport = env.connect(url)
      const request = transport.request.bind(transport)
      transport.request = (name, payload, timeoutMs) =>
        name === 'encrypted_message' && silence.on ? Promise.resolve(undefined) : request(name, payload, timeoutMs)
      return transport
    },
  }
}

it('[CX11] what one had and another had not when the relay was lost stands in one place on all screens, once said again', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const run = { handle: () => undefined, cancel: () => undefined, release: () => undefined }
  const calm = (env: ClientEnv) =>
    Object.assign(env, { openQuantum: () => ({ begin: () => run, close: () => undefined }) })
  const silence = { on: false }
  const [envOfAna, envOfCleo] = [calm(await world.proxied()), calm(await world.proxied())]
  const ana = await world.create('Ana', undefined, envOfAna)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, silenced(calm(world.env()), silence))
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envOfCleo)
  const everybody = [ana, ben, cleo]
  for (const room of everybody) await until(room, (s) => s.phase.at === 'member' && s.people.length === 3)
  for (const room of everybody) await room.send(`start ${everybody.indexOf(room)}`)
  for (const room of everybody) {
    await until(room, ({ timeline }) => {
      const said = timeline.filter((item) => item.kind === 'message')
      return said.length === 3 && said.every(({ state }) => state === 'received' || state === 'delivered')
    })
  }
  const start = texts(ana.snapshot)

  silence.on = true
  world.cut(envOfCleo)
  await ana.send('early')
  await until(ben, hasText('early'))
  world.cut(envOfAna)
  await world.restart()
  silence.on = false
  await ben.send('between')
  await until(ben, (s) =>
    s.timeline.some((item) => item.kind === 'message' && item.text === 'between' && item.state === 'sent'),
  )
  world.mend(envOfAna)
  world.mend(envOfCleo)
  for (const room of everybody) {
    await until(room, hasText('early'), 30_000)
    await until(room, hasText('between'), 30_000)
    await room.send(`end ${everybody.indexOf(room)}`)
  }
  for (const room of everybody) {
    for (const i of everybody.keys()) await until(room, hasText(`end ${i}`), 30_000)
    // What is on its way stands where it was written, until the relay's order for it is back.
    await until(room, ({ timeline }) => !timeline.some((item) => item.kind === 'message' && item.state === 'sending'))
  }
  for (const room of everybody) {
    expect(texts(room.snapshot)).toEqual(texts(ben.snapshot))
    expect(texts(room.snapshot)).toHaveLength(start.length + 5)
  }
})
