/** Runs the test of a switch in a Vitest of its own, with that defence taken out of the product. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Switch } from './switches.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** `noticed`: the test ran and failed. Anything else says what happened in its place. */
export type Outcome = 'noticed' | 'unnoticed' | `did not run: ${string}`

interface Report {
  testResults: { message?: string; assertionResults: { title: string; status: string }[] }[]
}

export async function runSwitchedOff({ name, test }: Switch): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-switch-'))
  const outputFile = path.join(folder, 'report.json')
  const project = test.file.startsWith('tests/hostile/') ? 'hostile' : 'unit'
  const args = ['run', '--project', project, test.file, '-t', `\\[${test.id}\\]`, '--reporter=json']
  // The outer Vitest's own variables would make the inner one one of its workers.
  const clean = Object.entries(process.env).filter(([key]) => !/^VITEST|^TEST$|^NODE_OPTIONS$/.test(key))
  const env = { ...Object.fromEntries(clean), QSEC_SWITCH: name }
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  try {
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, [vitest, ...args, `--outputFile=${outputFile}`], { cwd: root, env })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += String(piece)))
      child.on('error', reject)
      child.on('exit', () => resolve(output))
    })
    if (!existsSync(outputFile)) return `did not run: ${said.slice(-500)}`
    const { testResults } = JSON.parse(readFileSync(outputFile, 'utf8')) as Report
    const ours = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ title, status }) => title.includes(`[${test.id}]`) && status !== 'skipped')
    if (ours.length === 0) return `did not run: ${testResults.map(({ message }) => message).join('; ')}`
    return ours.some(({ status }) => status === 'failed') ? 'noticed' : 'unnoticed'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
