/** The model of commit order (commits.pml), searched by Spin where it and a C compiler are installed. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const model = path.join(import.meta.dirname, 'commits.pml')
const missing = ['spin', 'gcc'].filter((tool) => spawnSync(tool, [tool === 'spin' ? '-V' : '--version']).error)
if (missing.length > 0)
  console.info(`[SPN1] skipped: ${missing.join(' and ')} not installed (Debian: apt install spin gcc)`)

/** What Spin says of the model: the first error, and whether it searched everything. */
async function search(...defines: string[]): Promise<{ error: string | undefined; complete: boolean }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-spin-'))
  try {
    await run('spin', [...defines.map((define) => `-D${define}`), '-a', model], { cwd: folder })
    await run('gcc', ['-O2', '-DSAFETY', '-DCOLLAPSE', '-DVECTORSZ=2048', '-o', 'pan', 'pan.c'], { cwd: folder })
    const { stdout } = await run('./pan', ['-m100000', '-n'], { cwd: folder, maxBuffer: 2 ** 24 })
    const error = /^pan:1: (.*)$/m.exec(stdout)?.[1]
    return { error, complete: /errors: \d/.test(stdout) && !/out of memory|max search depth/.test(stdout) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const small = ['L=3', 'FAULTS=0']

it.skipIf(missing.length > 0)(
  '[SPN1] in every order of events one commit stands in an epoch at most, none that stands is withdrawn, and some commit can follow',
  async () => {
    // Two commits with every order of events; one with two crashes or cuts, at any moments. `npm run soak -- model` goes further.
    for (const size of [small, ['L=2', 'FAULTS=2']]) {
      expect(await search(...size), size.join(' ')).toEqual({ error: undefined, complete: true })
    }
  },
  120_000,
)

it.skipIf(missing.length > 0).each([
  ['SECOND', /withdrawn|status==1|assertion violated/],
  ['NOCAS', /assertion violated/],
  ['PLAIN', /invalid end state/],
])(
  '[SPN2] a planted fault is found: %s',
  async (fault, sign) => {
    expect((await search(...small, fault)).error).toMatch(sign)
  },
  120_000,
)
