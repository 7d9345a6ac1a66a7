import { render } from 'preact-render-to-string'
import { expect, it } from 'vitest'
import { fakeClient } from '../../../dev/fake-gate.ts'
import { snapshot } from '../../../dev/fixtures.ts'
import { scenes } from '../../../dev/scenes.ts'
import type { RoomSnapshot } from '../../client-gate.ts'
import { namerOf } from '../../words/people.ts'
import { speakWords } from '../../words/translatable.ts'
import { EarlierTop } from './earlier-top.tsx'
import { EarlierRequests } from './requests.tsx'

function top(room: RoomSnapshot, mayAsk = true): string {
  const { earlier, people } = room
  return render(
    <EarlierTop earlier={earlier} people={people} nameOf={namerOf(people)} client={fakeClient(room)} mayAsk={mayAsk} />,
  )
}
const scene = (name: keyof typeof scenes): RoomSnapshot => scenes[name].snapshot(Date.UTC(2026, 10, 23, 12))

it('[HW1] a newcomer reads that earlier messages are missing, and can ask for them; others read neither', () => {
  const newcomer = scene('newcomer')
  expect(top(newcomer)).toContain('What was said before you came in is not on this device.')
  expect(top(newcomer)).toContain('>Ask for earlier messages</button>')
  expect(top(snapshot())).toBe('')
  const asked = top(scene('newcomer-asks'))
  expect(asked).toContain('You asked for the last 50 messages. Somebody here has to agree.')
  expect(asked).toContain('>Take it back</button>')
  expect(asked).not.toContain('Ask for earlier messages')
  const about = (earlier: Partial<RoomSnapshot['earlier']>, more: Partial<RoomSnapshot> = {}): string =>
    top({ ...newcomer, ...more, earlier: { ...newcomer.earlier, ...earlier } })
  expect(about({ ask: { count: 50, over: true } })).toMatch(/Nobody gave them in time.*Ask for earlier messages/s)
  expect(about({ askAgainMs: 1 })).toContain('You can ask again in a minute.')
  expect(about({}, { people: [newcomer.self] })).toContain('Nobody else is here who could give them to you.')
  for (const html of [about({ askAgainMs: 1 }), about({}, { people: [newcomer.self] }), top(newcomer, false)]) {
    expect(html).not.toContain('<button')
  }
})

it('[HW2] what was shared is drawn as a quotation, never as a message', () => {
  const html = top(scene('newcomer-given'))
  expect(html).toMatch(/<section class="quoted" aria-label="Shared by Ben">/)
  expect(html).toMatch(
    /Shared by <bdi>Ben<\/bdi>, as Ben’s device has them\.<\/strong> QSEC cannot check who wrote them\./,
  )
  expect(html).toContain('<bdi>Eva Lindqvist-Østergaard</bdi> (says <bdi>Ben</bdi>)')
  expect(html.match(/<blockquote/g)).toHaveLength(5)
  expect(html.match(/\(says /g)).toHaveLength(5)
  expect(html).not.toMatch(/<article|Delivered|vouched/)
  // Who has no name is called as everywhere.
  const given = scene('newcomer-given')
  const [block] = given.earlier.blocks
  const nameless = { ...block!, messages: [{ ...block!.messages[0]!, name: '', person: 'abcdefgh' }] }
  speakWords({ namingWords: { someone: (id: string) => `Jemand (${id})` } })
  expect(top({ ...given, earlier: { ...given.earlier, blocks: [nameless] } })).toContain('<bdi>Jemand (abcdef)</bdi>')
  speakWords(undefined)
  // Another Ben than the one who is here, a time to come, somebody who shared it too, and what is still under way.
  expect(html.match(/other keys than Ben here/g)).toHaveLength(1)
  expect(html.match(/time cannot be/g)).toHaveLength(1)
  expect(html).toContain('also shared by Cleo Marchetti')
  expect(html).toContain('One of them stands above already, in the same words.')
  expect(html).toMatch(/<progress max="50" value="18" aria-label="18 of 50 have come\."/)
  // What is read aloud as it comes is the line in the conversation, not fifty messages.
  expect(html).toMatch(/^<div class="earlier-top" aria-live="off">/)
})

it('[HW3] who is asked reads who asks, for how many, and that all are told; every button says what it is for', () => {
  const cards = (room: RoomSnapshot): string =>
    render(<EarlierRequests earlier={room.earlier} client={fakeClient(room)} nameOf={namerOf(room.people)} />)
  const asked = cards(scene('asked-for-earlier'))
  expect(asked).toContain('<p>Cleo Marchetti asks for the last 200 messages.</p>')
  expect(asked).toContain('This device has 12 of them.')
  expect(asked).toContain('Everyone in the room is told that you gave them.')
  for (const button of ['Give', 'Not now']) {
    expect(asked).toContain(`aria-label="${button}: Cleo Marchetti asks for the last 200 messages."`)
  }
  expect(asked).toContain('aria-label="Stop: Ben has 96 of 200 earlier messages."')
  const offered = cards(scene('newcomer-offered'))
  expect(offered).toContain('Ben offers you the last 50 messages from before you came in.')
  expect(offered).toMatch(/aria-label="Accept: Ben offers.*aria-label="Not now: Ben offers/)
  expect(cards(scene('busy'))).toBe('<div aria-live="polite"></div>')
})
