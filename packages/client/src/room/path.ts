/** Renews this device's own path within five minutes of joining, and daily: nothing else heals a stolen leaf. */
import type { SecureRandom } from '../ports.ts'
import type { RoomCore } from './core.ts'
import type { Membership } from './membership.ts'

/** Spread, so that people who came together do not all commit together. */
const firstMs = { from: 15_000, to: 240_000 }
const dailyMs = 86_400_000

export const pathRetryMs = 15_000
const unprovenRetryMs = 2_000
const reliefMs = { from: 1_000, to: 10_000 }

export function considerPath(core: RoomCore, membership: Membership): void {
  if (core.stream?.unproven) core.timers.setOnce('unproven', 0, () => void core.later(() => prove(core, membership)))
  if ((core.stream?.group.members.length ?? 0) < 2) return
  const { pathMs } = core.self
  core.timers.setOnce('path', untilPathMs(pathMs, core.nowMs, core.env.random), () => {
    // Renewed meanwhile, with a group secret perhaps: the next one is due later.
    if (core.self.pathMs !== pathMs) considerPath(core, membership)
    else void core.later(() => renew(core, membership))
  })
}

/** How long until an own path is due. `pathMs`: when the last one began to count; 0 for a leaf that has had none. */
export function untilPathMs(pathMs: number, nowMs: number, random: SecureRandom): number {
  return pathMs === 0
    ? firstMs.from + spread(random) * (firstMs.to - firstMs.from)
    : Math.min(pathMs + dailyMs - nowMs, dailyMs) // a clock that was ahead puts nothing off
}

async function renew(core: RoomCore, membership: Membership): Promise<void> {
  if (await membership.propose({}, { path: true })) return
  core.timers.set('path', pathRetryMs, () => void core.later(() => renew(core, membership)))
}

/** The stored state may be an old copy: whatever keys of this epoch it used before, in the next one it used none. */
async function prove(core: RoomCore, membership: Membership): Promise<void> {
  if (!core.stream?.unproven) return
  await membership.propose({}, { path: true })
  core.timers.set('unproven', unprovenRetryMs, () => void core.later(() => prove(core, membership)))
}

/**
 * Somebody's commit was withdrawn. Whoever made it can make no other in this epoch, and perhaps say nothing before the next
 * one (`prove`): so another begins it, soon, and tries until somebody has: nobody says it twice.
 */
export function relieve(core: RoomCore, membership: Membership, epoch: number | undefined = core.stream?.epoch): void {
  const waitMs = reliefMs.from + spread(core.env.random) * (reliefMs.to - reliefMs.from)
  core.timers.setOnce(`relieve ${epoch}`, waitMs, () => {
    void core.later(async () => {
      if (core.stream?.epoch !== epoch || (await membership.propose({}, { path: true }))) return
      relieve(core, membership, epoch)
    })
  })
}

/** From 0 to 1, unpredictable. */
function spread(random: SecureRandom): number {
  return new DataView(random(4).buffer).getUint32(0) / 2 ** 32
}
