/** The processes of a run: one server, and one load on it. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { memoryEnv, memoryFlags } from '../../scripts/memory.mjs'
import type { LoadOrder, LoadReport } from './load.ts'
import type { Kind, ServerFigures } from './server.ts'

interface Load {
  give(order: LoadOrder): void
  /** The next report, which must be of this type. */
  next<T extends LoadReport['type']>(type: T): Promise<Extract<LoadReport, { type: T }>>
}

export interface Running {
  server: ChildProcess
  port: number
  load: Load
  end(): void
}

/** With `profileFolder` the server leaves a CPU profile there when it ends. */
export async function start(kind: Kind, profileFolder?: string): Promise<Running> {
  const profiled = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]
  const server = child('./server.ts', [kind], profiled)
  const { port } = await answerOf<{ port: number }>(server)
  const { load, endLoad } = startLoad()
  return {
    server,
    port,
    load,
    end: () => {
      endLoad()
      server.disconnect()
    },
  }
}

export function startLoad(): { load: Load; endLoad: () => void } {
  const load = child('./load.ts', [], [])
  return { load: loadIn(load), endLoad: () => load.disconnect() }
}

export async function figuresOf(server: ChildProcess): Promise<ServerFigures> {
  const answer = answerOf<ServerFigures>(server)
  server.send('figures')
  return answer
}

function loadIn(process: ChildProcess): Load {
  const reports: LoadReport[] = []
  let wake: (() => void) | undefined
  process.on('message', (report: LoadReport) => {
    reports.push(report)
    wake?.()
  })
  return {
    give: (order) => void process.send(order),
    async next<T extends LoadReport['type']>(type: T) {
      while (reports.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const report = reports.shift()!
      if (report.type === 'failed') throw new Error(report.reason)
      if (report.type !== type) throw new Error(`the load says ${report.type} in the place of ${type}`)
      return report as Extract<LoadReport, { type: T }>
    },
  }
}

/** As `npm start` has it, for all alike: modules come compiled, no compiler stays in memory, and garbage is collected early. */
const compileCache = mkdtempSync(path.join(tmpdir(), 'qsec-bench-cache-'))
process.on('exit', () => rmSync(compileCache, { recursive: true, force: true }))

function child(file: string, args: string[], execArgv: string[]): ChildProcess {
  const env = { ...process.env, ...memoryEnv, NODE_COMPILE_CACHE: compileCache }
  return fork(new URL(file, import.meta.url), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...memoryFlags, ...execArgv],
    env,
  })
}

function answerOf<T>(process: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the benchmark ended with ${code}`))
    process.once('exit', onExit)
    process.once('message', (message) => {
      process.off('exit', onExit)
      resolve(message as T)
    })
  })
}
