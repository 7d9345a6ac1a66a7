/** The simulation of streams finds what is planted: each bug at one seed (bugs.ts), in one program for all of them. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { bugs } from './bugs.ts'

it('[SB1] every planted bug breaks a promise of the simulation, at the seed that is written beside it', {
  timeout: 120_000,
}, async () => {
  const program = path.join(import.meta.dirname, 'planted.ts')
  // Vitest's own variables and options are not for a program beside it.
  const { NODE_OPTIONS: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env })
  const found = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; violation?: string })
  expect(found.filter(({ violation }) => violation === undefined)).toEqual([])
  expect(found.map(({ name }) => name)).toEqual(bugs.map(({ name }) => name))
  expect(bugs.length).toBeGreaterThanOrEqual(20)
})
