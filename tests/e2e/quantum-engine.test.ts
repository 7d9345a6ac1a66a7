/** The quantum engine in a real Chromium: its contract in a real worker, and a room's own worker under the relay's policy. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workerPolicy } from '../../packages/server/src/http/headers.ts'
import { createRoom, joinRoom, openStage, reads, say } from './browsers.ts'
import { bundled, type Call, type Lab, openLab, openPage } from './in-page.ts'

type InPage = typeof import('../../packages/client/src/quantum/engine/contract-in-page.ts')

describe('the engine in a worker of its own', () => {
  let lab: Lab

  beforeAll(async () => {
    const page = await bundled('packages/client/src/quantum/engine/contract-in-page.ts')
    const worker = await bundled('packages/client/src/quantum-worker.ts')
    lab = await openLab(page, {
      '/worker.js': { body: worker, policy: workerPolicy },
      // As a host without our headers would send it: with the page's policy, which grants no WebAssembly.
      '/strict.js': { body: worker, policy: "default-src 'none'; script-src 'self'" },
      '/broken.js': { body: 'throw new Error("broken")', policy: workerPolicy },
    })
  })
  afterAll(() => lab?.close())

  const inNewPage = async (before?: string): Promise<Call<InPage>> =>
    (await openPage<InPage>(lab, lab.browser, before)).call

  it('keeps every promise of the engine’s contract, with amplification in wasm', async () => {
    const outcomes = await (await inNewPage())('runContract', '/worker.js', { thread: 'worker', amplifier: 'wasm' })
    expect(outcomes.filter(({ error }) => error)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(8)
  })

  it('[QK18] where the policy of its script grants no wasm, it amplifies in TypeScript', async () => {
    const call = await inNewPage()
    expect(await call('runOnce', '/strict.js')).toEqual({
      place: { thread: 'worker', amplifier: 'typescript' },
      ended: 'key',
      faults: [],
    })
  })

  it('[QK19] in a browser without workers runs are computed on the page’s thread', async () => {
    const place = { thread: 'page', amplifier: 'wasm' }
    const call = await inNewPage('delete globalThis.Worker')
    expect(await call('runOnce', '/worker.js')).toEqual({
      place,
      ended: 'key',
      faults: [],
    })
  })

  it('[QK20] a script that is gone, or breaks, ends the run with a reason', async () => {
    for (const address of ['/gone.js', '/broken.js']) {
      const { ended, faults } = await (await inNewPage())('runOnce', address)
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
