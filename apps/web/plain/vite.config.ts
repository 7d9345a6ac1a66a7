import path from 'node:path'
import { defineConfig } from 'vite'

/**
 * The pages that work without a secure context, as a build of their own: who serves it over plain HTTP has no file of the
 * chat. Its files stand in `/plain`, apart from those of the chat, so that one server can have both.
 */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    assetsDir: 'plain',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ['guide', 'lab'].map((page) => path.join(import.meta.dirname, `${page}.html`)),
    },
  },
})
