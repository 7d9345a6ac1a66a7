/** A server that is given one build after another at one address, as an operator would, and builds that differ. */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { nodeRandom } from '@qsec/client/node'
import { createReleaseSecret, manifestHash, type ReleaseSecret, signRelease } from '@qsec/client/release'
import { type RunningRelay, startRelay } from '@qsec/server'
import type { Page } from 'playwright-core'
import { fileList, listFiles } from '../../apps/web/build/seal.ts'

const built = path.resolve(import.meta.dirname, '../../apps/web/dist')

/** What a test changes in a build before its list is made. */
type Edit = (folder: string) => void

export class Deployment {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'qsec-deployment-'))
  readonly url: string
  readonly #port: number
  #relay: RunningRelay | undefined
  #builds = 0

  private constructor(relay: RunningRelay) {
    this.#port = relay.port
    this.url = relay.url.replace('127.0.0.1', 'localhost')
  }

  /** Begins with the build of this tree, or with another one. */
  static async open(edit: Edit = () => undefined): Promise<Deployment> {
    const probe = await startRelay({ databasePath: ':memory:' })
    await probe.close()
    const deployment = new Deployment(probe)
    await deployment.serve(deployment.build(edit))
    return deployment
  }

  /** A build that its own list describes; `version` stands in the list and, as a mark, in files that can be seen. */
  build(edit: Edit = () => undefined, version?: string): string {
    const folder = path.join(this.folder, `build-${++this.#builds}`)
    cpSync(built, folder, { recursive: true })
    if (version !== undefined) {
      const page = path.join(folder, 'index.html')
      writeFileSync(page, readFileSync(page, 'utf8').replace('Self-hosted, end', `${version}: self-hosted, end`))
      writeFileSync(path.join(folder, 'third-party-notices.txt'), `notices of ${version}\n`)
      appendFileSync(path.join(folder, 'sw.js'), `\n// ${version}\n`)
    }
    edit(folder)
    const { version: own } = JSON.parse(readFileSync(path.join(folder, fileList), 'utf8')) as { version: string }
    writeFileSync(path.join(folder, fileList), JSON.stringify({ version: version ?? own, files: listFiles(folder) }))
    return folder
  }

  async serve(webRoot: string): Promise<void> {
    await this.stop()
    const databasePath = path.join(this.folder, 'qsec2.db')
    this.#relay = await startRelay({ port: this.#port, databasePath, webRoot, report: () => undefined })
  }

  async stop(): Promise<void> {
    await this.#relay?.close()
    this.#relay = undefined
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export const newSecret = (): ReleaseSecret => createReleaseSecret(nodeRandom)

export async function sign(folder: string, secret: ReleaseSecret, now: Date = new Date()): Promise<void> {
  const list = readFileSync(path.join(folder, fileList))
  writeFileSync(path.join(folder, `${fileList}.sig`), await signRelease(secret, list, now, nodeRandom))
}

export function hashOf(folder: string): string {
  return manifestHash(readFileSync(path.join(folder, fileList)))
}

/** Waits until this browser keeps a version, and resolves with its hash. */
export async function untilKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    for (;;) {
      const note = await caches.match('/qsec-kept')
      const hash = note && ((await note.json()) as { current?: { hash: string } }).current?.hash
      if (hash !== undefined) return hash
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })
}

/** What of the version can be seen in the page that stands: of its HTML, and of a file that it asks for. */
export async function markOf(page: Page): Promise<{ html: string; notices: string }> {
  return page.evaluate(async () => ({
    html:
      /^[\d.]+(?=:)/.exec(document.querySelector<HTMLMetaElement>('meta[name=description]')!.content)?.[0] ?? 'first',
    notices: /^notices of (\S+)/.exec(await (await fetch('/third-party-notices.txt')).text())?.[1] ?? 'first',
  }))
}
