/** Modules of ours in a real Chromium without the application around them: built, served, and called from a test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { launch } from './browsers.ts'

const root = path.resolve(import.meta.dirname, '../..')
const html = `<!doctype html><title>.</title>
<script type="module">import * as inPage from '/page.js'; globalThis.inPage = inPage</script>`

interface Answer {
  body: string
  /** The Content-Security-Policy that it comes with. */
  policy?: string
}

export interface Lab {
  origin: string
  server: Server
  browser: Browser
  close(): Promise<void>
}

/** One file out of the module at `entry`, a path from the root of the tree. */
export async function bundled(entry: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-in-page-'))
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      root: folder,
      resolve: { alias: { crypto: path.join(root, 'apps/web/src/no-node-crypto.ts') } },
      build: {
        outDir: folder,
        target: 'es2022',
        minify: false,
        lib: { entry: path.join(root, entry), formats: ['es'], fileName: () => 'script.js' },
        rolldownOptions: { output: { codeSplitting: false } },
      },
    })
    return readFileSync(path.join(folder, 'script.js'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Serves a page whose one script is `script`, and what else is asked for by its path. */
export async function openLab(script: string, others: Record<string, Answer> = {}): Promise<Lab> {
  const answers: Record<string, Answer> = { '/': { body: html }, '/page.js': { body: script }, ...others }
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/socket.io/')) return // a relay's, where a test puts one on this server
    const { body, policy } = answers[request.url ?? ''] ?? {}
    if (body === undefined) response.statusCode = 404
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript').end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await launch()
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    browser,
    async close() {
      await browser.close()
      server.close()
    },
  }
}

type Exports = Record<string, (...args: never[]) => unknown>

/** Runs one function that the page's script exports. What goes in and out is copied as JSON. */
export type Call<In extends Exports> = <K extends keyof In>(
  name: K,
  ...args: Parameters<In[K]>
) => Promise<Awaited<ReturnType<In[K]>>>

/** @param before - a script that runs ahead of all others of the page */
export async function openPage<In extends Exports>(
  lab: Lab,
  where: Browser | BrowserContext = lab.browser,
  before?: string,
): Promise<{ page: Page; call: Call<In> }> {
  const page = await where.newPage()
  if (before !== undefined) await page.addInitScript(before)
  await page.goto(lab.origin)
  return {
    page,
    async call<K extends keyof In>(name: K, ...args: Parameters<In[K]>): Promise<Awaited<ReturnType<In[K]>>> {
      await page.waitForFunction('globalThis.inPage !== undefined')
      const result = await page.evaluate(
        ([name, args]) => {
          const { inPage } = globalThis as unknown as { inPage: Record<string, (...args: unknown[]) => unknown> }
          return inPage[name]!(...args)
        },
        [name as string, args as unknown[]] as const,
      )
      return result as Awaited<ReturnType<In[K]>>
    },
  }
}
