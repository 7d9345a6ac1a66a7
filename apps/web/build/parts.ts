/**
 * The page comes in three files and what is lazy: `start` is all that `main.tsx` imports, `room` all that the client imports
 * besides, and `primitives` what those of its primitives need that are fetched where the browser lacks them. Cut by who
 * shares what, the same code is some seventy files, which compress worse and cost a request each.
 *
 * The room waits for these primitives before its first line is done (`crypto/suite/backends.ts`): what they are in must not
 * import it, or each waits for the other and no room ever opens there. Chromium has all of them and would not show it.
 */
import path from 'node:path'

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[] } | null
}

interface Group {
  name: (id: string, modules: Modules) => string | null
  debugName: string
  priority: number
}

/** @param folder - of the page */
export function partsOf(folder: string): Group[] {
  const client = path.join(folder, '../../packages/client/src')
  const runs = path.join(folder, '../../packages/qkd/')
  const ofStart = reachedFrom(() => [path.join(folder, 'src/main.tsx')])
  const ofRoom = reachedFrom(() => ['index.ts', 'browser.ts'].map((file) => path.join(client, file)))
  const ofPrimitives = reachedFrom((modules) => [
    ...(modules.getModuleInfo(path.join(client, 'crypto/suite/backends.ts'))?.dynamicallyImportedIds ?? []),
  ])
  return [
    { name: (id, modules) => (ofStart(modules).has(id) ? 'start' : null), debugName: 'start', priority: 3 },
    {
      name: (id, modules) => (ofPrimitives(modules).has(id) && ofRoom(modules).has(id) ? 'primitives' : null),
      debugName: 'primitives',
      priority: 2,
    },
    {
      // Of the code of runs the client takes a few functions by an index that names it all.
      name: (id, modules) => (ofRoom(modules).has(id) && !id.startsWith(runs) ? 'room' : null),
      debugName: 'room',
      priority: 1,
    },
  ]
}

/** The modules that come with these, imports on demand left out; looked up once. */
function reachedFrom(seeds: (modules: Modules) => string[]): (modules: Modules) => ReadonlySet<string> {
  let reached: Set<string> | undefined
  return (modules) => {
    if (reached) return reached
    reached = new Set()
    const open = seeds(modules)
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (reached.has(id)) continue
      reached.add(id)
      open.push(...(modules.getModuleInfo(id)?.importedIds ?? []))
    }
    return reached
  }
}
