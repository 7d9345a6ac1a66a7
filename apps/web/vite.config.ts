import path from 'node:path'
import { defineConfig } from 'vite'
import { seal } from './build/seal.ts'

// Nothing is inlined: the page's policy lets through files of its own origin and nothing else.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [seal()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { alias: { crypto: path.join(import.meta.dirname, 'src/no-node-crypto.ts') } },
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
  },
})
