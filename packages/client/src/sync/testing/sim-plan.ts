/** What happens in a simulation, and how often: all of it by one seed. */
import { type SeededRandom, seeded } from './sim-clock.ts'
import type { Faults } from './sim-link.ts'

export interface Plan {
  devices: number
  /** How long there are faults. */
  faultsMs: number
  faults: Faults
  /** How often each of these is begun, for a second and the whole room. */
  says: number
  cuts: number
  stalls: number
  crashes: number
  storeFailures: number
  clockJumps: number
  restarts: number
  commits: number
  /** Of the commits: invalid for everybody else, for some, and in need of something that comes later. */
  invalid: number
  partlyInvalid: number
  needy: number
  /** How often the first device, whose room it is, takes somebody out. */
  removals: number
  /** Of the messages: too large, refused until tried again, refused for the moment. */
  large: number
  refused: number
  busy: number
  /** Of the commits: those over which the relay dies, once they are on its disk and before anybody has them. */
  dies: number
  /** Frames that the relay keeps for those who were away. */
  ringFrames: number
  /** The first device ends at its so manieth await of a port: before and after each write, each send and each event. */
  endsAt?: number
  /** What a relay does that lies. Without it, it is an honest one. */
  lies?: Lies
}

export interface Lies {
  /** Of the frames, for one who hears them: with a byte changed, with an earlier one in their place, never told of. */
  corrupt: number
  replay: number
  withhold: number
  /** Named as another's. */
  misnamed: number
  /** It puts its disk back to a state that it kept, or is two for a while. */
  rewinds: boolean
  forks: boolean
}

/** A plan in which a seed decides what happens at all, and how often. Every fourth seed has a relay that lies. */
export function planOf(seed: number): Plan {
  const random = seeded(seed * 7_919 + 1)
  const sometimes = (probability: number, most: number) => (random() < probability ? random() * most : 0)
  const plan: Plan = {
    devices: 2 + Math.floor(random() * 4),
    faultsMs: 6_000 + random() * 12_000,
    faults: {
      lostRequest: sometimes(0.4, 0.2),
      lostAnswer: sometimes(0.4, 0.2),
      twice: sometimes(0.4, 0.2),
      lostFrame: sometimes(0.2, 0.1),
      overtaken: sometimes(0.2, 0.2),
      maxDelayMs: 5 + random() ** 2 * 1_500,
    },
    says: 0.5 + random() * 3,
    cuts: sometimes(0.6, 0.4),
    stalls: sometimes(0.3, 0.2),
    crashes: sometimes(0.5, 0.4),
    storeFailures: sometimes(0.2, 0.03),
    clockJumps: sometimes(0.2, 0.2),
    restarts: sometimes(0.4, 0.15),
    commits: sometimes(0.7, 0.6),
    invalid: sometimes(0.3, 0.5),
    partlyInvalid: sometimes(0.2, 0.3),
    needy: sometimes(0.3, 0.5),
    removals: 0,
    large: sometimes(0.3, 0.1),
    refused: sometimes(0.3, 0.1),
    busy: sometimes(0.4, 0.3),
    dies: sometimes(0.2, 0.3),
    ringFrames: random() < 0.15 ? 3 + Math.floor(random() * 20) : 4_096,
  }
  return seed % 4 === 0 ? { ...plan, lies: liesOf(random) } : plan
}

function liesOf(random: SeededRandom): Lies {
  const sometimes = (most: number) => (random() < 0.5 ? random() * most : 0)
  return {
    corrupt: sometimes(0.1),
    replay: sometimes(0.1),
    withhold: sometimes(0.1),
    misnamed: sometimes(0.2),
    rewinds: random() < 0.3,
    forks: random() < 0.4,
  }
}
