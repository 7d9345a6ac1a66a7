/** A made-up key history. */
import type { EpochView, RoomSnapshot } from '../src/client-gate.ts'

const minuteMs = 60_000

export function epochs({ self, people, epoch }: RoomSnapshot): readonly EpochView[] {
  const [, other = self, third = self] = people
  const base = { joined: [], returned: [], left: [], linkKey: false, linksCovered: 0, linksInAll: 2 }
  const at = (minutes: number): number => Date.now() - minutes * minuteMs
  const renewed = { epoch: epoch - 1, by: other }
  return [
    {
      ...base,
      epoch,
      present: true,
      atMs: at(1),
      by: self,
      reasons: ['quantum'],
      label: 'quantum (simulated)',
      renewed,
      linksCovered: 2,
      quantum: {
        keyId: '0b0e8c3c-6a51-4a63-9b58-0123456789ab',
        since: epoch,
        from: self,
        links: [
          { with: other, pad: 'simulated' },
          { with: third, pad: 'simulated' },
        ],
      },
    },
    { ...base, epoch: epoch - 1, atMs: at(3), by: other, reasons: ['update'], label: 'post-quantum', renewed },
    {
      ...base,
      epoch: epoch - 2,
      atMs: at(8),
      by: self,
      reasons: ['join'],
      joined: [third],
      label: 'post-quantum',
      linkKey: true,
      linksCovered: 1,
      eavesdropper: true,
    },
    { ...base, epoch: epoch - 3, atMs: at(20), reasons: ['entered'], label: 'post-quantum', linksInAll: 1 },
  ]
}
