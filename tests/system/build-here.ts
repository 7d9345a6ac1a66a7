/** The web client of this tree, as `npm start` and `npm test` build it; built now where it is not there yet. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.resolve(import.meta.dirname, '../..')
const built = path.join(root, 'apps/web/dist')

/** Resolves with the folder of the build. */
export async function buildHere(): Promise<string> {
  if (existsSync(path.join(built, 'qsec-files.json'))) return built
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  await promisify(execFile)(process.execPath, [vite, 'build', path.join(root, 'apps/web'), '--logLevel', 'warn'])
  return built
}
