/** Made-up people, messages and links, for tests and for looking at the screens. */
import type {
  LinkView,
  MessageView,
  PersonView,
  QuantumView,
  RoomAddress,
  RoomLogLine,
  RoomSnapshot,
  SystemEvent,
  SystemView,
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
    ...overrides,
  }
}

export const ana: PersonView = person('Quiet Otter', { self: true })
export const ben: PersonView = person('Ben')
export const cleo: PersonView = person('Cleo Marchetti')

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

export function finishedLink(a: PersonView, b: PersonView, overrides: Partial<LinkView> = {}): LinkView {
  return {
    ends: [a, b],
    state: 'completed',
    qber: 0.0187,
    qberInterval: [0.0131, 0.0259],
    stages: [
      { name: 'sent', bits: 1_000_000 },
      { name: 'detected', bits: 91_204 },
      { name: 'sifted', bits: 45_530 },
      { name: 'after sampling', bits: 40_977 },
      { name: 'corrected', bits: 40_977 },
      { name: 'secret', bits: 21_504 },
    ],
    place: { thread: 'worker', amplifier: 'wasm' },
    keyBits: 20_992,
    ...overrides,
  }
}

export function snapshot(overrides: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    address: closedAddress,
    kind: 'closed',
    phase: { at: 'member' },
    connection: 'connected',
    self: ana,
    people: [ana],
    waiting: 0,
    epoch: 1,
    timeline: [system('created', { type: 'created', by: ana })],
    quantum: quantum(),
    roomLog: [],
    invitePath: `/room/${closedAddress}#v1.${secret}`,
    ...overrides,
  }
}

export function logLine(id: number, message: string, atMs: number = Date.UTC(2026, 10, 23, 9, 0)): RoomLogLine {
  return { id, message, created_at: atMs + id * 1_700 }
}
