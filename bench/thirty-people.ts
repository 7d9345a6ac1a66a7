/**
 * How long a class takes to come in: `npm run bench -- thirty-people`. Thirty devices and the relay share one process, so
 * one core does the work of thirty-one. The six seconds of arriving are part of the figure.
 */
import { thirtyPeople } from '../tests/system/thirty-people.ts'
import { openWorld } from '../tests/system/world.ts'

const rounds = 5
const tookMs: number[] = []
for (let round = 0; round < rounds; round++) {
  const world = await openWorld()
  const result = await thirtyPeople(world)
  tookMs.push(result.tookMs)
  console.error(`round ${round + 1}: ${result.tookMs} ms`)
  await world.close()
}
tookMs.sort((a, b) => a - b)
console.log(JSON.stringify({ people: 30, rounds, medianMs: tookMs[2], leastMs: tookMs[0], mostMs: tookMs[rounds - 1] }))
process.exit(0)
