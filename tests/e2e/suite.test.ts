/** The cipher suite in a real Chromium, against Node's and against the one in JavaScript. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { suite } from '../../packages/client/src/crypto/suite.ts'
import { fromBase64Url, toBase64Url } from '../../packages/protocol/src/index.ts'

type InPage = typeof import('../../packages/client/src/crypto/suite/suite-in-page.ts')

const entry = fileURLToPath(new URL('../../packages/client/src/crypto/suite/suite-in-page.ts', import.meta.url))
const crypto = fileURLToPath(new URL('../../apps/web/src/no-node-crypto.ts', import.meta.url))
const html = `<!doctype html><title>.</title>
<script type="module">import * as inPage from '/page.js'; globalThis.inPage = inPage</script>`
const folder = mkdtempSync(join(tmpdir(), 'qsec-suite-'))
let script = ''
let server: Server
let browser: Browser
let page: Page

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    resolve: { alias: { crypto } },
    build: {
      outDir: folder,
      target: 'es2022',
      minify: false,
      lib: { entry, formats: ['es'], fileName: () => 'page.js' },
    },
  })
  script = readFileSync(join(folder, 'page.js'), 'utf8')
  server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (request.url === '/') response.setHeader('content-type', 'text/html').end(html)
    else response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await chromium.launch({
    executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  })
  page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await page.waitForFunction('globalThis.inPage !== undefined')
})

afterAll(async () => {
  await browser?.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs one function of the entry in the page. */
async function call<K extends keyof InPage>(
  name: K,
  ...args: Parameters<InPage[K]>
): Promise<Awaited<ReturnType<InPage[K]>>> {
  const result = await page.evaluate(
    ([name, args]) => {
      const { inPage } = globalThis as unknown as { inPage: Record<string, (...args: unknown[]) => unknown> }
      return inPage[name]!(...args)
    },
    [name, args as unknown[]] as const,
  )
  return result as Awaited<ReturnType<InPage[K]>>
}

const random = (length: number) => toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(length)))
const read = (text: string) => fromBase64Url(text)!
const [info, aad] = [new Uint8Array(1), new Uint8Array(2)]

it('[CS11] Chromium does the work itself, but for the hashes', async () => {
  // Its versions before ML-KEM came would take JavaScript here; the one of the tests has it.
  expect(await call('backendsHere')).toEqual({
    mlKem: 'webcrypto',
    x25519: 'webcrypto',
    ed25519: 'webcrypto',
    aesGcm: 'webcrypto',
    hash: 'javascript',
  })
})

it("[CS12] a page's suite, the one in JavaScript and Node's open and verify what the others made", async () => {
  for (const which of ['page', 'javascript'] as const) {
    const [ikm, plaintext] = [random(32), random(100)]
    const publicKey = await call('publicKeyOf', which, ikm)
    const own = await suite.hpke.deriveKeyPair(read(ikm))
    expect(toBase64Url(await suite.hpke.exportPublicKey(own.publicKey))).toBe(publicKey)

    const { enc, ct } = await suite.hpke.seal(own.publicKey, read(plaintext), info, aad)
    expect(await call('openWith', which, ikm, { enc: toBase64Url(enc), ct: toBase64Url(ct) })).toBe(plaintext)
    const sealed = await call('sealTo', which, publicKey, plaintext)
    expect(toBase64Url(await suite.hpke.open(own.privateKey, read(sealed.enc), read(sealed.ct), info, aad))).toBe(
      plaintext,
    )
    await expect(suite.hpke.open(own.privateKey, read(sealed.enc), read(sealed.ct), info, info)).rejects.toThrow()

    const { signKey, publicKey: verifyKey } = await suite.signature.keygen()
    const signature = await call('sign', which, toBase64Url(signKey), plaintext)
    expect(await suite.signature.verify(verifyKey, read(plaintext), read(signature))).toBe(true)
    expect(await call('verify', which, toBase64Url(verifyKey), plaintext, signature)).toBe(true)
    expect(await call('verify', which, toBase64Url(verifyKey), random(100), signature)).toBe(false)
    const neutral = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)))
    expect(await call('verify', which, neutral, plaintext, signature)).toBe(false)
  }
})

it("[CS13] the page's script asks for no module of Node", () => {
  expect(script).not.toMatch(/(from|import\()\s*["']node:/)
  expect(script).not.toContain('__vite-browser-external')
})
