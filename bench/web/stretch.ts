/**
 * How long a page waits for its passphrase: `npm run bench -- web/stretch [times]`. Argon2id at the usual cost, in Chromium, by
 * the page's own function and in its own worker, which starts anew each time as it does for people; beside it Node's.
 */
import { loadavg } from 'node:os'
import { stretchInNode } from '../../packages/client/src/vault/stretch.node.ts'
import { usualCost } from '../../packages/client/src/vault/stretch.ts'
import { bundled, openLab, openPage } from '../../tests/e2e/in-page.ts'

const times = Number(process.argv[2] ?? 7)
const load = loadavg()[0]

const lab = await openLab(await bundled('packages/client/src/vault/stretch-worker.ts'), {
  '/argon2.js': { body: await bundled('packages/client/src/vault/argon2.worker.ts') },
})
const { page } = await openPage(lab)
await page.waitForFunction('globalThis.inPage !== undefined')
const chromiumMs = await page.evaluate(
  async ({ times, cost }) => {
    type InPage = typeof import('../../packages/client/src/vault/stretch-worker.ts')
    const { inPage } = globalThis as unknown as { inPage: InPage }
    const stretch = inPage.stretchInWorker(() => new Worker('/argon2.js', { type: 'module' }))
    const took: number[] = []
    for (let i = 0; i < times; i++) {
      const begun = performance.now()
      await stretch(new Uint8Array(20), new Uint8Array(16).fill(i), cost)
      took.push(performance.now() - begun)
    }
    return took
  },
  { times, cost: usualCost },
)
const version = lab.browser.version()
await lab.close()

const nodeMs: number[] = []
for (let i = 0; i < times; i++) {
  const begun = performance.now()
  await stretchInNode(new Uint8Array(20), new Uint8Array(16).fill(i), usualCost)
  nodeMs.push(performance.now() - begun)
}

for (const [where, took] of [
  [`Chromium ${version}, in a worker`, chromiumMs],
  [`Node ${process.versions.node}, by OpenSSL`, nodeMs],
] as const) {
  const sorted = took.map(Math.round).sort((a, b) => a - b)
  console.log(
    JSON.stringify({
      where,
      ...usualCost,
      times,
      medianMs: sorted[Math.floor(times / 2)],
      fastestMs: sorted[0],
      slowestMs: sorted.at(-1),
      load,
    }),
  )
}
