/** The quantum engine in a real Chromium: its contract in a real worker, and a room's own worker under the relay's policy. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workerPolicy } from '../../packages/server/src/http/headers.ts'
import { createRoom, joinRoom, openStage, reads, say } from './browsers.ts'

type InPage = typeof import('../../packages/client/src/quantum/engine/contract-in-page.ts')

describe('the engine in a worker of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qsec-engine-'))
  const html = `<!doctype html><title>.</title>
<script type="module">import * as inPage from '/page.js'; globalThis.inPage = inPage</script>`
  let server: Server
  let browser: Browser
  let origin = ''

  beforeAll(async () => {
    const source = (path: string) => fileURLToPath(new URL(`../../packages/client/src/${path}`, import.meta.url))
    const scripts = { page: source('quantum/engine/contract-in-page.ts'), worker: source('quantum-worker.ts') }
    for (const [name, entry] of Object.entries(scripts)) {
      await build({
        configFile: false,
        logLevel: 'error',
        root: folder,
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: 'es2024',
          minify: false,
          lib: { entry, formats: ['es'], fileName: () => `${name}.js` },
          rolldownOptions: { output: { codeSplitting: false } },
        },
      })
    }
    const [page, worker] = ['page.js', 'worker.js'].map((name) => readFileSync(join(folder, name)))
    const answers: Record<string, [policy: string | undefined, body: string | Buffer]> = {
      '/': [undefined, html],
      '/page.js': [undefined, page!],
      '/worker.js': [workerPolicy, worker!],
      // As a host without our headers would send it: with the page's policy, which grants no WebAssembly.
      '/strict.js': ["default-src 'none'; script-src 'self'", worker!],
      '/broken.js': [workerPolicy, 'throw new Error("broken")'],
    }
    server = createServer((request, response) => {
      const [policy, body] = answers[request.url ?? ''] ?? []
      if (body === undefined) response.statusCode = 404
      if (policy) response.setHeader('content-security-policy', policy)
      response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript').end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await chromium.launch({
      executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--disable-dev-shm-usage'],
    })
  })

  afterAll(async () => {
    await browser?.close()
    server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs one function of the entry in a new page. */
  async function call<K extends keyof InPage>(
    name: K,
    args: Parameters<InPage[K]>,
    before?: string,
  ): Promise<Awaited<ReturnType<InPage[K]>>> {
    const page = await browser.newPage()
    if (before) await page.addInitScript(before)
    await page.goto(origin)
    await page.waitForFunction('globalThis.inPage !== undefined')
    const result = await page.evaluate(
      ([fn, given]) => {
        const { inPage } = globalThis as unknown as { inPage: Record<string, (...args: unknown[]) => unknown> }
        return inPage[fn]!(...given)
      },
      [name, args as unknown[]] as const,
    )
    await page.close()
    return result as Awaited<ReturnType<InPage[K]>>
  }

  it('keeps every promise of the engine’s contract, with amplification in wasm', async () => {
    const outcomes = await call('runContract', ['/worker.js', { thread: 'worker', amplifier: 'wasm' }])
    expect(outcomes.filter(({ error }) => error)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(8)
  })

  it('[QK18] where the policy of its script grants no wasm, it amplifies in TypeScript', async () => {
    expect(await call('runOnce', ['/strict.js'])).toEqual({
      place: { thread: 'worker', amplifier: 'typescript' },
      ended: 'key',
      faults: [],
    })
  })

  it('[QK19] in a browser without workers runs are computed on the page’s thread', async () => {
    const place = { thread: 'page', amplifier: 'wasm' }
    expect(await call('runOnce', ['/worker.js'], 'delete globalThis.Worker')).toEqual({
      place,
      ended: 'key',
      faults: [],
    })
  })

  it('[QK20] a script that is gone, or breaks, ends the run with a reason', async () => {
    for (const address of ['/gone.js', '/broken.js']) {
      const { ended, faults } = await call('runOnce', [address])
      expect([address, ended, faults.length]).toEqual([address, 'engine-failed', 1])
    }
  })
})

describe('a room’s own worker', () => {
  /** Violations of the page's policy; those of a worker reach the console as errors. */
  async function watchPolicy(page: Page, told: string[]): Promise<void> {
    await page.exposeFunction('tellViolation', (text: string) => told.push(text))
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        const { tellViolation } = globalThis as unknown as { tellViolation(text: string): void }
        tellViolation(`${violatedDirective} ${blockedURI}`)
      })
    })
  }

  it('[E10] two tabs get to a key in their workers, in wasm, without a violation, and their pages never load the code', async () => {
    const stage = await openStage()
    const violations: string[] = []
    const requested: string[] = []
    try {
      const [ana, ben] = [await stage.tab(), await stage.tab()]
      for (const page of [ana, ben]) {
        await watchPolicy(page, violations)
        page.on('request', (request) => requested.push(new URL(request.url()).pathname))
      }
      const link = await createRoom(ana, stage.url, 'Ana')
      expect(ana.workers()).toEqual([]) // lazily
      await joinRoom(ben, link, 'Ben')
      for (const page of [ana, ben]) {
        await page.getByRole('button', { name: 'Room details' }).click()
        await page.getByText('Key exchange completed').first().waitFor({ timeout: 60_000 })
        await page
          .getByText('Computed in a worker beside this page. Privacy amplification: wasm.')
          .waitFor({ timeout: 10_000 })
        expect(page.workers().map((worker) => new URL(worker.url()).pathname)).toEqual([
          expect.stringMatching(/^\/assets\/quantum\.worker-[\w-]+\.js$/),
        ])
      }
      await say(ana, 'beside the computation')
      await reads(ben, 'beside the computation')
      // The code of runs stands in a script of its own for browsers without workers. What is not loaded does not run.
      expect(requested.filter((path) => path.includes('/bb84-'))).toEqual([])
      expect(requested.some((path) => path.includes('/quantum.worker-'))).toBe(true)
      expect(violations).toEqual([])
      // The room's worker ends with the room, while the page lives on.
      await ana.getByRole('button', { name: 'Leave room' }).click()
      await ana.getByRole('button', { name: 'Leave and erase' }).click()
      const ended = new Promise((resolve) => ana.workers()[0]!.on('close', resolve))
      await ana
        .getByRole('button', { name: 'Start page' })
        .or(ana.getByRole('link', { name: 'Start page' }))
        .click()
      await ended
      expect(ana.workers()).toEqual([])
    } finally {
      await stage.close()
    }
    expect(stage.problems).toEqual([])
  })

  it('[E11] a worker from any other address is refused, the page compiles no wasm, and the worker can reach nothing', async () => {
    const stage = await openStage()
    try {
      const ana = await stage.tab()
      const response = await ana.goto(stage.url)
      expect(response!.headers()['content-security-policy']).not.toContain('wasm-unsafe-eval')
      const script = await ana.locator('script[src]').first().getAttribute('src')
      const refused = await ana.evaluate(async (known) => {
        const outcome = async (attempt: () => unknown) => {
          try {
            await attempt()
            return 'allowed'
          } catch (error) {
            return (error as Error).name
          }
        }
        const blob = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }))
        const wasm = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)
        return [
          await outcome(() => new Worker(known!)),
          await outcome(() => new Worker(blob)),
          await outcome(() => new Worker('https://evil.example/worker.js')),
          await outcome(() => WebAssembly.compile(wasm)),
        ]
      }, script)
      expect(refused).toEqual(['TypeError', 'TypeError', 'TypeError', 'CompileError'])

      const ben = await stage.tab()
      const link = await createRoom(ana, stage.url, 'Ana')
      await joinRoom(ben, link, 'Ben')
      await ana.getByText('quantum (simulated)', { exact: true }).first().waitFor({ timeout: 60_000 })
      // As text, since the test runner rewrites imports; and later, since what devtools evaluate may call eval at once.
      const reached = await ana.workers()[0]!.evaluate(`(async () => {
        const outcome = async (attempt) => {
          try {
            await attempt()
            return 'allowed'
          } catch (error) {
            return error.name
          }
        }
        await new Promise((resolve) => setTimeout(resolve))
        return [
          await outcome(() => fetch('/healthz')),
          await outcome(() => import('/assets/anything.js')),
          await outcome(() => globalThis.eval('1')),
        ]
      })()`)
      expect(reached).toEqual(['TypeError', 'TypeError', 'EvalError'])
    } finally {
      await stage.close()
    }
  })
})
