/**
 * Searches the model of commit order further than the fast suite does, with Spin and gcc: some minutes, half a gigabyte.
 *   npm run soak -- model [L, 3] [FAULTS, 1]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const [size = '3', faults = '1'] = process.argv.slice(2)
const model = path.join(import.meta.dirname, '../tests/model/commits.pml')
const folder = mkdtempSync(path.join(tmpdir(), 'qsec-spin-'))
const steps: [string, ...string[]][] = [
  ['spin', `-DL=${size}`, `-DFAULTS=${faults}`, '-a', model],
  ['gcc', '-O2', '-DSAFETY', '-DCOLLAPSE', '-DVECTORSZ=2048', '-o', 'pan', 'pan.c'],
  ['./pan', '-m300000', '-n'],
]
try {
  for (const [program, ...args] of steps) {
    const { status, stdout, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (error || status !== 0) throw new Error(`soak: ${program}: ${error?.message ?? stdout.slice(-500)}`)
    if (program !== './pan') continue
    console.log(stdout)
    process.exitCode = /errors: 0/.test(stdout) ? 0 : 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
