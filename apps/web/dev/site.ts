/** The screens over the fake gate, built and served under the strict policy that the real server sends. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'

export const closed = '/room/q7VnB3hZkP2mXw9RtLsYdA'
export const open = '/room/garden'

const policy =
  "default-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self'; style-src-attr 'none'; " +
  "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types qsec"

export interface Site {
  origin: string
  close(): Promise<void>
}

export async function serveScenes(): Promise<Site> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qsec-site-'))
  await build({
    configFile: path.join(import.meta.dirname, 'vite.config.ts'),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'warn',
  })
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = pathname.startsWith('/assets/') ? path.normalize(pathname) : 'index.html'
    const file = path.join(folder, name)
    const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
    response.setHeader('content-security-policy', policy)
    response.setHeader('content-type', types[path.extname(file)] ?? 'text/html; charset=utf-8')
    response.end(await readFile(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds at fault in the page as it stands, one line each. */
export async function faultsByAxe(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axe, 'utf8'))
  return page.evaluate(async () => {
    const runner = (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe
    return (await runner.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(' | ')}`,
    )
  })
}

interface Violation {
  id: string
  nodes: { target: string[] }[]
}
