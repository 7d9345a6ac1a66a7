/**
 * Asks the registry that npm is set to for the signatures of all that is installed, and for what is known against it, here
 * and in each folder of tools/.
 *   npm run soak -- audit
 * A registry that cannot be reached, or has no answer, counts as a failure: that nothing was found then means nothing.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const folders = ['.', ...readdirSync(path.join(root, 'tools')).map((name) => `tools/${name}`)]
const questions = [
  ['audit', 'signatures'],
  ['audit', '--package-lock-only', '--audit-level=moderate'],
]
let failed = 0
for (const folder of folders) {
  for (const question of questions) {
    // Of the tools, signatures can be asked for only where they are installed.
    if (question[1] === 'signatures' && folder !== '.') continue
    const { status, stdout, stderr, error } = spawnSync('npm', question, {
      cwd: path.join(root, folder),
      encoding: 'utf8',
      timeout: 120_000,
      shell: process.platform === 'win32',
    })
    const said = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-8).join('\n    ')
    console.log(
      `${folder}: npm ${question.join(' ')}: ${status === 0 ? 'ok' : 'NOT OK'}\n    ${error?.message ?? said}`,
    )
    if (status !== 0) failed++
  }
}
process.exitCode = failed === 0 ? 0 : 1
