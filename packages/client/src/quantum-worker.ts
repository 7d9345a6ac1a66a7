/** The script of the quantum worker: its thread computes BB84 runs with chance of its own, and nothing else. */
import { platformRandom } from './platform-random.ts'
import * as bb84 from './quantum/engine/bb84.ts'
import { localEngine } from './quantum/engine/local.ts'
import { serveEngine, type WorkerScope } from './quantum/engine/serve.ts'

serveEngine(
  globalThis as unknown as WorkerScope,
  localEngine({ thread: 'worker', random: platformRandom, load: async () => bb84 }),
)
