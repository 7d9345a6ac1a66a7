import path from 'node:path'
import { defineConfig } from 'vite'

// Nothing is inlined: the page's policy lets through files of its own origin and nothing else.
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { alias: { crypto: path.join(import.meta.dirname, 'src/no-node-crypto.ts') } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
})
