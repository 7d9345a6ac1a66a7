/** The states that the screens can be in, each with a name to call it by in the address: `?scene=busy`. */
import type {
  LinkView,
  Look,
  PersonView,
  RoomSnapshot,
  SuccessorView,
  SystemEvent,
  TimelineItem,
} from '../src/client-gate.ts'
import type { VaultState } from '../src/keeper.ts'
import type { LinkFailure } from '../src/words/linked.ts'
import {
  agreement,
  ana,
  ben,
  cleo,
  closedAddress,
  earlier,
  finishedLink,
  invite,
  knock,
  logLine,
  message,
  openAddress,
  ownDevice,
  person,
  quantum,
  quoted,
  snapshot,
  system,
  trust,
} from './fixtures.ts'

export interface Scene {
  snapshot(nowMs: number): RoomSnapshot
  look?: Look
  enterFails?: string
  linkFails?: LinkFailure
  /** Why somebody cannot be invited to a closed room. */
  closeFails?: string
  /** What opens the storage of this browser. */
  vault?: VaultState
  keepsNothing?: boolean
}

const minute = 60_000
const hour = 60 * minute
const three = [ana, ben, cleo]
const stranger: Look = { known: false, needsLink: false }

const lines = [
  logLine(1, '[ROOM_CREATED] room=q7VnB3hZkP2mXw9RtLsYdA leader=8Jk2mQpXvT0aLwZcN5sRyg'),
  logLine(2, '[USER_JOIN] room=q7VnB3hZkP2mXw9RtLsYdA user=8Jk2mQpXvT0aLwZcN5sRyg'),
  logLine(3, '[USER_JOIN] room=q7VnB3hZkP2mXw9RtLsYdA user=Xc4pVb9LkD1sFqGhT7eWuA'),
  logLine(4, '[BB84_INIT] pair=Tm3 from=8Jk2mQpXvT0aLwZcN5sRyg to=Xc4pVb9LkD1sFqGhT7eWuA pulses=1000000 claimed=true'),
  logLine(5, '[BB84_SIFTING_COMPLETE] pair=Tm3 sifted=45530 claimed=true'),
  logLine(6, '[BB84_SESSION_DERIVED] pair=Tm3 qber=0.0187 accepted=true bits=21504 claimed=true'),
  logLine(7, '[ROOMKEY_RELAYED] from=8Jk2mQpXvT0aLwZcN5sRyg to=Xc4pVb9LkD1sFqGhT7eWuA bytes=412'),
  logLine(8, '[MSG_RELAYED] from=8Jk2mQpXvT0aLwZcN5sRyg seq=12 bytes=731'),
]

function talk(nowMs: number): TimelineItem[] {
  const at = (minutesAgo: number): number => nowMs - minutesAgo * minute
  return [
    system('s1', { type: 'created', by: ana }, at(1_500)),
    system('s2', { type: 'joined', people: [ben], by: ana }, at(1_498)),
    message('m1', ben, 'Hi! The link worked at once.', { atMs: at(1_497) }),
    message('m2', ana, 'Good. Wait a moment, the key exchange is still running.', { atMs: at(1_496) }),
    system('s3', { type: 'keys-refreshed', label: 'quantum (simulated)', by: ana }, at(1_495)),
    system('s4', { type: 'joined', people: [cleo], by: ben }, at(34)),
    system('s5', { type: 'keys-refreshed', label: 'quantum (simulated)', by: ana }, at(33)),
    message('m3', cleo, 'Morning, both of you.', { atMs: at(31) }),
    message(
      'm4',
      cleo,
      'I read through the notes from the lab. The detector’s dark count is lower than the data sheet says, which I did not expect at that temperature.',
      { atMs: at(30.5) },
    ),
    message('m5', cleo, 'Do we measure again on Thursday?', { atMs: at(30) }),
    message(
      'm6',
      ben,
      'Thursday is fine with me.\nI can bring the second attenuator:\n  · 20 dB fixed\n  · 0–60 dB variable',
      { atMs: at(24) },
    ),
    message('m7', ana, 'Perfect, then let us start at ten.', { atMs: at(22) }),
    message('m8', ana, 'I will book the room.', { atMs: at(22) }),
    system('s6', { type: 'eavesdropper-switched', on: true, by: cleo }, at(12)),
    system('s7', { type: 'eavesdropper-detected', link: [ana, cleo], qber: 0.2493 }, at(11)),
    system('s8', { type: 'eavesdropper-switched', on: false, by: cleo }, at(9)),
    message('m9', cleo, 'See? It noticed at once 🙂', { atMs: at(8) }),
    message('m10', ben, 'שלום לכולם, גם בעברית זה נראה טוב', { atMs: at(6) }),
    message(
      'm11',
      ana,
      'Here is the paper: https://example.org/articles/2026/a-very-long-address-that-does-not-break-anywhere-by-itself-because-it-has-no-spaces',
      { atMs: at(3) },
    ),
    message('m12', ana, 'See you on Thursday.', { atMs: at(1) }),
  ]
}

function links(): LinkView[] {
  return [
    finishedLink(ana, ben),
    finishedLink(ana, cleo, { qber: 0.0241, qberInterval: [0.0179, 0.0322], keyBits: 8_704 }),
    finishedLink(ben, cleo, { state: 'none', stages: [], keyBits: 0 }),
  ].map((link, i) => {
    if (i < 2) return link
    const { qber: _, qberInterval: __, ...untried } = link
    return untried
  })
}

function busy(nowMs: number): RoomSnapshot {
  return snapshot({
    people: three,
    epoch: 14,
    trust: trust({ roomCode: { epoch: 14, digits: '48213 00917 66382 15540 92006 31778 04465 87123' } }),
    timeline: talk(nowMs),
    roomLog: lines,
    quantum: quantum({
      label: 'quantum (simulated)',
      linksCovered: 2,
      linksInAll: 2,
      links: links(),
      outcome: 'completed',
      eavesdropper: { on: false, by: cleo },
    }),
  })
}

function huge(nowMs: number): RoomSnapshot {
  const wanted =
    typeof location === 'undefined' ? 300 : Number(new URLSearchParams(location.search).get('messages') ?? 300)
  const items = Array.from({ length: wanted }, (_, i) => {
    const author = three[Math.floor(i / 3) % 3]!
    const marks = i % 17 === 0 ? ' **Marked** and `code`, with https://example.org/a' : ''
    return message(`h${i}`, author, `Message number ${i + 1}. ${'A few more words. '.repeat(i % 9)}${marks}`, {
      atMs: nowMs - (wanted - i) * minute,
      ...(i % 13 === 0 ? { reactions: [{ sign: '👍', people: [ben], own: false }] } : {}),
    })
  })
  return snapshot({ people: three, timeline: items, epoch: 9 })
}

/** Messages that were quoted, changed and reacted to. */
function talked(nowMs: number): RoomSnapshot {
  const at = (minutesAgo: number): number => nowMs - minutesAgo * minute
  const asked = message('a1', cleo, 'Do we measure again on Thursday? The second attenuator is back from repair.', {
    atMs: at(30),
    reactions: [
      { sign: '👍', people: [ana, ben], own: true },
      { sign: '🎉', people: [ben], own: false },
    ],
  })
  return {
    ...busy(nowMs),
    timeline: [
      asked,
      message('a2', ben, '@Quiet Otter can you book the room?', {
        ...{ atMs: at(28), mentions: [ana], mentionsYou: true },
        reply: { key: 'a1', message: asked },
      }),
      message('a3', ana, 'Booked from ten to twelve.', {
        ...{ atMs: at(27), editedMs: at(26), reply: { key: 'a1', message: asked } },
        reactions: [{ sign: '❤️', people: [cleo], own: false }],
      }),
      message('a4', ben, '', { atMs: at(20), deleted: true }),
      message('a5', ana, 'The change of this one did not get out.', {
        ...{ atMs: at(18), editedMs: at(17), change: 'not-sent', problem: 'rate-limited' },
      }),
      message(
        'a8',
        ben,
        '**Thursday**, in this order:\n1. cool the *detector*\n2. `qsec qkd simulate`\n\n> ten o’clock\n\n```sh\nqsec qkd simulate --pulses 1e6 --distance 25 --eve 0.0 --seed 7 --json | jq .secretBits\n```\nMore: [the notes](https://example.org/notes) or https://example.org/a_b_c',
        { atMs: at(5) },
      ),
      message('a6', cleo, 'And this answers something that I cannot see any more.', {
        ...{ atMs: at(4), reply: { key: 'gone' } },
      }),
      message('a7', ana, 'See you on Thursday, @Ben and @Cleo Marchetti.', { atMs: at(1), mentions: [ben, cleo] }),
    ],
  }
}

/** A room of several roles and links, in which somebody asks to come in and somebody has been silent for long. */
function led(nowMs: number): RoomSnapshot {
  return {
    ...busy(nowMs),
    people: [
      ana,
      { ...ben, role: 'admin' },
      cleo,
      person('Dan', { present: false, silentDays: 9, mayPutOut: true }),
      person(longName, { present: false, silentDays: 31, mayPutOut: true }),
    ],
    waiting: 3,
    agreement: agreement({
      capacity: 12,
      invites: [
        invite(''),
        invite('one', { usesLeft: 1, expiresMs: nowMs + 23 * hour }),
        invite('ask', { mode: 'approve', expiresMs: nowMs + 40 * minute }),
      ],
      knocks: [knock('ABCD-EFGH-JKMN'), knock('4PQR-STVW-XYZ0', { byLink: true }), knock('7MNP-QRST-VWXY')],
    }),
  }
}

const longName = 'Maximiliane Aurelia von Hohenstaufen-Wittelsbach zu Überlingen am'

const keysOf = (overrides: Partial<PersonView['standing']>): PersonView['standing'] => ({
  trust: 'new',
  lookalike: false,
  ...overrides,
})
const verifiedBen: PersonView = {
  ...ben,
  standing: keysOf({
    trust: 'verified',
    verification: { atMs: Date.UTC(2026, 10, 2), how: 'scan', keys: '', name: 'Ben' },
  }),
}

/** One of each standing, and somebody who has a verified name. */
function trusted(nowMs: number): RoomSnapshot {
  const room = busy(nowMs)
  const lookalike = true
  const real = { ...verifiedBen, standing: { ...verifiedBen.standing, lookalike } }
  const fake = person('Веn', { standing: keysOf({ trust: 'changed', wasVerified: true, lookalike }), hue: 300 })
  const back = person('Dan', { standing: keysOf({ trust: 'changed', wasVerified: false }) })
  const seen = { ...cleo, standing: keysOf({ trust: 'seen', sinceMs: Date.UTC(2026, 4, 3) }) }
  const byDevice = new Map([real, seen].map((one) => [one.device, one]))
  return {
    ...room,
    people: [ana, real, seen, fake, back, person('Eve')],
    timeline: [
      ...room.timeline.map((item) =>
        item.kind === 'message' ? { ...item, author: byDevice.get(item.author.device) ?? item.author } : item,
      ),
      system('t1', { type: 'keys-changed', person: fake, wasVerified: true }, nowMs),
      message('t2', fake, 'It is me, Ben. I have a new phone.', { atMs: nowMs }),
    ],
    trust: { ...room.trust, blockedBy: [fake] },
  }
}

/** An open room, led by who looks at it, with one of each standing. */
function openRoom(nowMs: number): RoomSnapshot {
  return {
    ...busy(nowMs),
    address: openAddress,
    kind: 'open',
    invitePath: `/room/${openAddress}`,
    people: [ana, verifiedBen, cleo, person('Dan', { present: false }), person(longName, { present: false })],
    agreement: agreement({ invites: [] }),
  }
}

function invitedBy(nowMs: number): Pick<RoomSnapshot, 'timeline'> & { successor: SuccessorView } {
  return {
    timeline: [...talk(nowMs), system('go', { type: 'successor', by: verifiedBen }, nowMs)],
    successor: { by: verifiedBen, path: `/room/${closedAddress}`, invited: [] },
  }
}

/** A calm room with somebody verified in it. */
function calm(nowMs: number): RoomSnapshot {
  return { ...busy(nowMs), people: [ana, verifiedBen, cleo] }
}

/** The same person on other devices. */
const anasPhone = person('Quiet Otter', {
  device: 'anas phone' as PersonView['device'],
  role: 'owner',
  person: ana.person,
  standing: keysOf({ trust: 'self' }),
})
const bensPhone: PersonView = { ...ben, device: 'bens phone' as PersonView['device'], present: false }

/** Two people with five devices, one of which the first one may not know. */
function devices(nowMs: number): RoomSnapshot {
  const room = busy(nowMs)
  return {
    ...room,
    people: [ana, anasPhone, ben, bensPhone, cleo],
    devices: [
      ...room.devices,
      ownDevice('4PQR-STVW-XYZ0'),
      ownDevice('7MNP-QRST-VWXY', { present: false, addedMs: Date.UTC(2026, 9, 2, 18, 40) }),
    ],
    timeline: [
      ...room.timeline,
      system('d1', { type: 'device-added', person: anasPhone, by: ana }, nowMs),
      message('d2', anasPhone, 'And this from the train.', { atMs: nowMs }),
      system('d3', { type: 'device-added', person: bensPhone, by: ben }, nowMs),
    ],
    agreement: agreement({ capacity: 12, knocks: [knock('ABCD-EFGH-JKMN', { own: true })] }),
  }
}

export function everyEvent(): SystemEvent[] {
  return [
    { type: 'created', by: ben },
    { type: 'you-joined', earlierUnreadable: true },
    { type: 'joined', people: [cleo, person('Dan'), person('Eve'), person('Fay'), person('Gus')], by: ana },
    { type: 'left', person: person('Dan') },
    { type: 'removed', people: [person('Eve')], by: ben },
    { type: 'rejoined', people: [ben] },
    { type: 'keys-refreshed', label: 'quantum (hardware)', by: ben },
    { type: 'keys-refreshed', label: 'post-quantum', by: ben },
    { type: 'eavesdropper-switched', on: true, by: ben },
    { type: 'eavesdropper-detected', link: [ben, cleo], qber: 0.251 },
    { type: 'gap', fromSeq: 120, toSeq: 133 },
    { type: 'unreadable', from: ben, reason: 'undecryptable' },
    { type: 'split-view', with: cleo },
    { type: 'relay-restarting' },
    { type: 'relay-restarted' },
    { type: 'relay-restored' },
    { type: 'caught-up', from: [ben, cleo] },
    { type: 'let-in', people: [person('Hal')], by: ben },
    { type: 'room-locked', on: true, by: ana },
    { type: 'admit-by-set', admitBy: 'admins', by: ana },
    { type: 'capacity-set', capacity: 12, by: ben },
    { type: 'quantum-policy-set', quantum: 'required', by: ana },
    { type: 'keep-sealed-set', days: 14, by: ben },
    { type: 'admin-set', person: cleo, on: true, by: ana },
    { type: 'owner-set', person: ben, by: ana },
    { type: 'room-ended', by: ben },
    { type: 'successor', by: ben },
    { type: 'log-deleted', by: ben, lines: 231 },
    { type: 'earlier-given', by: ben, to: cleo, count: 50 },
    { type: 'keys-changed', person: ben, wasVerified: true },
    { type: 'keys-changed', person: ben, wasVerified: false },
    { type: 'compared', person: ben, matched: true, how: 'pictures' },
    { type: 'compared', person: ben, matched: false, how: 'number' },
    { type: 'device-added', person: ben, by: ben },
    { type: 'device-removed', person: anasPhone, by: ana },
  ]
}

const atPhase = (phase: RoomSnapshot['phase'], more: Partial<RoomSnapshot> = {}): Scene => ({
  snapshot: () => snapshot({ phase, timeline: [], ...more }),
})

/** The server was not reached since the page was opened. */
function openedOffline(nowMs: number): RoomSnapshot {
  const { agreement: _, ...room } = busy(nowMs)
  return {
    ...room,
    phase: { at: 'connecting', inside: true },
    connection: 'offline',
    people: [ana, { ...ben, present: false }, { ...cleo, present: false }],
    timeline: [...room.timeline, message('o1', ana, 'Written on the train.', { atMs: nowMs, state: 'sending' })],
  }
}

/** This person came in after the others. */
function newcomer(nowMs: number, about: Partial<RoomSnapshot['earlier']>): RoomSnapshot {
  return snapshot({
    self: { ...ana, role: 'member' },
    people: [{ ...ana, role: 'member' }, ben, cleo],
    timeline: [
      system('n1', { type: 'you-joined', earlierUnreadable: true }, nowMs - 20 * minute),
      message('n2', ben, 'Welcome! We talked about the detector this morning.', { atMs: nowMs - 18 * minute }),
      system('n3', { type: 'earlier-given', by: ben, to: ana, count: 4 }, nowMs - 16 * minute),
      message('n4', ana, 'Thank you, I read it.', { atMs: nowMs - 10 * minute }),
    ].filter(({ key }) => key !== 'n3' || about.blocks !== undefined),
    earlier: earlier(about),
  })
}

function shared(nowMs: number): RoomSnapshot['earlier']['blocks'] {
  const other = person('Ben', { person: 'c0de'.repeat(6).slice(0, 22) })
  const gone = person('Eva Lindqvist-Østergaard')
  const at = (hours: number) => ({ atMs: nowMs - hours * hour })
  const messages = [
    quoted('a', gone, 'The detector’s dark count is lower than the data sheet says.', at(30)),
    quoted('b', ben, 'Then we measure again on Thursday.\nI bring the second one.', { ...at(29.5), alsoBy: [cleo] }),
    quoted('c', other, 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk'.repeat(2), at(4)),
    quoted('d', gone, 'שלום, the pump is back', { atMs: nowMs + 400 * hour, doubtfulTime: true }),
  ]
  const block = { total: 4, taken: 4, sharedBefore: 0, atMs: nowMs - 16 * minute }
  return [
    { ...block, key: 'q0', sharedBy: ben, state: 'complete', messages },
    {
      ...block,
      key: 'q1',
      sharedBy: cleo,
      state: 'coming',
      total: 50,
      taken: 18,
      sharedBefore: 1,
      messages: [quoted('e', ben, 'Before all that: hello.', at(40))],
    },
  ]
}

export const scenes = {
  busy: { snapshot: busy },
  trusted: { snapshot: trusted },
  calm: { snapshot: calm },
  held: {
    snapshot: (nowMs) => {
      const room = calm(nowMs)
      const waits = message('h1', ana, 'Written under the rule.', { atMs: nowMs, state: 'held' })
      const hold = { for: 'away' as const, people: [{ ...ben, present: false }] }
      const held = { ...room.quantum, label: 'post-quantum' as const, hold }
      return { ...room, timeline: [...room.timeline, waits], quantum: held }
    },
  },
  private: {
    snapshot: (nowMs) => {
      const room = calm(nowMs)
      const at = (minutesAgo: number): number => nowMs - minutesAgo * minute
      const dan = person('Dan')
      const asks = message('p1', ben, 'Between us: is the second attenuator really mine?', {
        ...{ atMs: at(5), privately: ben, editedMs: at(4), reactions: [{ sign: '👍', people: [ana], own: true }] },
      })
      const own = { author: ana, own: true, deliveredTo: 0, meantFor: 0 }
      const said = [
        asks,
        message('p2', ana, 'It is. Do not tell Cleo.', {
          ...{ ...own, atMs: at(4), privately: ben, reply: { key: 'p1', message: asks } },
        }),
        message('p5', ben, '', {
          ...{ atMs: at(3), privately: ben },
          files: [{ id: 'f1', name: 'attenuator.pdf', size: 48_000, kind: 'other' }],
        }),
        message('p6', ana, 'Never mind what I wrote.', {
          ...{ ...own, atMs: at(3), privately: dan, change: 'not-sent', problem: 'person-gone' },
        }),
        message('p3', ana, 'Are you coming, too?', {
          ...{ ...own, atMs: at(2), privately: dan, state: 'not-sent', problem: 'person-gone' },
        }),
        message('p4', cleo, 'And this is for all of you.', { atMs: at(1) }),
      ]
      return { ...room, timeline: [...room.timeline, ...said] }
    },
  },
  vanishing: {
    snapshot: (nowMs) => {
      const room = calm(nowMs)
      const at = (minutesAgo: number): number => nowMs - minutesAgo * minute
      const set = { type: 'lifetime-set', seconds: 3_600, by: ben } as const
      const said = [
        system('v0', set, at(9)),
        message('v1', ben, 'The door code is 4711.', {
          atMs: at(8),
          lifetime: { seconds: 3_600, goesMs: nowMs + 52 * minute },
        }),
        message('v2', ana, 'Got it.', {
          ...{ atMs: at(7), lifetime: { seconds: 300, goesMs: nowMs + 42_500 }, reply: { key: 'gone', gone: true } },
        }),
        system('v3', { type: 'gone-unseen', from: cleo }, at(6)),
        message('v4', cleo, 'Only for a moment.', { atMs: at(1), privately: cleo, lifetime: { seconds: 30 } }),
      ]
      const agreed = room.agreement && { agreement: { ...room.agreement, lifetimeS: 3_600 } }
      return { ...room, ...agreed, timeline: [...room.timeline, ...said] }
    },
  },
  asked: {
    snapshot: (nowMs) => {
      const room = calm(nowMs)
      const comparison = { with: verifiedBen, epoch: 14, role: 'asked', state: { at: 'asked' } } as const
      return { ...room, trust: { ...room.trust, comparison } }
    },
  },
  empty: { snapshot: (nowMs) => snapshot({ timeline: [system('s1', { type: 'created', by: ana }, nowMs)] }) },
  'empty-open': {
    snapshot: (nowMs) =>
      snapshot({
        address: openAddress,
        kind: 'open',
        invitePath: `/room/${openAddress}`,
        timeline: [system('s1', { type: 'created', by: ana }, nowMs)],
      }),
  },
  eavesdropper: {
    snapshot: (nowMs) => {
      const room = busy(nowMs)
      const caught = finishedLink(ana, cleo, {
        state: 'aborted',
        qber: 0.2493,
        qberInterval: [0.2361, 0.2629],
        reason: 'qber-above-threshold',
        stages: finishedLink(ana, cleo).stages.slice(0, 4),
        keyBits: 0,
      })
      return {
        ...room,
        quantum: {
          ...room.quantum,
          label: 'post-quantum',
          linksCovered: 1,
          outcome: 'eavesdropper',
          eavesdropper: { on: true, by: cleo },
          links: [links()[0]!, caught],
        },
      }
    },
  },
  running: {
    snapshot: (nowMs) => {
      const room = busy(nowMs)
      const under = finishedLink(ana, ben, {
        state: 'running',
        stage: 'error correction',
        progress: 0.64,
        stages: [],
        keyBits: 0,
      })
      const { qber: _, qberInterval: __, ...link } = under
      return {
        ...room,
        quantum: quantum({
          running: true,
          links: [link, { ...link, ends: [ana, cleo], state: 'waiting' }],
          linksInAll: 2,
        }),
      }
    },
  },
  // What is done to messages: quoted, reacted to, edited, deleted, mentioned.
  talk: { snapshot: talked },
  // For bench/web/scroll: as many as the address says.
  huge: { snapshot: huge },
  many: {
    snapshot: (nowMs) => {
      const items = Array.from({ length: 240 }, (_, i) => {
        const author = three[Math.floor(i / 3) % 3]!
        return message(`m${i}`, author, `Message number ${i + 1}. ${'A few more words. '.repeat(i % 5)}`, {
          atMs: nowMs - (240 - i) * 9 * minute,
        })
      })
      return snapshot({ people: three, timeline: items, epoch: 9 })
    },
  },
  long: {
    snapshot: (nowMs) => {
      const alike = { standing: keysOf({ lookalike: true }) }
      const twin = person(longName, { device: 'twin' as PersonView['device'], shortId: 'c0de', hue: 20, ...alike })
      const one = person(longName, {
        device: 'one' as PersonView['device'],
        shortId: 'beef',
        hue: 280,
        present: false,
        ...alike,
      })
      const self = { ...ana, name: longName }
      const people = [
        self,
        twin,
        one,
        person('A'),
        person('', { shortId: '91ab' }),
        person('陳大文'),
        person('👩‍🚀 Mission'),
      ]
      return snapshot({
        address: 'a-word_of_twenty_len' as RoomSnapshot['address'],
        kind: 'open',
        invitePath: '/room/a-word_of_twenty_len',
        people,
        self,
        waiting: 2,
        expected: 12,
        timeline: [
          message('m1', twin, 'Both of us have this name.', { atMs: nowMs - hour }),
          message(
            'm2',
            one,
            'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
            { atMs: nowMs - hour },
          ),
          message('m3', self, 'word '.repeat(200), {
            atMs: nowMs - minute,
            state: 'sent',
            deliveredTo: 3,
            meantFor: 6,
          }),
          message('m4', self, 'On its way', { atMs: nowMs, state: 'sending', meantFor: 6 }),
        ],
        quantum: quantum({
          links: [finishedLink(self, twin), finishedLink(twin, one)],
          linksInAll: 6,
          linksCovered: 1,
        }),
      })
    },
  },
  events: {
    snapshot: (nowMs) =>
      snapshot({
        people: three,
        timeline: everyEvent().map((event, i) => system(`e${i}`, event, nowMs - (27 - i) * minute)),
      }),
  },
  offline: {
    snapshot: (nowMs) => {
      const room = busy(nowMs)
      return {
        ...room,
        connection: 'offline',
        people: [ana, { ...ben, present: false }, { ...cleo, present: false }],
        timeline: [
          ...room.timeline,
          message('o1', ana, 'Written on the train.', { atMs: nowMs, state: 'sending' }),
          message('o2', ana, 'This one was too much.', {
            atMs: nowMs,
            state: 'not-sent',
            problem: 'The message is too long for the server. Send it in parts.',
          }),
        ],
      }
    },
  },
  reconnecting: { snapshot: (nowMs) => ({ ...busy(nowMs), connection: 'reconnecting' }) },
  connecting: atPhase({ at: 'connecting' }, { connection: 'reconnecting' }),
  'opened-offline': { snapshot: (nowMs) => openedOffline(nowMs) },
  waiting: atPhase({ at: 'waiting', anyoneHere: true }),
  'waiting-alone': atPhase({ at: 'waiting', anyoneHere: false }),
  'catching-up': { snapshot: (nowMs) => ({ ...busy(nowMs), catchUp: { waiting: true, certain: true } }) },
  rejoining: { snapshot: (nowMs) => ({ ...busy(nowMs), phase: { at: 'rejoining', anyoneHere: false } }) },
  full: atPhase({ at: 'refused', code: 'room-full', message: 'This room was made for 3 people.' }),
  'no-access': atPhase({ at: 'refused', code: 'no-access', message: '' }),
  'no-access-unsent': {
    snapshot: (nowMs) => ({ ...openedOffline(nowMs), phase: { at: 'refused', code: 'no-access', message: '' } }),
  },
  'needs-token': atPhase({ at: 'refused', code: 'needs-token', message: 'That is not the token of this server.' }),
  storage: atPhase({ at: 'refused', code: 'storage', message: 'The disk is full.' }),
  devices: { snapshot: devices },
  'link-taken': {
    snapshot: (nowMs) => ({ ...devices(nowMs), deviceLink: { state: 'taken', expiresMs: nowMs + 5 * minute } }),
  },
  'link-door': { snapshot: devices, linkFails: 'link-over' },
  'link-waiting': atPhase({ at: 'waiting', anyoneHere: true, linked: true }),
  'link-waiting-alone': atPhase({ at: 'waiting', anyoneHere: false, linked: true }),
  'removed-device': atPhase({ at: 'removed', byOwn: true }),
  left: atPhase({ at: 'left' }),
  removed: {
    snapshot: (nowMs) => {
      const { agreement: _, invitePath: __, ...room } = busy(nowMs)
      const end = system('end', { type: 'removed', people: [ana], by: ben }, nowMs)
      return { ...room, phase: { at: 'removed' }, people: [ana], timeline: [...room.timeline, end] }
    },
  },
  knocking: atPhase({ at: 'knocking', code: 'ABCD-EFGH-JKMN' }),
  ended: {
    snapshot: (nowMs) => {
      const { agreement: _, invitePath: __, ...room } = busy(nowMs)
      return {
        ...room,
        phase: { at: 'ended' },
        people: [ana],
        timeline: [...room.timeline, system('end', { type: 'room-ended', by: ben }, nowMs)],
      }
    },
  },
  newcomer: { snapshot: (nowMs) => newcomer(nowMs, { cameLater: true }) },
  'newcomer-asks': { snapshot: (nowMs) => newcomer(nowMs, { cameLater: true, ask: { count: 50, over: false } }) },
  'newcomer-offered': { snapshot: (nowMs) => newcomer(nowMs, { cameLater: true, offers: [{ from: ben, count: 50 }] }) },
  'newcomer-given': { snapshot: (nowMs) => newcomer(nowMs, { cameLater: true, blocks: shared(nowMs) }) },
  'asked-for-earlier': {
    snapshot: (nowMs) => ({
      ...busy(nowMs),
      earlier: earlier({
        asks: [{ from: cleo, count: 200, have: 12 }],
        giving: [{ to: ben, state: 'giving', count: 200, taken: 96 }],
      }),
    }),
  },
  led: { snapshot: led },
  following: {
    snapshot: (nowMs) => ({
      ...led(nowMs),
      self: { ...ana, role: 'member' },
      people: [
        { ...ana, role: 'member' },
        { ...ben, role: 'owner', mayPutOut: false },
        { ...cleo, mayPutOut: false },
      ],
      agreement: agreement({
        role: 'member',
        admitBy: 'admins',
        locked: true,
        capacity: 12,
        owner: ben,
        may: { admit: false, change: false, lead: false },
      }),
    }),
  },
  open: { snapshot: openRoom },
  'open-fails': {
    snapshot: openRoom,
    closeFails: 'No private line to that person could be opened just now. Try again.',
  },
  invited: { snapshot: (nowMs) => ({ ...openRoom(nowMs), ...invitedBy(nowMs) }) },
  'invited-ended': {
    snapshot: (nowMs) => {
      const { agreement: _, invitePath: __, ...room } = openRoom(nowMs)
      const told = invitedBy(nowMs)
      const end = system('end', { type: 'room-ended', by: verifiedBen }, nowMs)
      return { ...room, ...told, timeline: [...told.timeline, end], phase: { at: 'ended' }, people: [ana] }
    },
  },
  door: { snapshot: busy, look: stranger },
  'needs-link': { snapshot: busy, look: { known: false, needsLink: true } },
  replaced: atPhase({
    at: 'refused',
    code: 'replaced',
    message: 'The same device has come into the room from another place.',
  }),
  locked: { snapshot: busy, vault: 'locked' },
  unlocked: { snapshot: busy, vault: 'unlocked' },
  returned: { snapshot: busy, vault: 'open' },
  unused: { snapshot: busy, keepsNothing: true },
  failed: { snapshot: busy, enterFails: 'The server at this address does not answer.' },
} satisfies Record<string, Scene>

export type SceneName = keyof typeof scenes

export function sceneOf(query: string): SceneName {
  const name = new URLSearchParams(query).get('scene') ?? 'busy'
  if (!(name in scenes)) throw new Error(`no scene ${name}; there are ${Object.keys(scenes).join(', ')}`)
  return name as SceneName
}
