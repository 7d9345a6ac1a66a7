/** The simulated relay and the real one's room are asked the same, in an order by seed: they answer and tell the same. */
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { type SeededRandom, SimClock, seeded } from '../../packages/client/src/sync/testing/sim-clock.ts'
import { type CommitParts, type RelayEvent, SimRelay } from '../../packages/client/src/sync/testing/sim-relay.ts'
import { RealRoom } from './real-room.ts'

const seeds = process.env.CONTRACT_SEEDS?.split(',').map(Number) ?? Array.from({ length: 20 }, (_, i) => i + 1)
const stepsPerSeed = 80

const text = (bytes: number) => randomBytes(bytes).toString('base64url')
const oneOf = <T>(random: SeededRandom, values: readonly T[]): T => values[Math.floor(random() * values.length)]!

/** Lives of a relay have names of their own: they are compared by their number. */
class Lives {
  readonly #names: string[] = []

  of(inc: string | undefined): string | undefined {
    if (inc === undefined || inc.startsWith('no such')) return inc
    if (!this.#names.includes(inc)) this.#names.push(inc)
    return `life ${this.#names.indexOf(inc)}`
  }

  name(number: number): string {
    return this.#names[number] ?? 'no such life'
  }
}

/** What both have in common of an answer. */
function plain(lives: Lives, answer: object | undefined): unknown {
  if (!answer) return undefined
  const said = answer as Record<string, unknown>
  const keys = ['ok', 'code', 'epoch', 'seq', 'n', 'firstSeq', 'recovered']
  const rest = Object.fromEntries(keys.filter((key) => said[key] !== undefined).map((key) => [key, said[key]]))
  return { ...rest, inc: lives.of(said.inc as string | undefined) }
}

function plainEvent(lives: Lives, event: RelayEvent): unknown {
  if (event.type === 'frame') {
    const { kind, inc, seq, epoch, id, device, ct } = event.frame
    return { kind, inc: lives.of(inc), seq, epoch, id, device, ct }
  }
  if (event.type === 'welcome') return { type: 'welcome', ...event.welcome, inc: lives.of(event.welcome.inc) }
  return event
}

interface Pair {
  sim: SimRelay
  real: RealRoom
  random: SeededRandom
  /** By device: what it was told since the last step. */
  heard: { sim: Map<string, unknown[]>; real: Map<string, unknown[]> }
  lives: { sim: Lives; real: Lives }
  here: Set<string>
  counters: Map<string, number>
  sent: { id: string; ct: string; epoch: number; n: number; device: string }[]
  commits: { device: string; parts: CommitParts }[]
  requests: Map<string, string>
  life: number
}

type Step = (pair: Pair, device: string) => Promise<[sim: unknown, real: unknown]>

function listener(pair: Pair, side: 'sim' | 'real', device: string) {
  const heard = pair.heard[side]
  return (event: RelayEvent) => {
    if (event.type === 'requests') return // the real relay's lists tell that, and more
    heard.set(device, [...(heard.get(device) ?? []), plainEvent(pair.lives[side], event)])
  }
}

const steps: { often: number; name: string; run: Step }[] = [
  {
    often: 4,
    name: 'join',
    async run(pair, device) {
      const { sim, real, random, lives, life } = pair
      const number = random() < 0.85 ? life : Math.floor(random() * (life + 2))
      const seq = Math.max(0, sim.position.seq - Math.floor(random() ** 2 * 12) + (random() < 0.1 ? 3 : 0))
      pair.here.add(device)
      return [
        sim.join(device, lives.sim.name(number) as never, seq, listener(pair, 'sim', device)),
        await real.join(device, lives.real.name(number), seq, listener(pair, 'real', device)),
      ]
    },
  },
  {
    often: 1,
    name: 'leave',
    async run({ sim, real, here }, device) {
      here.delete(device)
      sim.leave(device)
      return [undefined, await real.leave(device)]
    },
  },
  {
    often: 8,
    name: 'send',
    async run({ sim, real, random, counters, sent }, device) {
      const { epoch: now } = sim.position
      const again = random() < 0.2 && sent.filter((one) => one.device === device).at(-1)
      const epoch = now + (random() < 0.1 ? oneOf(random, [-1, 1]) : 0)
      const n = (counters.get(`${device} ${epoch}`) ?? 0) + (random() < 0.1 ? oneOf(random, [-1, 1, 5]) : 0)
      const frame = again || { id: text(16), ct: text(40), epoch, n: Math.max(0, n), device }
      sent.push(frame)
      const answer = sim.send(device, 'message', frame.id, frame.epoch, frame.n, frame.ct)
      if (answer.ok && !again) counters.set(`${device} ${epoch}`, frame.n + 1)
      else if (!answer.ok && answer.n !== undefined) counters.set(`${device} ${now}`, answer.n)
      return [answer, await real.send(device, frame.id, frame.epoch, frame.n, frame.ct)]
    },
  },
  {
    often: 3,
    name: 'commit',
    async run({ sim, real, random, commits, requests, here }, device) {
      const again = random() < 0.3 ? commits.findLast((one) => one.device === device) : undefined
      const asking = [...requests.keys()].filter((one) => one !== device && !sim.gone.has(one))
      const welcomed = random() < 0.6 ? asking : []
      const others = real.devices.map(({ id }) => id).filter((id) => id !== device && !welcomed.includes(id))
      const removed =
        random() < 0.05 && here.size > 2 ? [oneOf(random, others)].filter((one) => !sim.gone.has(one)) : []
      const epoch = sim.position.epoch + (random() < 0.1 ? oneOf(random, [-1, 1]) : 0)
      const welcomes = welcomed.map((to) => ({ to, ct: text(60) }))
      const parts = again?.parts ?? { id: text(16), epoch, ct: text(100), welcomes, removed }
      commits.push({ device, parts })
      return [sim.commit(device, parts), await real.commit(device, parts)]
    },
  },
  {
    often: 2,
    name: 'acknowledge',
    async run({ sim, real, random }, device) {
      const seq = (real.pending?.seq ?? sim.position.seq) + (random() < 0.2 ? 1 : 0)
      sim.acknowledge(device, seq)
      return [undefined, await real.acknowledge(device, seq)]
    },
  },
  {
    often: 4,
    name: 'refuse',
    async run({ sim, real }, device) {
      const { pending } = real
      if (!pending) return [undefined, undefined]
      sim.refuse(device, pending.seq)
      return [undefined, await real.refuse(device, pending)]
    },
  },
  {
    often: 3,
    name: 'ask',
    async run({ sim, real, random, requests, here }, device) {
      if (!here.has(device)) return [undefined, undefined]
      const request = random() < 0.6 ? (requests.get(device) ?? text(50)) : text(50)
      requests.set(device, request)
      sim.ask(device, request)
      return [undefined, await real.ask(device, request)]
    },
  },
  {
    often: 1,
    name: 'has its Welcome',
    async run({ sim, real, here }, device) {
      if (!here.has(device)) return [undefined, undefined]
      sim.hasWelcome(device)
      return [undefined, await real.hasWelcome(device)]
    },
  },
  {
    often: 0.5,
    name: 'restart',
    async run(pair) {
      pair.here.clear()
      pair.counters.clear()
      pair.life++
      pair.sim.restart()
      await pair.real.restart()
      return [undefined, undefined]
    },
  },
]

function chosen(random: SeededRandom): (typeof steps)[number] {
  let left = random() * steps.reduce((sum, { often }) => sum + often, 0)
  for (const step of steps) {
    left -= step.often
    if (left < 0) return step
  }
  return steps[0]!
}

it('[SM11] the simulated relay answers, tells and forgets as the real one’s room does, whatever is asked in whatever order', {
  timeout: 120_000,
}, async () => {
  const met = new Map<string, number>()
  for (const seed of seeds) {
    const random = seeded(seed)
    const ringFrames = random() < 0.3 ? 6 : 4_096
    const real = await RealRoom.open(3, ringFrames)
    const pair: Pair = {
      sim: new SimRelay(new SimClock(random), 1, ringFrames),
      real,
      random,
      heard: { sim: new Map(), real: new Map() },
      lives: { sim: new Lives(), real: new Lives() },
      here: new Set(),
      counters: new Map(),
      sent: [],
      commits: [],
      requests: new Map(),
      life: 0,
    }
    const story: string[] = []
    for (let i = 0; i < stepsPerSeed; i++) {
      const { lives, sim } = pair
      lives.sim.of(sim.position.inc)
      lives.real.of(real.position.inc)
      const device = oneOf(random, real.devices).id
      const step = chosen(random)
      // Whoever is not in the room asks nothing of it.
      if (!['join', 'restart'].includes(step.name) && !pair.here.has(device)) continue
      const [simSays, realSays] = await step.run(pair, device)
      const said = [plain(lives.sim, simSays as object), plain(lives.real, realSays as object)]
      story.push(`${step.name} ${device}: ${JSON.stringify(said[0])}`)
      const outcome = `${step.name} ${(simSays as { code?: string } | undefined)?.code ?? ''}`
      met.set(outcome, (met.get(outcome) ?? 0) + 1)
      const where = `seed ${seed}, step ${i}\n${story.slice(-8).join('\n')}`
      expect(said[1], where).toEqual(said[0])
      const placeOf = ({ inc, epoch, seq }: typeof sim.position, names: Lives) => ({ inc: names.of(inc), epoch, seq })
      expect(placeOf(real.position, lives.real), where).toEqual(placeOf(sim.position, lives.sim))
      expect(Object.fromEntries(pair.heard.real), where).toEqual(Object.fromEntries(pair.heard.sim))
      expect(real.waiting, where).toEqual(sim.waiting)
      for (const event of [...pair.heard.sim.values()].flat() as { type?: string }[]) {
        if (event.type) met.set(event.type, (met.get(event.type) ?? 0) + 1)
      }
      pair.heard.sim.clear()
      pair.heard.real.clear()
      for (const gone of sim.gone) pair.here.delete(gone)
    }
    await real.close()
  }
  const outcomes = [
    'send ',
    'send stale-epoch',
    'send out-of-order',
    'commit ',
    'commit stale-epoch',
    'commit rate-limited',
  ]
  for (const outcome of [...outcomes, 'join ', 'join no-access', 'restart ', 'stands', 'withdrawn', 'welcome']) {
    expect(met.get(outcome), outcome).toBeGreaterThan(0)
  }
})
