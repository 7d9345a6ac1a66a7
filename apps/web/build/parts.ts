/**
 * The page comes in two files and what is lazy: `start` is all that `main.tsx` imports, `room` all that the client imports
 * besides. Cut by who shares what, the same code is some seventy files, which compress worse and cost a request each.
 */
import path from 'node:path'

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null
}

interface Group {
  name: (id: string, modules: Modules) => string | null
  debugName: string
  priority: number
}

/** @param folder - of the page */
export function twoParts(folder: string): Group[] {
  const client = path.join(folder, '../../packages/client/src')
  const runs = path.join(folder, '../../packages/qkd/')
  const ofStart = reachedFrom([path.join(folder, 'src/main.tsx')])
  const ofRoom = reachedFrom(['index.ts', 'browser.ts'].map((file) => path.join(client, file)))
  return [
    { name: (id, modules) => (ofStart(modules).has(id) ? 'start' : null), debugName: 'start', priority: 2 },
    {
      // Of the code of runs the client takes a few functions by an index that names it all.
      name: (id, modules) => (ofRoom(modules).has(id) && !id.startsWith(runs) ? 'room' : null),
      debugName: 'room',
      priority: 1,
    },
  ]
}

/** The modules that come with these, imports on demand left out; looked up once. */
function reachedFrom(seeds: readonly string[]): (modules: Modules) => ReadonlySet<string> {
  let reached: Set<string> | undefined
  return (modules) => {
    if (reached) return reached
    reached = new Set()
    const open = [...seeds]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (reached.has(id)) continue
      reached.add(id)
      open.push(...(modules.getModuleInfo(id)?.importedIds ?? []))
    }
    return reached
  }
}
