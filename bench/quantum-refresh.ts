/**
 * How long a room's exchange of quantum keys takes, and where the time goes: `npm run bench -- quantum-refresh [people] [round
 * trip in ms] [rounds]`. All devices and the relay share one process, so one core does the work of all. The two seconds for
 * which a room has to be at rest before its first exchange are part of the figures.
 */
import type { ClientEnv, RoomClient, RoomSnapshot, Transport } from '@qsec/client'
import { events, openWorld, until, type World } from '../tests/system/world.ts'

const [people = 16, roundTripMs = 0, rounds = 3] = process.argv.slice(2).map(Number)
const patienceMs = 120_000

/** When each step of an exchange was last seen on its way to the relay, in milliseconds since the start. */
type Marks = Map<string, number>

function marked(world: World, marks: Marks, sinceMs: () => number): ClientEnv {
  const env = world.env()
  return { ...env, connect: (url) => observe(env.connect(url), marks, sinceMs) }
}

/** Notes what is asked, and holds requests, answers and events back for half a round trip each. */
function observe(inner: Transport, marks: Marks, sinceMs: () => number): Transport {
  const half = () => new Promise<void>((resolve) => (roundTripMs ? setTimeout(resolve, roundTripMs / 2) : resolve()))
  const step: Record<string, string> = {
    bb84_relay: 'last message of a run',
    roomkey_share: 'last share',
    commit: 'last commit',
  }
  return {
    get host() {
      return inner.host
    },
    get socketId() {
      return inner.socketId
    },
    get state() {
      return inner.state
    },
    async request(name, payload, timeoutMs) {
      const pair = name === 'commit' && 'pair' in payload
      const label = pair ? 'last pair group opened' : step[name]
      if (label) marks.set(label, sinceMs())
      if (name === 'bb84_relay' && !marks.has('first message of a run')) marks.set('first message of a run', sinceMs())
      await half()
      const answer = await inner.request(name, payload, timeoutMs)
      await half()
      return answer
    },
    onEvent: (handler) =>
      inner.onEvent((name, payload, done) => {
        if (roundTripMs) setTimeout(() => handler(name, payload, done), roundTripMs / 2)
        else handler(name, payload, done)
      }),
    onMalformed: (handler) => inner.onMalformed(handler),
    onState: (handler) => inner.onState(handler),
    onAwake: (handler) => inner.onAwake(handler),
    close: () => inner.close(),
  }
}

const refreshes = (s: RoomSnapshot) => events(s).filter((type) => type === 'keys-refreshed').length

async function oneRound() {
  const world = await openWorld()
  const marks: Marks = new Map()
  let started = performance.now()
  const sinceMs = () => Math.round(performance.now() - started)
  const ana = await world.create('Ana', undefined, marked(world, marks, sinceMs))
  const rooms: RoomClient[] = [ana]
  for (let i = 1; i < people; i++) {
    rooms.push(await world.join(`P${i}`, ana.snapshot.invitePath!, marked(world, marks, sinceMs)))
  }
  await Promise.all(rooms.map((room) => until(room, (s) => s.people.length === people, patienceMs)))
  started = performance.now()
  marks.clear()
  const cpu = process.cpuUsage()
  const everywhere = (room: RoomClient) => until(room, (s) => s.quantum.label === 'quantum (simulated)', patienceMs)
  await Promise.all(rooms.map(everywhere))
  const first = sinceMs()
  const { user, system } = process.cpuUsage(cpu)
  const steps = Object.fromEntries([...marks].sort(([, a], [, b]) => a - b))
  await until(ana, (s) => !s.quantum.running, patienceMs)
  // An exchange on demand comes five seconds after the one before at the earliest.
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  const before = rooms.map(({ snapshot }) => refreshes(snapshot))
  started = performance.now()
  ana.runKeyExchange()
  await Promise.all(rooms.map((room, i) => until(room, (s) => refreshes(s) > before[i]!, patienceMs)))
  const again = sinceMs()
  await world.close()
  return { first, steps, cpuMs: Math.round((user + system) / 1000), again }
}

const results = []
for (let round = 0; round < rounds; round++) {
  const result = await oneRound()
  results.push(result)
  console.error(`round ${round + 1}: ${JSON.stringify(result)}`)
}
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]
console.log(
  JSON.stringify({
    people,
    roundTripMs,
    rounds,
    firstMs: median(results.map(({ first }) => first)),
    againMs: median(results.map(({ again }) => again)),
  }),
)
process.exit(0)
