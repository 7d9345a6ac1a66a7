import { defineConfig } from 'vitest/config'
import { switchPlugin } from './tests/hostile/switch-plugin.ts'

// A switch takes one defence out of the product's text, to show that a test notices (tests/hostile/switches.ts).
// What Vitest keeps of transformed files is not kept then: the next run would begin without that defence.
const fsModuleCache = process.env.QSEC_SWITCH === undefined

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          fsModuleCache,
          environment: 'node',
          // Some start a program, which takes seconds on a busy machine.
          testTimeout: 20_000,
          include: [
            'packages/**/*.test.ts',
            'apps/**/*.test.ts',
            'apps/**/*.test.tsx',
            'tests/*.test.ts',
            'tests/sim/*.test.ts',
            'tests/model/*.test.ts',
            'tests/fuzz/*.test.ts',
            'tests/hostile/rules.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**'],
        },
        oxc: { jsx: { importSource: 'preact' } },
        plugins: [switchPlugin()],
      },
      {
        plugins: [switchPlugin()],
        test: {
          name: 'system',
          fsModuleCache,
          environment: 'node',
          include: ['tests/system/**/*.test.ts', 'tests/chaos/**/*.test.ts'],
          // Each story runs a relay and several devices, and spends most of its time waiting for one of them.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [switchPlugin()],
        test: {
          name: 'hostile',
          fsModuleCache,
          environment: 'node',
          include: ['tests/hostile/**/*.test.ts'],
          exclude: ['tests/hostile/rules.test.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          // As long as the waits for what the page shows: a busy machine is no fault of the page.
          expect: { poll: { timeout: 10_000 } },
          // Fingers and focus have their times: a second browser would take them away on two cores.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
