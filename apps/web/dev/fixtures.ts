/** Made-up people, messages and links, for tests and for looking at the screens. */
import type {
  AgreementView,
  EarlierView,
  InviteView,
  KnockView,
  LinkView,
  MessageView,
  OwnDeviceView,
  PersonView,
  QuantumView,
  QuotedView,
  RoomAddress,
  RoomLogLine,
  RoomSnapshot,
  SystemEvent,
  SystemView,
  TrustView,
} from '../src/client-gate.ts'

export const closedAddress = 'q7VnB3hZkP2mXw9RtLsYdA' as RoomAddress
export const openAddress = 'garden' as RoomAddress
export const secret = 'u4mJ0sWcXb1qTnE7yLgRv9kZpA3dHfQiO5xVtM8eN2o'

export function person(name: string, overrides: Partial<PersonView> = {}): PersonView {
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7)
  return {
    device: `${seed.toString(16)}-${name}` as PersonView['device'],
    name,
    shortId: seed.toString(16).padStart(4, '0'),
    hue: (seed * 137) % 360,
    self: false,
    present: true,
    role: 'member',
    mayPutOut: false,
    person: `${seed.toString(16).padStart(6, '0')}aQ3xV9kLmP2sT7wZ`.padEnd(22, 'w'),
    standing: { trust: overrides.self ? 'self' : 'new', lookalike: false },
    ...overrides,
  }
}

export const ana: PersonView = person('Quiet Otter', { self: true, role: 'owner' })
export const ben: PersonView = person('Ben', { mayPutOut: true })
export const cleo: PersonView = person('Cleo Marchetti', { mayPutOut: true })

export function message(
  key: string,
  author: PersonView,
  text: string,
  overrides: Partial<MessageView> = {},
): MessageView {
  return {
    kind: 'message',
    key,
    author,
    text,
    atMs: Date.UTC(2026, 10, 23, 9, 30),
    state: author.self ? 'delivered' : 'received',
    deliveredTo: author.self ? 2 : 0,
    meantFor: author.self ? 2 : 0,
    own: author.self,
    ...overrides,
  }
}

export function system(key: string, event: SystemEvent, atMs: number = Date.UTC(2026, 10, 23, 9, 0)): SystemView {
  return { kind: 'system', key, atMs, event }
}

export function quantum(overrides: Partial<QuantumView> = {}): QuantumView {
  return {
    label: 'post-quantum',
    linksCovered: 0,
    linksInAll: 0,
    links: [],
    threshold: 0.11,
    eavesdropper: { on: false },
    running: false,
    ...overrides,
  }
}

export function trust(overrides: Partial<TrustView> = {}): TrustView {
  return {
    roomCode: { epoch: 1, digits: '48213 00917 66382 15540 92006 31778 04465 87123' },
    blockedBy: [],
    tellsProfile: false,
    ...overrides,
  }
}

export const sixPictures = [
  { sign: '🐼', name: 'Panda' },
  { sign: '🚲', name: 'Bicycle' },
  { sign: '🍓', name: 'Strawberry' },
  { sign: '⌛', name: 'Hourglass' },
  { sign: '🐼', name: 'Panda' },
  { sign: '☂️', name: 'Umbrella' },
]

export function finishedLink(a: PersonView, b: PersonView, overrides: Partial<LinkView> = {}): LinkView {
  return {
    ends: [a, b],
    state: 'completed',
    qber: 0.0187,
    qberInterval: [0.0131, 0.0259],
    stages: [
      { name: 'detected', bits: 1_000_000 },
      { name: 'sifted', bits: 45_530 },
      { name: 'sampled', bits: 40_977 },
      { name: 'reconciled', bits: 40_977 },
      { name: 'amplified', bits: 21_504 },
    ],
    place: { thread: 'worker', amplifier: 'wasm' },
    keyBits: 20_992,
    ...overrides,
  }
}

export function earlier(overrides: Partial<EarlierView> = {}): EarlierView {
  return { cameLater: false, asks: [], offers: [], giving: [], blocks: [], ...overrides }
}

export function quoted(key: string, author: PersonView, text: string, overrides: Partial<QuotedView> = {}): QuotedView {
  const { name, person: keys } = author
  return { key, name, person: keys, text, atMs: Date.UTC(2026, 10, 22, 9, 30), alsoBy: [], ...overrides }
}

export function snapshot(overrides: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    address: closedAddress,
    kind: 'closed',
    phase: { at: 'member' },
    connection: 'connected',
    self: ana,
    code: 'ABCD-EFGH-JKMN',
    people: [ana],
    waiting: 0,
    epoch: 1,
    timeline: [system('created', { type: 'created', by: ana })],
    earlierItems: 0,
    reading: {
      tellsTyping: false,
      tellsRead: false,
      notify: { about: 'none', content: false, sound: false },
      typing: [],
      readers: [],
    },
    quantum: quantum(),
    trust: trust(),
    roomLog: [],
    earlier: earlier(),
    files: { bytesAtMost: 104_857_600, states: new Map(), making: [] },
    invitePath: `/room/${closedAddress}#v1.${secret}`,
    devices: [ownDevice('ABCD-EFGH-JKMN', { self: true })],
    agreement: agreement(),
    ...overrides,
  }
}

export function ownDevice(code: string, overrides: Partial<OwnDeviceView> = {}): OwnDeviceView {
  const device = `device-${code}` as OwnDeviceView['device']
  return { device, code, self: false, present: true, addedMs: Date.UTC(2026, 10, 20, 8, 15), ...overrides }
}

const dayMs = 86_400_000

/** A live link; by default the first one of a room. */
export function invite(id: string, overrides: Partial<InviteView> = {}): InviteView {
  return {
    id: id as InviteView['id'],
    path: `/room/${closedAddress}#v1.${id}${secret.slice(id.length)}`,
    mode: 'link',
    expiresMs: Date.now() + 7 * dayMs,
    ...overrides,
  }
}

export function knock(code: string, overrides: Partial<KnockView> = {}): KnockView {
  return { device: `knock-${code}` as KnockView['device'], code, byLink: false, ...overrides }
}

/** As its owner sees it who has changed nothing yet. */
export function agreement(overrides: Partial<AgreementView> = {}): AgreementView {
  return {
    role: 'owner',
    admitBy: 'everyone',
    locked: false,
    quantum: 'offered',
    owner: ana,
    invites: [invite('')],
    knocks: [],
    may: { admit: true, change: true, lead: true },
    ...overrides,
  }
}

export function logLine(id: number, message: string, atMs: number = Date.UTC(2026, 10, 23, 9, 0)): RoomLogLine {
  return { id, message, created_at: atMs + id * 1_700 }
}
