import { describe, expect, it } from 'vitest'
import { ana, ben, cleo, person, quantum } from '../../dev/fixtures.ts'
import type { EpochLabel, PersonView, SystemEvent } from '../client-gate.ts'
import { refusalWords } from './door.ts'
import { listPeople, namerOf } from './people.ts'
import { abortWords, labelWords, linkStateWords } from './quantum.ts'
import { systemWords } from './system.ts'
import { dayName } from './time.ts'

const nameOf = namerOf([ana, ben, cleo])
/** The same people on other devices. */
const bensPhone: PersonView = { ...ben, device: 'bens phone' as PersonView['device'] }
const anasPhone: PersonView = { ...ana, device: 'anas phone' as PersonView['device'], self: false }

/** One example of each event, and what it says. The compiler asks for a new line with each new event. */
const sentences: Record<SystemEvent['type'], [SystemEvent, string][]> = {
  created: [
    [{ type: 'created', by: ana }, 'You created this room.'],
    [{ type: 'created', by: ben }, 'Ben created this room.'],
  ],
  'you-joined': [
    [
      { type: 'you-joined', earlierUnreadable: true },
      'You came in here. What was said before cannot be read on this device.',
    ],
    [{ type: 'you-joined', earlierUnreadable: false }, 'You came in here.'],
  ],
  joined: [
    [
      { type: 'joined', people: [ben], by: ana },
      'Ben joined; you let them in. New keys were made; Ben cannot read earlier messages.',
    ],
    [
      { type: 'joined', people: [ben, cleo], by: ana },
      'Ben and Cleo Marchetti joined; you let them in. New keys were made; they cannot read earlier messages.',
    ],
  ],
  left: [[{ type: 'left', person: ben }, 'Ben left.']],
  removed: [
    [
      { type: 'removed', people: [cleo], by: ben },
      'Ben removed Cleo Marchetti. New keys were made; nothing from here on can be read with the old ones.',
    ],
  ],
  'device-added': [
    [{ type: 'device-added', person: bensPhone, by: ben }, 'Ben added a device. It cannot read earlier messages.'],
    [{ type: 'device-added', person: anasPhone, by: ana }, 'You added a device. It cannot read earlier messages.'],
    [
      { type: 'device-added', person: bensPhone, by: cleo },
      'Ben came in with another device; Cleo Marchetti let it in. It cannot read earlier messages.',
    ],
  ],
  'device-removed': [
    [
      { type: 'device-removed', person: bensPhone, by: ben },
      'Ben removed one of their devices. New keys were made; it can read nothing from here on.',
    ],
    [
      { type: 'device-removed', person: anasPhone, by: ana },
      'You removed one of your devices. New keys were made; it can read nothing from here on.',
    ],
    [{ type: 'device-removed', person: ben, by: ben }, 'Ben left on one device and stays on another.'],
  ],
  rejoined: [
    [{ type: 'rejoined', people: [ben] }, 'Ben’s device rejoined.'],
    [{ type: 'rejoined', people: [ana] }, 'Your device rejoined. What was said meanwhile may be missing here.'],
    [{ type: 'rejoined', people: [ben, cleo] }, 'The devices of Ben and Cleo Marchetti rejoined.'],
  ],
  'keys-refreshed': [
    [
      { type: 'keys-refreshed', label: 'quantum (simulated)', by: ana },
      'Keys refreshed with a quantum-link key (simulated)',
    ],
    [
      { type: 'keys-refreshed', label: 'quantum (hardware)', by: ana },
      'Keys refreshed with a quantum-link key (hardware)',
    ],
    [{ type: 'keys-refreshed', label: 'post-quantum', by: ana }, 'Keys refreshed (post-quantum)'],
  ],
  'eavesdropper-switched': [
    [
      { type: 'eavesdropper-switched', on: true, by: ben },
      'Ben switched the simulated eavesdropper on. It applies to the next key exchange.',
    ],
  ],
  'eavesdropper-detected': [
    [
      { type: 'eavesdropper-detected', link: [ana, ben], qber: 0.2512 },
      'The simulated quantum link between you and Ben shows an eavesdropper: 25.1\u00a0% of its bits were wrong. No key was made from it; the chat goes on under X25519 and ML-KEM-768.',
    ],
  ],
  gap: [
    [{ type: 'gap', fromSeq: 7, toSeq: 7 }, 'One item of the room (number 7) is lost for this device.'],
    [{ type: 'gap', fromSeq: 7, toSeq: 9 }, 'Some items of the room (numbers 7 to 9) are lost for this device.'],
  ],
  unreadable: [
    [
      { type: 'unreadable', from: ben, reason: 'replayed' },
      'Something from Ben could not be opened: it is a copy of something that came before. It was left out.',
    ],
    [
      { type: 'unreadable', reason: 'not-invited' },
      'Something that arrived here could not be opened: it would have changed the room against its rules. Nothing changed.',
    ],
    [
      { type: 'unreadable', reason: 'odd-code' },
      'Something that arrived here could not be opened: it was damaged on its way or made wrongly (odd-code). The chat goes on without it.',
    ],
  ],
  'split-view': [
    [
      { type: 'split-view', with: cleo },
      'Warning: the server shows you and Cleo Marchetti different histories of this room. Compare with each other over another channel before you rely on it.',
    ],
  ],
  'relay-restarted': [[{ type: 'relay-restarted' }, 'The server was restarted. The conversation goes on.']],
  'relay-restored': [
    [
      { type: 'relay-restored' },
      'The server was set back to an older backup of itself. What this device has, it keeps, and the room goes on from there. Messages that nobody here had yet may be lost.',
    ],
  ],
  'relay-restarting': [[{ type: 'relay-restarting' }, 'The server restarts. Messages wait until it is back.']],
  'caught-up': [
    [{ type: 'caught-up', from: [ben] }, 'Caught up: what the server had lost came from Ben.'],
    [{ type: 'caught-up', from: [ben, cleo] }, 'Caught up: what the server had lost came from Ben and Cleo Marchetti.'],
  ],
  'let-in': [
    [
      { type: 'let-in', people: [cleo], by: ben },
      'Ben let Cleo Marchetti in, who had asked. New keys were made; Cleo Marchetti cannot read earlier messages.',
    ],
    [
      { type: 'let-in', people: [ben, cleo], by: ana },
      'You let Ben and Cleo Marchetti in, who had asked. New keys were made; they cannot read earlier messages.',
    ],
  ],
  'room-locked': [
    [{ type: 'room-locked', on: true, by: ben }, 'Ben locked the room. Nobody new comes in until it is unlocked.'],
    [{ type: 'room-locked', on: false, by: ana }, 'You unlocked the room. New people can come in again.'],
  ],
  'admit-by-set': [
    [
      { type: 'admit-by-set', admitBy: 'admins', by: ben },
      'Ben changed who lets people in: the owner and admins alone.',
    ],
    [{ type: 'admit-by-set', admitBy: 'everyone', by: ana }, 'You changed who lets people in: everyone in the room.'],
  ],
  'capacity-set': [
    [{ type: 'capacity-set', capacity: 12, by: ben }, 'Ben limited the room to 12 people.'],
    [{ type: 'capacity-set', by: ana }, 'You lifted the limit on the number of people.'],
  ],
  'quantum-policy-set': [
    [
      { type: 'quantum-policy-set', quantum: 'required', by: ben },
      'Ben made quantum keys required. Nothing is sent until every device here has one (simulated in this version).',
    ],
    [
      { type: 'quantum-policy-set', quantum: 'offered', by: ana },
      'You made quantum keys optional. Messages go out under X25519 and ML-KEM-768 alone, too.',
    ],
  ],
  'keep-sealed-set': [
    [
      { type: 'keep-sealed-set', days: 14, by: ben },
      'Ben changed what the server does: it now keeps sealed messages for 14 days, until every device has them.',
    ],
    [
      { type: 'keep-sealed-set', by: ana },
      'You ended the keeping of sealed messages. The server deletes those on its disk.',
    ],
  ],
  'lifetime-set': [
    [
      { type: 'lifetime-set', seconds: 3_600, by: ben },
      'Ben switched disappearing messages on: what is said from now on is deleted 1 hour after it was seen.',
    ],
    [{ type: 'lifetime-set', by: ana }, 'You switched disappearing messages off. What is said from now on stays.'],
  ],
  'title-set': [
    [{ type: 'title-set', title: 'Book club', by: ben }, 'Ben named the room “Book club”.'],
    [{ type: 'title-set', by: ana }, 'You took the room’s name away.'],
  ],
  'gone-unseen': [
    [
      { type: 'gone-unseen', from: ben },
      'A disappearing message from Ben was deleted before it was seen here: its time was over.',
    ],
  ],
  'admin-set': [
    [{ type: 'admin-set', person: ana, on: true, by: ben }, 'Ben made you an admin.'],
    [{ type: 'admin-set', person: ben, on: false, by: ana }, 'You took the admin role from Ben.'],
  ],
  'owner-set': [
    [{ type: 'owner-set', person: ben, by: ana }, 'You handed the room over to Ben.'],
    [{ type: 'owner-set', person: ben, by: ben }, 'Ben took the room over, whose owner had left.'],
  ],
  'log-deleted': [
    [{ type: 'log-deleted', lines: 231, by: ben }, 'Ben had the server delete its log of this room: 231 lines.'],
    [{ type: 'log-deleted', lines: 1, by: ana }, 'You had the server delete its log of this room: 1 line.'],
  ],
  'room-ended': [
    [
      { type: 'room-ended', by: ben },
      'Ben ended this room. What was said stays readable here; nothing more can be said.',
    ],
  ],
  'earlier-given': [
    [
      { type: 'earlier-given', by: ben, to: cleo, count: 50 },
      'Ben gave Cleo Marchetti the last 50 messages from before they came in.',
    ],
    [{ type: 'earlier-given', by: ben, to: ana, count: 1 }, 'Ben gave you the last message from before you came in.'],
    [
      { type: 'earlier-given', by: ana, to: ben, count: 2 },
      'You gave Ben the last 2 messages from before they came in.',
    ],
  ],
  successor: [[{ type: 'successor', by: ben }, 'Ben closed this room and invites you to a private one.']],
  'keys-changed': [
    [
      { type: 'keys-changed', person: ben, wasVerified: true },
      'Warning: Ben has a name like somebody you verified, and other keys.',
    ],
    [
      { type: 'keys-changed', person: ben, wasVerified: false },
      'Ben has other keys than somebody of that name who was here before.',
    ],
  ],
  compared: [
    [{ type: 'compared', person: ben, matched: true, how: 'scan' }, 'You verified Ben.'],
    [
      { type: 'compared', person: ben, matched: false, how: 'number' },
      'You compared codes with Ben, and they did not match. Say nothing secret here until you know why.',
    ],
  ],
}

describe('words for events', () => {
  for (const [type, examples] of Object.entries(sentences)) {
    it(`[WB7] ${type} is one plain sentence`, () => {
      for (const [event, sentence] of examples) expect(systemWords(event, nameOf)).toBe(sentence)
    })
  }

  it('[WB7] what came several times says so', () => {
    expect(systemWords({ type: 'relay-restarted' }, nameOf, 3)).toBe(
      'The server was restarted. The conversation goes on. (3 times)',
    )
  })
})

describe('words for people', () => {
  it('[WB7] equal names get the short id, a missing name is replaced by it', () => {
    const twin = person('Ben', { device: 'other' as typeof ben.device, person: 'somebody else', shortId: 'c0de' })
    const twins = namerOf([ana, ben, twin])
    expect(twins(twin)).toBe('Ben (c0de)')
    expect(twins(cleo)).toBe('Cleo Marchetti')
    expect(twins(person('', { shortId: 'beef' }))).toBe('Someone (beef)')
  })

  it('[WB7] a long list is cut with a count', () => {
    const people = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => person(name))
    expect(listPeople(people, nameOf)).toBe('A, B, C, and 3 others')
  })
})

describe('words for refusals', () => {
  const codes = [
    'bad-request',
    'version',
    'login-failed',
    'not-logged-in',
    'no-access',
    'exists',
    'room-full',
    'stale-epoch',
    'out-of-order',
    'too-large',
    'rate-limited',
    'unavailable',
    'internal',
    'needs-link',
    'bad-welcome',
    'storage',
    'client-older',
    'relay-older',
  ] as const
  it('[WB8] each has a title and a help in whole sentences', () => {
    for (const code of codes) {
      for (const kind of ['open', 'closed'] as const) {
        const words = refusalWords(code, kind)
        expect(words.title).toMatch(/^[A-Z].+[^.]$/)
        expect(words.help).toMatch(/^[A-Z].+\.$/)
      }
    }
  })
})

describe('words for quantum keys', () => {
  it('[WB9] a label from simulated photons says that they add no quantum security', () => {
    const words = labelWords(quantum({ label: 'quantum (simulated)', linksCovered: 2, linksInAll: 2 }))
    expect(words).toContain('simulated photons')
    expect(words).toContain('no quantum security')
    expect(words).toContain('Quantum links (simulated) in use: 2 of 2.')
  })

  it('[WB9] every label, state and reason has words', () => {
    const labels: EpochLabel[] = ['post-quantum', 'quantum (simulated)', 'quantum (hardware)']
    for (const label of labels) expect(labelWords(quantum({ label }))).toMatch(/\.$/)
    for (const state of ['none', 'waiting', 'running', 'completed', 'aborted'] as const) {
      expect(linkStateWords(state)).not.toBe('')
    }
    expect(abortWords('qber-above-threshold')).toContain('listened in')
    expect(abortWords('new-code')).toBe('The run was broken off (new-code).')
  })
})

it('[WB14] days are named from today', () => {
  const now = new Date(2026, 10, 23, 12).getTime()
  const at = (...date: [number, number, number]): string => dayName(new Date(...date).getTime(), now)
  expect(at(2026, 10, 23)).toBe('Today')
  expect(at(2026, 10, 22)).toBe('Yesterday')
  expect(at(2026, 10, 20)).toBe('Friday, November 20')
  expect(at(2025, 11, 24)).toBe('December 24, 2025')
})
