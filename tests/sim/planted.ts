/**
 * Loads the simulation once for each planted bug, with that bug in the product's text, and runs it. A program, since only
 * Node's own loader can have one module several times: tests/sim/planted.test.ts starts it.
 *   node tests/sim/planted.ts
 */
import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bugs, type PlantedBug, withBug } from './bugs.ts'

const root = path.resolve(import.meta.dirname, '../..')
const urlOf = (file: string) => pathToFileURL(path.join(root, file)).href
const stories = {
  streams: { file: urlOf('packages/client/src/sync/testing/sim-world.ts'), name: 'simulate' },
  repair: { file: urlOf('packages/client/src/room/testing/repair-sim.ts'), name: 'simulateRepair' },
} as const
// What is loaded anew for each bug: all else is the same for all.
const within = ['packages/client/src/sync/', 'packages/client/src/room/', 'packages/server/src/stream/'].map(urlOf)

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const bug = context.parentURL && new URL(context.parentURL).searchParams.get('bug')
    return bug && within.some((start) => found.url.startsWith(start))
      ? { ...found, url: `${found.url}?bug=${bug}` }
      : found
  },
  load(url, context, next) {
    const loaded = next(url, context)
    const [file, name] = url.split('?bug=')
    const bug = name === undefined ? undefined : bugs.find((one) => one.name === name)
    return bug && file === urlOf(bug.file) ? { ...loaded, source: withBug(bug, String(loaded.source)) } : loaded
  },
})

type Simulate = (seed: number) => Promise<{ violations: string[] }>

/** The first of the seeds that shows the bug, and what the simulation says of it. */
async function firstSeedOf(
  bug: PlantedBug,
  seeds: Iterable<number>,
): Promise<{ seed: number; violation: string } | undefined> {
  const { file, name } = stories[bug.story ?? 'streams']
  const simulate = ((await import(`${file}?bug=${bug.name}`)) as Record<string, Simulate>)[name]!
  for (const seed of seeds) {
    const { violations } = await simulate(seed)
    const violation = violations.find((one) => bug.sign.test(one))
    if (violation !== undefined) return { seed, violation }
  }
  return undefined
}

function* upTo(last: number): Iterable<number> {
  for (let seed = 1; seed <= last; seed++) yield seed
}

/** Looks for the first seed that shows each bug, or each of those named. */
export async function searchSeeds(most: number, names: readonly string[]): Promise<void> {
  for (const bug of bugs) {
    if (names.length > 0 && !names.includes(bug.name)) continue
    console.log(JSON.stringify({ name: bug.name, ...(await firstSeedOf(bug, upTo(most))) }))
  }
}

if (import.meta.main) {
  for (const bug of bugs) console.log(JSON.stringify({ name: bug.name, ...(await firstSeedOf(bug, [bug.seed])) }))
}
