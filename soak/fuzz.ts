/**
 * Fuzzes the parsers of tests/fuzz guided by coverage, with jsfuzz. What it finds is printed in hexadecimal, and becomes a seed.
 *   npm run soak -- fuzz [seconds for each target, 60] [target ...]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'vite'
import { provideTool } from '../scripts/tools.ts'
import { targets, targetsByFile } from '../tests/fuzz/targets.ts'

const [secondsText = '60', ...names] = process.argv.slice(2)
const seconds = Number(secondsText)
const chosen = targets.filter(({ name }) => names.length === 0 || names.includes(name))
if (!(seconds > 0) || chosen.length === 0) {
  throw new Error(`soak: fuzz takes seconds, and targets of: ${targets.map(({ name }) => name).join(', ')}`)
}

const root = path.join(import.meta.dirname, '..')
const corpora = path.join(root, 'node_modules/.cache/qsec-fuzz')
/** What a corpus may keep from one time to the next; the newest stays. */
const corpusFiles = 300
const inputBytes = 32_768

const folder = mkdtempSync(path.join(tmpdir(), 'qsec-fuzz-'))
let child: ChildProcess | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    end(child)
    rmSync(folder, { recursive: true, force: true })
    process.exit(1)
  })
}

const found: string[] = []
try {
  const tool = provideTool('jsfuzz')
  const program = path.join(tool, 'node_modules/jsfuzz/build/src/index.js')
  const bundles = new Map<string, string>()
  for (const target of chosen) {
    const file = Object.keys(targetsByFile).find((name) => targetsByFile[name]!.includes(target))!
    const bundle = bundles.get(file) ?? (await bundled(tool, file))
    bundles.set(file, bundle)
    const corpus = path.join(corpora, target.name)
    mkdirSync(corpus, { recursive: true })
    for (const [i, seed] of (await target.seeds()).entries()) writeFileSync(path.join(corpus, `seed-${i}`), seed)
    const { said, crashed } = await run(program, bundle, target.name, corpus)
    bound(corpus)
    const last = said.findLast((line) => /cov: /.test(line)) ?? 'no input was tried'
    console.log(`${target.name}: ${last.replace(/^#/, '').trim()}, ${readdirSync(corpus).length} kept`)
    if (!crashed && /cov: /.test(last)) continue
    found.push(target.name)
    console.log(said.slice(-25).join('\n'))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(found.length === 0 ? 'nothing found' : `FOUND: ${found.join(', ')}`)
process.exitCode = found.length === 0 ? 0 : 1

/**
 * The targets of one file in one instrumented module, behind a file that `require` loads, as jsfuzz wants it. It would instrument by
 * itself, but only what has no `await` at its top. Which target counts stands in the environment.
 */
async function bundled(tool: string, file: string): Promise<string> {
  const entry = path.join(folder, 'entry.ts')
  const source = path.join(root, 'tests/fuzz', `${file}.ts`)
  writeFileSync(entry, `export { ${file}Targets as targets } from ${JSON.stringify(source)}`)
  const outDir = path.join(folder, file)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { 'import.meta.dirname': JSON.stringify(path.join(root, 'tests/fuzz')) },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: entry,
      outDir,
      target: 'es2022',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'targets.mjs', codeSplitting: false } },
    },
  })
  const require = createRequire(path.join(tool, 'package.json'))
  const { createInstrumenter } = require('istanbul-lib-instrument') as Instrumentation
  const module = path.join(outDir, 'targets.mjs')
  const instrumenter = createInstrumenter({ compact: true, esModules: true })
  writeFileSync(module, instrumenter.instrumentSync(readFileSync(module, 'utf8'), module))
  const door = path.join(outDir, 'fuzz.cjs')
  writeFileSync(
    door,
    `let target
exports.fuzz = async (input) => {
  target ??= (await import('./targets.mjs')).targets.find(({ name }) => name === process.env.QSEC_FUZZ_TARGET)
  if (input.length <= ${inputBytes}) await target.take(new Uint8Array(input))
}
`,
  )
  return path.relative(folder, door)
}

interface Instrumentation {
  createInstrumenter(options: object): { instrumentSync(code: string, file: string): string }
}

function run(
  program: string,
  bundle: string,
  name: string,
  corpus: string,
): Promise<{ said: string[]; crashed: boolean }> {
  return new Promise((resolve, reject) => {
    // Leads a group of its own: jsfuzz starts a worker, which would outlive it.
    const fuzzer = spawn(process.execPath, [program, bundle, corpus], {
      cwd: folder,
      detached: true,
      env: { ...process.env, QSEC_FUZZ_TARGET: name },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = fuzzer
    const said: string[] = []
    for (const stream of [fuzzer.stdout, fuzzer.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said.push(...text.split('\n').filter((line) => line.trim() !== ''))
        if (said.length > 2_000) said.splice(0, 1_000)
      })
    }
    const timer = setTimeout(() => end(fuzzer), seconds * 1_000)
    fuzzer.on('error', reject)
    fuzzer.on('exit', () => {
      clearTimeout(timer)
      end(fuzzer)
      child = undefined
      resolve({ said, crashed: said.some((line) => /^crash|was written to|Worker exited/.test(line)) })
    })
  })
}

function end(fuzzer: ChildProcess | undefined): void {
  if (fuzzer?.pid === undefined) return
  try {
    process.kill(-fuzzer.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it is gone already
  }
}

function bound(corpus: string): void {
  const files = readdirSync(corpus)
    .map((name) => path.join(corpus, name))
    .map((file) => ({ file, atMs: statSync(file).mtimeMs }))
    .sort((a, b) => b.atMs - a.atMs)
  for (const { file } of files.slice(corpusFiles)) rmSync(file)
}
