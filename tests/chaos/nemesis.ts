/** People talk while a nemesis breaks one thing after the other, in an order and at moments that come from a seed. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Weather } from './faulty-proxy.ts'
import { type Actor, ChaosStage, type Outcome } from './stage.ts'

export interface Plan {
  seed: number
  /** Messages in all, shared between three people. */
  messages: number
  /** How often each of them is done. */
  relayKills: number
  relayStops: number
  clientKills: number
  clientStops: number
  /** Of each kind of bad weather. */
  weathers: number
  /** How long somebody is frozen. */
  stopMs: number
  /** How long a spell of bad weather lasts. */
  spellMs: number
  /** When a silent connection counts as dead. */
  pingMs: number
  /** Between two messages of one person. */
  pauseMs: number
  quantum: boolean
}

export const shortPlan: Omit<Plan, 'seed'> = {
  messages: 600,
  relayKills: 2,
  relayStops: 1,
  clientKills: 1,
  clientStops: 1,
  weathers: 1,
  stopMs: 3_000,
  spellMs: 1_500,
  pingMs: 1_000,
  pauseMs: 60,
  quantum: false,
}

export const longPlan: Omit<Plan, 'seed'> = {
  messages: 10_000,
  relayKills: 5,
  relayStops: 2,
  clientKills: 3,
  clientStops: 2,
  weathers: 3,
  stopMs: 30_000,
  spellMs: 8_000,
  pingMs: 20_000,
  pauseMs: 60,
  quantum: true,
}

const kindsOfWeather: Weather[] = [
  { blocked: 'refused' },
  { blocked: 'to-relay' },
  { blocked: 'to-client' },
  { trickle: true },
  { latencyMs: 120 },
]

interface Fault {
  name: string
  strike(): Promise<void>
}

/** mulberry32: numbers from 0 to 1 that a seed repeats. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** `tell` hears of every fault as it strikes. */
export async function runNemesis(plan: Plan, tell: (line: string) => void): Promise<Outcome & { relayMiB: number }> {
  const chance = seeded(plan.seed)
  const limits = { pingIntervalMs: plan.pingMs, pingTimeoutMs: plan.pingMs, eventsPerSecond: 2_000 }
  const stage = await ChaosStage.open(['Ana', 'Ben', 'Cleo'], limits, plan.quantum)
  try {
    const share = Math.ceil(plan.messages / 3)
    for (const actor of stage.actors) actor.talk(share, plan.pauseMs)
    const faults = shuffled(faultsOf(plan, stage, chance), chance)
    for (const [i, { name, strike }] of faults.entries()) {
      await sleep(chance() * 2 * pauseBetween(plan, faults.length))
      tell(`${i + 1} of ${faults.length}: ${name}`)
      await strike()
      // Half-way somebody comes in, so that a commit is among what has to survive the rest.
      if (i === faults.length >> 1) {
        const dan = await stage.add('Dan')
        await stage.wait(dan, ({ phase }) => phase === 'member')
        dan.talk(10, plan.pauseMs)
      }
    }
    const outcome = await stage.settle(Math.max(90_000, 4 * plan.pingMs))
    return { ...outcome, relayMiB: stage.relay.rssMiB }
  } finally {
    await stage.close()
  }
}

/** So that the faults are spread over the time that the messages take. */
function pauseBetween(plan: Plan, faults: number): number {
  const talkMs = (plan.messages / 3) * plan.pauseMs
  const faultsMs = (plan.relayStops + plan.clientStops) * plan.stopMs + plan.weathers * 5 * plan.spellMs
  return Math.max(200, (talkMs - faultsMs) / (faults + 1))
}

function faultsOf(plan: Plan, stage: ChaosStage, chance: () => number): Fault[] {
  const { relay } = stage
  const anybody = (): Actor => stage.actors[Math.floor(chance() * stage.actors.length)]!
  const times = (count: number, fault: () => Fault) => Array.from({ length: count }, fault)
  return [
    ...times(plan.relayKills, () => ({
      name: 'kill -9 of the relay',
      async strike() {
        await relay.kill()
        await sleep(chance() * 1_000)
        await relay.start()
      },
    })),
    ...times(plan.relayStops, () => ({ name: 'the relay is stopped', strike: () => frozen(relay, plan.stopMs) })),
    ...times(plan.clientStops, () => {
      const actor = anybody()
      return { name: `${actor.name} is stopped`, strike: () => frozen(actor, plan.stopMs) }
    }),
    ...times(plan.clientKills, () => {
      const actor = anybody()
      return {
        name: `kill -9 of ${actor.name}`,
        async strike() {
          await actor.kill()
          await stage.revive(actor)
        },
      }
    }),
    ...kindsOfWeather.flatMap((weather) =>
      times(plan.weathers, () => {
        const { name, proxy } = anybody()
        return {
          name: `the network of ${name}: ${JSON.stringify(weather)}`,
          async strike() {
            proxy.set(weather)
            await sleep(plan.spellMs)
            proxy.set({})
          },
        }
      }),
    ),
    ...times(plan.weathers, () => {
      const { name, proxy } = anybody()
      return { name: `the connections of ${name} are reset`, strike: async () => proxy.reset() }
    }),
  ]
}

async function frozen(process: { signal(name: 'SIGSTOP' | 'SIGCONT'): void }, forMs: number): Promise<void> {
  process.signal('SIGSTOP')
  await sleep(forMs)
  process.signal('SIGCONT')
}

function shuffled<T>(list: T[], chance: () => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    ;[list[i], list[j]] = [list[j]!, list[i]!]
  }
  return list
}
