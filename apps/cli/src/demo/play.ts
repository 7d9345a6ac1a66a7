/** The play: a room from its making to its end, in steps that each have to come true. */
import type { LinkView, RoomClient } from '@qsec/client'
import { summarise, withRoomLog } from '../logs/read.ts'
import type { LogSummary } from '../logs/summary.ts'
import { isIn, searchFolder } from './search.ts'
import {
  countOf,
  hasPeople,
  hasTexts,
  isDelivered,
  isStarOf,
  linkName,
  linksThat,
  percent,
  secretBits,
  textsOf,
} from './sight.ts'
import { check, type Stage } from './stage.ts'
import { type Actor, DemoWorld } from './world.ts'

// Whole names, so that a search for them in a database finds nothing by chance.
const names = { ana: 'Ana Alvarado', ben: 'Ben Bergström', cleo: 'Cleo Castellanos', dan: 'Dan Delacroix' }
const said = {
  ana: 'Good morning, I brought the blueprints.',
  ben: 'Good morning Ana, I brought the coffee.',
  cleo: 'And I forgot everything at home, as ever.',
  whileListening: 'Somebody listens on the quantum link, and this arrives all the same.',
  toDan: 'Welcome Dan! What we said before is not for you.',
  afterBen: 'Ben has gone, so this is for the three of us.',
}
const expectedTags = [
  'ROOM_CREATED',
  'USER_JOIN',
  'MSG_RELAYED',
  'BB84_SESSION_DERIVED',
  'ROOMKEY_RELAYED',
  'USER_LEAVE',
]
const quantum = 'quantum (simulated)'
const shortMs = 15_000
const exchangeMs = 45_000

export async function play(stage: Stage): Promise<void> {
  let world!: DemoWorld
  await stage.step('A relay starts', shortMs, async () => {
    world = await DemoWorld.open()
    return `${world.relay.url}, with an empty database in a temporary folder`
  })
  try {
    const room = await enter(stage, world)
    await talk(stage, room)
    await exchangeKeys(stage, room)
    await meetEavesdropper(stage, room)
    const four = await joinLate(stage, world, room)
    await leave(stage, world, four)
    await searchRelay(stage, world, four)
  } finally {
    await world.close()
  }
}

interface Three {
  ana: Actor
  ben: Actor
  cleo: Actor
  rooms: RoomClient[]
  link: string
}

async function enter(stage: Stage, world: DemoWorld): Promise<Three> {
  let ana!: Actor
  let link = ''
  await stage.step('Ana creates a closed room', shortMs, async () => {
    ana = await world.create(names.ana)
    const inside = await stage.once(
      ana.room,
      'the room with its invite link',
      ({ phase, invitePath }) => phase.at === 'member' && invitePath !== undefined,
    )
    link = inside.invitePath!
    return `room ${inside.address}; what follows # in its link never reaches the relay`
  })
  let three!: Three
  await stage.step('Ben and Cleo join by the link', shortMs, async () => {
    const [ben, cleo] = await Promise.all([world.join(names.ben, link), world.join(names.cleo, link)])
    three = { ana, ben, cleo, rooms: [ana.room, ben.room, cleo.room], link }
    const inside = hasPeople(names.ana, names.ben, names.cleo)
    await stage.all(three.rooms, 'three people by name', (s) => s.phase.at === 'member' && inside(s))
    return 'each of the three sees all three by name'
  })
  return three
}

async function talk(stage: Stage, { ana, ben, cleo, rooms }: Three): Promise<void> {
  await stage.step('Everyone writes and everyone reads', shortMs, async () => {
    const texts = [said.ana, said.ben, said.cleo]
    await Promise.all([ana, ben, cleo].map(({ room }, i) => room.send(texts[i]!)))
    await stage.all(rooms, 'all three messages', hasTexts(...texts))
    await Promise.all(rooms.map((room, i) => stage.once(room, 'its message as delivered', isDelivered(texts[i]!))))
    const orders = new Set(rooms.map((room) => textsOf(room.snapshot).join('\n')))
    check(orders.size === 1, 'the messages stand in different orders')
    return '3 messages, each delivered to both others, in one order for all'
  })
}

async function exchangeKeys(stage: Stage, { ana, rooms }: Three): Promise<void> {
  await stage.step('BB84 over two simulated quantum links', exchangeMs, async () => {
    await stage.all(rooms, 'two links with keys', isStarOf('completed'))
    const links = linksThat(ana.room.snapshot, 'completed')
    for (const link of links) {
      check(secretBits(link) > 0, `${linkName(link)} gave no secret bits`)
      check((link.qber ?? 1) < ana.room.snapshot.quantum.threshold, `${linkName(link)} has too high a QBER`)
    }
    return links
      .map((link) => `${linkName(link)}: QBER ${percent(link.qber)}, ${secretBits(link)} secret bits`)
      .join('; ')
  })
  await stage.step('Keys refreshed with the quantum keys', exchangeMs, async () => {
    await stage.all(rooms, 'the label of its keys', (s) => s.quantum.label === quantum)
    await stage.all(rooms, 'the word that keys were refreshed', (s) => countOf(s, 'keys-refreshed') > 0)
    const { linksCovered, linksInAll } = ana.room.snapshot.quantum
    return `all three call their keys "${quantum}", ${linksCovered} of ${linksInAll} links; X25519 and ML-KEM-768 beside them`
  })
}

async function meetEavesdropper(stage: Stage, { ana, ben, cleo, rooms }: Three): Promise<void> {
  const refreshed = new Map<RoomClient, number>()
  await stage.step('Cleo switches an eavesdropper on: detected, and no key', exchangeMs, async () => {
    const before = new Map(rooms.map((room) => [room, room.snapshot.quantum.links]))
    await cleo.room.switchEavesdropper(true)
    await stage.all(rooms, 'the switch', (s) => s.quantum.eavesdropper.on)
    await stage.all(rooms, 'the alarm of both links', (s) => countOf(s, 'eavesdropper-detected') >= 2)
    await stage.all(rooms, 'both runs given up', isStarOf('aborted'))
    const caught = linksThat(ana.room.snapshot, 'aborted')
    for (const link of caught) {
      check(link.reason === 'qber-above-threshold', `${linkName(link)} was given up for ${link.reason}`)
      check((link.qber ?? 0) > ana.room.snapshot.quantum.threshold, `${linkName(link)} has a harmless QBER`)
    }
    for (const room of rooms) check(gotNoKey(before.get(room)!, room), `${room.snapshot.self.name} got a key from it`)
    return `${caught.map((link) => `${linkName(link)}: QBER ${percent(link.qber)}`).join('; ')}; no key was made`
  })
  await stage.step('The chat goes on meanwhile', shortMs, async () => {
    await ben.room.send(said.whileListening)
    await stage.all(rooms, 'the message', hasTexts(said.whileListening))
    await stage.once(ben.room, 'its message as delivered', isDelivered(said.whileListening))
    return 'a message went through to both others under X25519 and ML-KEM-768'
  })
  await stage.step('Eavesdropper off: the links recover', exchangeMs, async () => {
    for (const room of rooms) refreshed.set(room, countOf(room.snapshot, 'keys-refreshed'))
    await cleo.room.switchEavesdropper(false)
    await stage.all(rooms, 'the switch', (s) => !s.quantum.eavesdropper.on)
    await stage.all(rooms, 'two links with keys', isStarOf('completed'))
    await Promise.all(
      rooms.map((room) => stage.once(room, 'fresh keys', (s) => countOf(s, 'keys-refreshed') > refreshed.get(room)!)),
    )
    await stage.all(rooms, 'the label of its keys', (s) => s.quantum.label === quantum)
    const links = linksThat(ana.room.snapshot, 'completed')
    return `${links.map((link) => `${linkName(link)}: QBER ${percent(link.qber)}`).join('; ')}; keys are "${quantum}" again`
  })
}

/** Whether no own link holds more key than before: pads are only used up while somebody listens. */
function gotNoKey(before: readonly LinkView[], room: RoomClient): boolean {
  const own = ({ ends }: LinkView) => ends.some(({ self }) => self)
  const idOf = ({ ends }: LinkView) =>
    ends
      .map(({ device }) => device)
      .sort()
      .join(' ')
  const held = new Map(before.filter(own).map((link) => [idOf(link), link.keyBits]))
  return linksThat(room.snapshot, 'aborted')
    .filter(own)
    .every((link) => link.keyBits <= (held.get(idOf(link)) ?? 0))
}

interface Four extends Three {
  dan: Actor
}

async function joinLate(stage: Stage, world: DemoWorld, three: Three): Promise<Four> {
  let four!: Four
  await stage.step('Dan joins and reads nothing of what was said before', shortMs, async () => {
    const dan = await world.join(names.dan, three.link)
    four = { ...three, dan, rooms: [...three.rooms, dan.room] }
    await stage.all(four.rooms, 'four people by name', hasPeople(names.ana, names.ben, names.cleo, names.dan))
    await three.ana.room.send(said.toDan)
    await stage.all(four.rooms, 'the greeting', hasTexts(said.toDan))
    const heard = textsOf(dan.room.snapshot)
    check(heard.length === 1, `Dan reads ${heard.length} messages instead of one`)
    check(countOf(dan.room.snapshot, 'unreadable') === 0, 'Dan is shown things that he cannot open')
    return 'of 5 messages he has the one that was said since'
  })
  return four
}

async function leave(stage: Stage, world: DemoWorld, { ana, ben, cleo, dan, link }: Four): Promise<void> {
  const stay = [ana.room, cleo.room, dan.room]
  // What somebody would have who copied Ben's device a moment before he left.
  let stolen!: ReturnType<Actor['storage']['clone']>
  await stage.step('Ben leaves and the keys change', shortMs, async () => {
    stolen = ben.storage.clone()
    const epochs = new Map(stay.map((room) => [room, room.snapshot.epoch]))
    await ben.room.leave()
    await stage.once(ben.room, 'its end', (s) => s.phase.at === 'left')
    await stage.all(stay, 'three people', hasPeople(names.ana, names.cleo, names.dan))
    await Promise.all(stay.map((room) => stage.once(room, 'new keys', (s) => s.epoch > epochs.get(room)!)))
    await stage.once(ana.room, 'a new invite link', ({ invitePath }) => invitePath !== undefined && invitePath !== link)
    await ana.room.send(said.afterBen)
    await stage.all(stay, 'the message after it', hasTexts(said.afterBen))
    check(!hasTexts(said.afterBen)(ben.room.snapshot), 'Ben still reads')
    check((await ben.storage.list('')).length === 0, "Ben's device has kept something of the room")
    return 'his device is empty; the three others have a new epoch and a new invite link'
  })
  await stage.step('Neither his old keys nor the old link open the room', shortMs, async () => {
    const thief = await world.comeBack(stolen, ana.room.snapshot.address)
    const late = await world.join('Late Latimer', link)
    const [first, second] = await stage.all([thief, late.room], 'the refusal', (s) => s.phase.at === 'refused')
    check(!hasTexts(said.afterBen)(first!), 'a copy of his device reads what follows')
    check(textsOf(second!).length === 0, 'a stranger with the old link reads')
    check(
      stay.every((room) => room.snapshot.people.length === 3),
      'somebody came in',
    )
    return 'the relay refused a copy of his device and a stranger with the old link'
  })
}

async function searchRelay(stage: Stage, world: DemoWorld, { ana, link }: Four): Promise<void> {
  const { address, invitePath } = ana.room.snapshot
  await stage.step('The relay has written none of it down', shortMs, async () => {
    const secretOf = (path: string | undefined) => path?.split('#v1.')[1] ?? ''
    const words = {
      ...Object.fromEntries(Object.entries(names).map(([who, name]) => [`the name of ${who}`, name])),
      ...Object.fromEntries(Object.entries(said).map(([what, text]) => [`the text "${what}"`, text])),
      'the secret of the old link': secretOf(link),
      'the secret of the new link': secretOf(invitePath),
    }
    check(
      Object.values(words).every((word) => word.length >= 8),
      'there is nothing to search for',
    )
    // While it runs there is a write-ahead log too; when it has closed, everything is in one file.
    const running = searchFolder(world.folder, words)
    await world.close()
    const closed = searchFolder(world.folder, words)
    const found = [...running.found, ...closed.found]
    check(found.length === 0, found.map(({ what, file }) => `${what} stands in ${file}`).join(', '))
    const control = searchFolder(world.folder, { 'the room': address })
    check(control.found.length > 0, 'the search finds not even the id of the room')
    const reports = Buffer.from(JSON.stringify(world.reports))
    check(!Object.values(words).some((word) => isIn(reports, word)), 'the relay has reported something of it')
    const bytes = running.bytes + closed.bytes
    return `${Object.keys(words).length} texts, names and secrets sought in ${bytes} bytes on disk: none found`
  })
  await stage.step('The room log tells what the relay knows', shortMs, async () => {
    const summary = await withRoomLog(world.databasePath, (reader) => summarise(reader, address))
    const tags = new Set(summary.tags.map(({ tag }) => tag))
    for (const tag of expectedTags) check(tags.has(tag), `the log has no line ${tag}`)
    check(summary.members.ever === 4 && summary.members.now === 3, 'the log counts other members')
    check(summary.bb84.accepted >= 4 && summary.bb84.rejected >= 2, 'the log counts other BB84 sessions')
    return summaryLine(summary)
  })
}

function summaryLine({ lines, members, messages, relayedBytes, bb84 }: LogSummary): string {
  return [
    `${lines} lines`,
    `${members.ever} members, ${members.now} at the end`,
    `${messages.count} sealed frames to the room`,
    `${relayedBytes} bytes relayed in all`,
    `BB84 ${bb84.accepted} accepted and ${bb84.rejected} rejected`,
  ].join(', ')
}
