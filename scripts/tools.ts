/**
 * Tools that are too large, or too old, to come with every installation: each has a folder of its own in `tools/` with a lock
 * file, from which it is installed when it is first asked for, without scripts.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/** Installs a tool, unless it is there as its lock file says. Gives its folder. */
export function provideTool(name: 'jsfuzz' | 'observatory'): string {
  const folder = path.join(root, 'tools', name)
  const stamp = path.join(folder, 'node_modules', '.qsec-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  console.log(`npm ci in tools/${name}`)
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const { status } = /npm-cli\.c?js$/.test(npm ?? '')
    ? spawnSync(process.execPath, [npm!, ...args], { cwd: folder, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) throw new Error(`tools: ${name} cannot be installed`)
  writeFileSync(stamp, wanted)
  return folder
}
