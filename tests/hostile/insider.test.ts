/** A member that says hostile things in well-sealed frames: nobody else is harmed, and the room goes on. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { utf8 } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, texts, until, type World } from '../system/world.ts'
import { Insider } from './insider.ts'
import { toldInWords } from './stage.ts'

let world: World
let ana: RoomClient
let ben: RoomClient
let insider: Insider

beforeEach(async () => {
  world = await openWorld()
  ana = await world.create('Ana')
  ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  const env = world.env()
  const mallory = await world.join('Mallory', ana.snapshot.invitePath!, env)
  const settled = (s: RoomSnapshot) => s.people.length === 3 && s.people.every(({ name }) => name !== '')
  await Promise.all([ana, ben, mallory].map((room) => until(room, settled)))
  await mallory.close()
  insider = await Insider.open(world, env, ana.snapshot.address)
})
afterEach(async () => {
  insider.close()
  await world.close()
})

async function othersTalk(word: string): Promise<void> {
  await ana.send(`${word} from Ana`)
  await ben.send(`${word} from Ben`)
  await Promise.all(
    [ana, ben].map((room) =>
      until(room, (s) => [`${word} from Ana`, `${word} from Ben`].every((text) => hasText(text)(s))),
    ),
  )
}

const link = (over: object) => ({
  type: 'link-report',
  peer: ana.snapshot.self.device,
  report: { run: 'AAAA', completed: true, threshold: 0.11, stages: [], keyBits: 0, ...over },
})

it('[C40] [HR20] contents of no known form are told as unreadable, and the next message is read', async () => {
  const names = (claim: object) => ({
    type: 'names',
    names: [{ device: insider.device, name: 'Mallory', salt: 'A'.repeat(43), ...claim }],
  })
  const contents: unknown[] = [
    { type: 'something-new' },
    { type: 'text', text: 'x'.repeat(70_000), atMs: 0 },
    { type: 'text', text: 'no time', atMs: Number.NaN },
    { type: 'text', text: 5, atMs: 0 },
    names({ name: 'n'.repeat(200) }),
    names({ salt: 'A'.repeat(44) }),
    { type: 'names', names: Array.from({ length: 401 }, () => names({}).names[0]) },
    link({ qber: Number.NaN }),
    link({ qber: 7 }),
    link({ keyBits: -5 }),
    link({ stages: Array.from({ length: 50 }, () => ({ name: 'x', bits: 1 })) }),
    link({ reason: '<b>' }),
    { type: 'key-ack', uuid: 'not one', pad: 'hardware' },
    { type: 'key-ack', uuid: '00000000-0000-4000-8000-000000000000', pad: 'magic' },
    { type: 'eavesdropper', on: 'yes' },
    {
      type: 'compare',
      to: ana.snapshot.self.device,
      run: 'A'.repeat(22),
      step: 'ask',
      epoch: 1,
      commitment: 'A'.repeat(42),
    },
    { type: 'compare', to: ana.snapshot.self.device, run: 'A'.repeat(22), step: 'accept', commitment: 'B'.repeat(43) },
    { type: 'compare', to: ana.snapshot.self.device, run: '', step: 'reveal', nonce: 'A'.repeat(43) },
    { type: 'compare', to: 'everyone', run: 'A'.repeat(22), step: 'end' },
    { type: 'profile', keys: 'A'.repeat(5_000), byProfile: '', byPerson: '' },
    { type: 'profile', keys: '', byProfile: '', byPerson: '' },
    { type: 'profiles-wanted', devices: Array.from({ length: 33 }, () => ana.snapshot.self.device) },
    { type: 'profiles-wanted', devices: [] },
    null,
    [],
  ]
  for (const content of contents) await insider.say(content)
  await insider.sayBytes(new Uint8Array())
  await insider.sayBytes(new Uint8Array([0xff, 0xfe]))
  await insider.sayBytes(utf8('['.repeat(50_000)))
  await insider.sayBytes(utf8('{"__proto__":{"type":"text"},"constructor":1}'))
  await othersTalk('after')
  expect(events(ana.snapshot)).toContain('unreadable')
  expect(texts(ana.snapshot).sort()).toEqual(['after from Ana', 'after from Ben'])
  for (const room of [ana, ben])
    expect(room.snapshot.people.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben', 'Mallory'])
})

it('[A5] [HR21] nobody gets a name by another’s word, and no name looks like a badge or hides characters', async () => {
  const claims = [
    { device: ana.snapshot.self.device, name: 'Mallory', salt: 'AAAA' },
    { device: ben.snapshot.self.device, name: 'Ana', salt: 'A'.repeat(43) },
    { device: insider.device, name: 'Ana', salt: 'A'.repeat(43) },
    { device: insider.device, name: 'Ana\u202e✓🔒', salt: 'A'.repeat(43) },
    { device: 'AAAAAAAAAAAAAAAAAAAAAA', name: 'Nobody', salt: '' },
  ]
  await insider.say({ type: 'names', names: claims })
  await othersTalk('after')
  for (const room of [ana, ben])
    expect(room.snapshot.people.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben', 'Mallory'])
  // Nor does somebody whose keys are here and whose own name is not yet.
  const dora = await world.knock('Dora', ana.snapshot.address)
  const { device } = dora.snapshot.self
  await Promise.all([ana, ben].map((room) => until(room, (s) => s.agreement?.knocks.length === 1)))
  await insider.say({ type: 'names', names: [{ device, name: 'Ana', salt: 'A'.repeat(43) }] })
  await othersTalk('before Dora')
  await ana.letIn(device)
  for (const room of [ana, ben]) {
    const named = await until(room, (s) => s.people.some((one) => one.device === device && one.name !== ''))
    expect(named.people.find((one) => one.device === device)?.name).toBe('Dora')
  }
})

it('[C36] [HR22] a false receipt raises the alarm, and one from the future delivers nothing that is not there', async () => {
  const standingOf = ({ snapshot: { epoch, people, agreement } }: RoomClient) => ({
    epoch,
    agreement,
    people: people.map(({ device, name, role }) => ({ device, name, role })),
  })
  const before = [ana, ben].map(standingOf)
  await othersTalk('one')
  // Ana's seq of the last frame is not known here: a wrong hash for every place of the epoch hits one that Ana has seen.
  for (let seq = 1; seq < 40; seq++)
    await insider.say({ type: 'receipt' }, { receipt: { seq, transcript: 'A'.repeat(43) } })
  await until(ana, (s) => events(s).includes('split-view'))
  await insider.say({ type: 'receipt' }, { receipt: { seq: Number.MAX_SAFE_INTEGER } })
  await othersTalk('from the future')
  const last = ana.snapshot.timeline.findLast((item) => item.kind === 'message' && item.author.self)
  expect(last?.kind === 'message' && last.deliveredTo).toBeLessThan(2)
  expect(events(ana.snapshot).filter((type) => type === 'split-view')).toHaveLength(1)
  expect(toldInWords(ana.snapshot, 'split-view')).toBe(true)
  expect([ana, ben].map(standingOf)).toEqual(before)
  await othersTalk('two')
})

it('[HR23] links of strangers, acknowledgements of made-up secrets and reports change no label and grow nothing', async () => {
  const strangers = Array.from({ length: 30 }, (_, i) => String(i).padStart(22, 'A'))
  for (const peer of strangers) {
    await insider.say({ ...link({ completed: false, reason: 'qber-above-threshold', qber: 0.3 }), peer })
  }
  await insider.say({ ...link({ completed: false, reason: 'qber-above-threshold', qber: 0.3 }), peer: insider.device })
  for (let i = 0; i < 30; i++) {
    await insider.say({
      type: 'key-ack',
      uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      pad: 'hardware',
    })
  }
  await othersTalk('after')
  for (const { snapshot } of [ana, ben]) {
    expect(events(snapshot)).not.toContain('eavesdropper-detected')
    const members = snapshot.people.map(({ device }) => device)
    for (const { ends } of snapshot.quantum.links) {
      expect(ends.every(({ device }) => members.includes(device))).toBe(true)
    }
    expect(snapshot.quantum.label).not.toBe('quantum (hardware)')
  }
})

it('[HR24] a message that is said twice under one id appears once, and a jump in its sender’s count shows', async () => {
  const id = 'AAAAAAAAAAAAAAAAAAAAAA'
  for (let i = 0; i < 3; i++) await insider.say({ type: 'text', text: 'once', atMs: 1 }, { id })
  await insider.say({ type: 'text', text: 'far ahead', atMs: 8_640_000_000_000_001 }, { counter: 5_000_000 })
  await Promise.all([ana, ben].map((room) => until(room, hasText('far ahead'))))
  expect(texts(ana.snapshot).filter((text) => text === 'once')).toHaveLength(1)
  // Neither 1970 nor the year 275760 can be when it was written.
  for (const item of ana.snapshot.timeline) {
    if (item.kind !== 'message' || item.author.self || item.author.name !== 'Mallory') continue
    expect(item.doubtfulTime).toBe(true)
    expect(Math.abs(item.atMs - Date.now())).toBeLessThan(60_000)
  }
  expect(events(ana.snapshot)).toContain('unreadable')
  await othersTalk('after')
})
