/** Builds the pages that need no secure context into the build of the page, so that one list names, and one key signs, both. */
import path from 'node:path'
import { build, type Plugin } from 'vite'

/** Folder of theirs in the build, and the beginning of their addresses. */
export const plainFolder = 'plain'

/** @param root - folder of those pages, with a configuration of their own */
export function plainPages(root: string): Plugin {
  return {
    name: 'qsec:plain-pages',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler({ dir }) {
        if (dir === undefined) throw new Error('The build has no folder.')
        const outDir = path.join(dir, plainFolder)
        await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } })
      },
    },
  }
}
