/** Where the keys of the epochs come from, as real devices note it, and that no secret gets into the file. */
import type { ClientEnv, EpochView, RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorld, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const sees = (name: string) => (s: RoomSnapshot) =>
  s.phase.at === 'member' && s.people.some((one) => one.name === name && !one.self)
const isQuantum = (s: RoomSnapshot) => s.quantum.label === 'quantum (simulated)'

/** What a history says, in few words, the oldest first. */
const told = (epochs: readonly EpochView[]) =>
  epochs.toReversed().map(({ reasons, label, by }) => `${reasons.join('+')} ${label} ${by?.name ?? '-'}`)

/** Texts in which the bytes of a secret may stand, whatever comes before them. */
function forms(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
      .slice(4, -4),
  )
  return [bytes.toString('hex'), ...shifted, ...shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]
}

/** Everything that a device has stored and that is not meant to be told, in pieces of 24 bytes. */
async function secretsOf(env: ClientEnv): Promise<Map<string, Buffer>> {
  const pieces = new Map<string, Buffer>()
  for (const { key, value } of await env.storage.list('')) {
    // The history itself, what it is made of, and bundles, which everybody has.
    if (/\/(epoch|self|bundle|people|timeline|copies|reading)\b/.test(key)) continue
    const bytes = Buffer.from(value)
    for (let at = 0; at + 24 <= bytes.length; at += 24) pieces.set(`${key} ${at}`, bytes.subarray(at, at + 24))
  }
  return pieces
}

it('[KP10] every device notes the epochs that it sees: by whom, why, and how far the links reach', async () => {
  const benEnv = world.env()
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!, benEnv)
  await Promise.all([until(ana, sees('Ben')), until(ben, sees('Ana'))])
  await Promise.all([ana, ben].map((room) => until(room, isQuantum, 60_000)))
  const [quantum] = (await ben.epochs()).filter(({ reasons }) => reasons.includes('quantum'))
  expect(quantum).toMatchObject({ linksCovered: 1, linksInAll: 1, quantum: { since: quantum!.epoch } })
  expect(quantum!.quantum!.links.map(({ pad }) => pad)).toEqual(['simulated'])
  expect(quantum!.quantum!.keyId).toMatch(/^[0-9a-f-]{36}$/)
  const anas = (await ana.epochs()).find(({ epoch }) => epoch === quantum!.epoch)
  expect(anas).toMatchObject({ label: 'quantum (simulated)', quantum: { keyId: quantum!.quantum!.keyId } })

  const history = told(await ana.epochs())
  expect(history.slice(0, 2)).toEqual(['created post-quantum Ana', 'join post-quantum Ana'])
  expect(told(await ben.epochs())[0]).toBe('entered post-quantum -')
  // Somebody new resets the label, and a restart of the device forgets nothing.
  await ben.close()
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, sees('Ana'))
  const back = await world.comeBack(benEnv, ana.snapshot.address)
  await until(back, sees('Cleo'))
  const epochs = await back.epochs()
  const join = epochs.find(({ joined }) => joined.some(({ name }) => name === 'Cleo'))
  expect(join).toMatchObject({ reasons: ['join'], label: 'post-quantum' })
  expect(epochs.at(-1)!.reasons).toEqual(['entered'])
  expect(epochs[0]!.present).toBe(true)
})

it('[KP11] the file holds nothing secret: no key, no link, no text, no name', async () => {
  const env = world.env()
  const ana = await world.create('Annabella Quux', undefined, env)
  const link = ana.snapshot.invitePath!
  const ben = await world.join('Benedikt Xyzzy', link)
  await Promise.all([until(ana, sees('Benedikt Xyzzy')), until(ben, sees('Annabella Quux'))])
  await ana.send('Zebrafish-Quartz-7719')
  await until(ana, (s) => s.quantum.links.some(({ state }) => state === 'completed'), 60_000)
  let secrets = await secretsOf(env)
  const hasPad = () => [...secrets.keys()].some((key) => key.includes('/pad/'))
  // A key is stored a moment after its run is shown as completed.
  for (let tries = 0; tries < 100 && !hasPad(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    secrets = await secretsOf(env)
  }
  expect(hasPad()).toBe(true)
  expect([...secrets.keys()].some((key) => key.includes('/identity'))).toBe(true)
  await until(ana, isQuantum, 60_000)
  for (const [key, bytes] of await secretsOf(env)) secrets.set(`later ${key}`, bytes)
  secrets.set('link', Buffer.from(link.split('#v1.')[1]!, 'base64url'))
  const file = await ana.exportEpochs()
  expect(JSON.parse(file)).toMatchObject({ format: 'qsec-epochs-1', room: ana.snapshot.address })
  const found = [...secrets].filter(([, bytes]) => forms(bytes).some((form) => file.includes(form)))
  expect(found.map(([key]) => key)).toEqual([])
  for (const word of ['Zebrafish', 'Annabella', 'Benedikt', link.split('#v1.')[1]!]) expect(file).not.toContain(word)
  // The search itself finds what is there.
  const id = Buffer.from(ana.snapshot.self.device, 'base64url')
  expect(forms(id).some((form) => file.includes(form))).toBe(true)
})

it('[KP12] an eavesdropper on a link stands in the history of everybody, and no secret of that run', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await Promise.all([until(ana, sees('Ben')), until(ben, sees('Ana'))])
  await Promise.all([ana, ben].map((room) => until(room, isQuantum, 60_000)))
  await ana.switchEavesdropper(true)
  await until(ben, (s) => s.quantum.eavesdropper.on)
  ana.runKeyExchange()
  await Promise.all(
    [ana, ben].map((room: RoomClient) => until(room, (s) => s.quantum.outcome === 'eavesdropper', 60_000)),
  )
  for (const room of [ana, ben]) {
    const caught = (await room.epochs()).filter((one) => one.eavesdropper)
    expect(caught).toMatchObject([{ label: 'post-quantum' }])
  }
})
