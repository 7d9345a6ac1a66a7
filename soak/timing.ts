/**
 * Whether an answer's time tells a room that there is from one that there is not (rule 64). A stranger asks for both in turn, and
 * for two absent ones as a control; the ranks of the times are compared (Mann-Whitney, normal approximation).
 *   npm run soak -- timing [times, 3000]
 */
import { randomBytes } from 'node:crypto'
import { type RoomAddress, toBase64Url } from '@qsec/protocol'
import { startRelay } from '@qsec/server'
import { Asker } from '../packages/server/test/asker.ts'

const times = Number(process.argv[2] ?? '3000')
if (!Number.isSafeInteger(times) || times < 100) throw new Error('soak: timing takes how many times, 100 at least')

const relay = await startRelay({
  databasePath: ':memory:',
  limits: {
    loginDeadlineMs: 1e9,
    eventsPerSecond: 1e9,
    eventsAtOnce: 1e9,
    strangerBytesPerSecond: 1e12,
    strangerBytesAtOnce: 1e12,
  },
})
const address = () => toBase64Url(randomBytes(16)) as string as RoomAddress

/** How far the ranks of `a` and `b` lie apart, in standard deviations of what chance does. */
function rankDistance(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((us) => ({ us, of: 0 })), ...b.map((us) => ({ us, of: 1 }))].sort((x, y) => x.us - y.us)
  const ranks = all.reduce((sum, { of }, i) => sum + (of === 0 ? i + 1 : 0), 0)
  const [n, m] = [a.length, b.length]
  const u = ranks - (n * (n + 1)) / 2
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1]!

const there = address()
const owner = new Asker(relay.url, there)
const made = await owner.join({ create: { joinKeys: [] } })
if (!made.ok) throw new Error(`soak: ${made.code}`)
const askers = {
  forbidden: new Asker(relay.url, there),
  absent: new Asker(relay.url, address()),
  control: new Asker(relay.url, address()),
}
const answers = new Set<string>()
for (let i = 0; i < times + 50; i++) {
  const order = Object.values(askers).sort(() => randomBytes(1)[0]! - 128)
  for (const asker of order) answers.add(JSON.stringify(await asker.join()))
  // Until everything is compiled, times say nothing.
  if (i === 49) for (const asker of order) asker.joinedInUs.length = 0
}
const { forbidden, absent, control } = askers
for (const [name, { joinedInUs }] of Object.entries(askers))
  console.log(`${name}: median ${median(joinedInUs).toFixed(1)} µs`)
const distance = rankDistance(forbidden.joinedInUs, absent.joinedInUs)
console.log(`forbidden against absent: ${distance.toFixed(2)} standard deviations`)
console.log(`absent against absent: ${rankDistance(absent.joinedInUs, control.joinedInUs).toFixed(2)}`)
console.log(answers.size === 1 ? 'all answers are alike' : `ANSWERS DIFFER: ${[...answers].join(' ')}`)
process.exitCode = answers.size === 1 && Math.abs(distance) < 4 ? 0 : 1
for (const asker of [...Object.values(askers), owner]) asker.close()
await relay.close()
