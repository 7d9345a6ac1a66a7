import path from 'node:path'
import { mergeConfig } from 'vite'
import product from '../vite.config.ts'

// vite apps/web/dev -- then /room/garden?scene=busy
export default mergeConfig(product, {
  root: import.meta.dirname,
  server: { fs: { allow: [path.resolve(import.meta.dirname, '../../..')] } },
})
