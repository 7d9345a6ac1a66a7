import path from 'node:path'
import { defineConfig } from 'vite'

/**
 * The pages that work without a secure context, as a build of their own: who serves it over plain HTTP has no file of the
 * chat. It is a folder in the build of the chat, whose list names its files too, and stands at `/plain`.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/plain/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: path.join(import.meta.dirname, '../dist/plain'),
    emptyOutDir: true,
    assetsDir: '',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ['guide', 'lab'].map((page) => path.join(import.meta.dirname, `${page}.html`)),
    },
  },
})
