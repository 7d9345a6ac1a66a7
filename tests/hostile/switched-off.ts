/** Runs the test of a switch in a Vitest of its own, with that defence taken out of the product. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Switch } from './switches.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** `noticed`: the test ran and failed. `why`: the first line of how it failed, or what kept it from running. */
export interface Outcome {
  outcome: 'noticed' | 'unnoticed' | 'did not run'
  why: string
}

interface Report {
  testResults: {
    message?: string
    assertionResults: { title: string; status: string; failureMessages?: string[] }[]
  }[]
}

export async function runSwitchedOff({ name, test }: Switch): Promise<Outcome> {
  return runTest(test, name)
}

/** With every defence in place: a test that fails all the same shows nothing. */
export async function passesHonestly({ test }: Switch): Promise<boolean> {
  return (await runTest(test)).outcome === 'unnoticed'
}

async function runTest(test: Switch['test'], name?: string): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-switch-'))
  const outputFile = path.join(folder, 'report.json')
  const project = /^tests\/(hostile|system)\//.exec(test.file)?.[1] ?? 'unit'
  const args = ['run', '--project', project, test.file, '-t', `\\[${test.id}\\]`, '--reporter=json']
  // The outer Vitest's own variables would make the inner one one of its workers.
  const clean = Object.entries(process.env).filter(([key]) => !/^VITEST|^TEST$|^NODE_OPTIONS$|^QSEC_SWITCH$/.test(key))
  const env = { ...Object.fromEntries(clean), ...(name === undefined ? {} : { QSEC_SWITCH: name }) }
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  try {
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, [vitest, ...args, `--outputFile=${outputFile}`], { cwd: root, env })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += String(piece)))
      child.on('error', reject)
      child.on('exit', () => resolve(output))
    })
    if (!existsSync(outputFile)) return { outcome: 'did not run', why: said.slice(-500) }
    const { testResults } = JSON.parse(readFileSync(outputFile, 'utf8')) as Report
    const ours = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ title, status }) => title.includes(`[${test.id}]`) && status !== 'skipped')
    if (ours.length === 0) return { outcome: 'did not run', why: testResults.map(({ message }) => message).join('; ') }
    const failed = ours.find(({ status }) => status === 'failed')
    if (!failed) return { outcome: 'unnoticed', why: 'the test passed' }
    return { outcome: 'noticed', why: failed.failureMessages?.[0]?.split('\n')[0] ?? '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
