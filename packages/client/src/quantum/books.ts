/** What is known of the room's links: this device's own as they run, all others by what their ends report. */
import { type DeviceId, toBase64Url } from '@qsec/protocol'
import type { LinkReport } from '../content.ts'
import type { RunPlace, RunResult } from '../ports.ts'
import type { LinkState } from '../snapshot.ts'

export interface LinkKnowledge {
  ends: [DeviceId, DeviceId]
  state: LinkState
  stage?: string
  progress?: number
  report?: LinkReport
  /** Of this device's own links: where the last run was computed. Nobody else is told. */
  place?: RunPlace
}

type Shown = Pick<LinkKnowledge, 'state' | 'stage' | 'progress'>

export class LinkBooks {
  readonly #self: DeviceId
  readonly #onChange: () => void
  readonly #links = new Map<string, LinkKnowledge>()

  /** @param onChange - something that is shown and not stored is different now */
  constructor(self: DeviceId, onChange: () => void) {
    this.#self = self
    this.#onChange = onChange
  }

  get all(): readonly LinkKnowledge[] {
    return [...this.#links.values()]
  }

  /** Where a run with `peer` stands. The report of the run before stays until there is another. */
  show(peer: DeviceId, shown: Shown, role: 'alice' | 'bob' = 'alice'): void {
    const ends: [DeviceId, DeviceId] = role === 'bob' ? [peer, this.#self] : [this.#self, peer]
    const { report, place } = this.#links.get(linkKey(ends)) ?? {}
    this.#links.set(linkKey(ends), { ends, ...shown, ...(report ? { report } : {}), ...(place ? { place } : {}) })
    this.#onChange()
  }

  report(alice: DeviceId, bob: DeviceId, report: LinkReport): void {
    const ends: [DeviceId, DeviceId] = [alice, bob]
    const { place } = this.#links.get(linkKey(ends)) ?? {}
    const state = report.completed ? 'completed' : 'aborted'
    this.#links.set(linkKey(ends), { ends, state, report, ...(place ? { place } : {}) })
    this.#onChange()
  }

  /** Where the run with `peer` was computed. */
  computed(peer: DeviceId, place: RunPlace): void {
    const link = this.#with(peer)
    if (link) link.place = place
  }

  /** The last run with `peer` ended with a verdict on the link itself: more of the same would say the same. */
  wasJudged(peer: DeviceId): boolean {
    const reason = this.#with(peer)?.report?.reason
    return reason === 'qber-above-threshold' || reason === 'no-secret-key-left'
  }

  lastFailed(peer: DeviceId): boolean {
    return this.#with(peer)?.state === 'aborted'
  }

  keepOnly(members: readonly DeviceId[]): void {
    for (const [key, { ends }] of this.#links) {
      if (!ends.every((end) => members.includes(end))) this.#links.delete(key)
    }
  }

  #with(peer: DeviceId): LinkKnowledge | undefined {
    return this.#links.get(linkKey([this.#self, peer]))
  }
}

/** What everyone in the room may know of a run. */
export function reportOf(run: Uint8Array, result: RunResult, keyBits: number): LinkReport {
  return {
    run: toBase64Url(run),
    completed: !result.aborted,
    ...(result.aborted ? { reason: result.reason } : {}),
    ...(result.qber === undefined ? {} : { qber: result.qber }),
    ...(result.qberInterval === undefined ? {} : { qberInterval: result.qberInterval }),
    threshold: result.threshold ?? 0.11,
    stages: (result.stages ?? []).map(({ name, bitsOut }) => ({ name, bits: Math.max(0, bitsOut) })),
    keyBits,
  }
}

function linkKey(ends: readonly DeviceId[]): string {
  return [...ends].sort().join(' ')
}
