import { readFileSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'vite'
import { serviceWorkerFile } from './build/integrity.ts'
import { notices } from './build/notices.ts'
import { partsOf } from './build/parts.ts'
import { plainPages } from './build/plain-pages.ts'
import { seal } from './build/seal.ts'

const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'package.json'), 'utf8')) as {
  version: string
}
const licences = notices()

// Nothing is inlined: the page's policy lets through files of its own origin and nothing else.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [plainPages(path.join(import.meta.dirname, 'plain')), seal(version), licences.page],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { alias: { crypto: path.join(import.meta.dirname, 'src/no-node-crypto.ts') } },
  define: { __QSEC_VERSION__: JSON.stringify(version) },
  worker: {
    plugins: () => [licences.worker],
    rolldownOptions: {
      output: {
        // Browsers know a service worker by its address; every other worker has its hash in its name.
        entryFileNames: ({ name }) => (name === 'sw' ? serviceWorkerFile : 'assets/[name]-[hash].js'),
      },
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // Vite leaves out a part that imports nothing else; its preload is what brings the hash.
      resolveDependencies: (file, others, { hostType }) =>
        hostType === 'js' ? [...new Set([file, ...others])] : others,
    },
    reportCompressedSize: true,
    // One file of the room's code: see `partsOf`.
    chunkSizeWarningLimit: 600,
    rolldownOptions: { output: { codeSplitting: { groups: partsOf(import.meta.dirname) } } },
  },
})
