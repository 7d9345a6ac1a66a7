import type { DeviceId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { Timeline } from './timeline.ts'

const [ana, ben] = ['ana', 'ben'] as unknown as [DeviceId, DeviceId]

it('[PP42] a relay that says over and over that it closes, or sends what cannot be read, makes few lines', () => {
  const timeline = new Timeline('timeline')
  for (let i = 0; i < 100; i++) {
    timeline.tell({ type: 'relay-restarting' }, i)
    timeline.tell({ type: 'unreadable', reason: 'rewound' }, i)
    timeline.tell({ type: 'unreadable', reason: 'undecryptable', from: i % 2 ? ana : ben }, i)
  }
  expect(timeline.items).toHaveLength(4)
  // What is said, and what only members can bring about, stands each time; then the others may be told again.
  timeline.say({ id: 'a', device: ana, person: '', text: 'hello', atMs: 1 })
  expect(timeline.tell({ type: 'relay-restarting' }, 2)).toHaveLength(1)
  expect(timeline.tell({ type: 'joined', people: [ben] } as never, 3)).toHaveLength(1)
  expect(timeline.tell({ type: 'joined', people: [ben] } as never, 4)).toHaveLength(1)
  expect(timeline.tell({ type: 'relay-restarting' }, 5)).toHaveLength(1)
  expect(timeline.items).toHaveLength(9)
})
