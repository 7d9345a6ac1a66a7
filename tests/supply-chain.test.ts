/** What an installation takes in: the lock file's packages with their hashes, and no script of theirs. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

interface Entry {
  version?: string
  integrity?: string
  link?: boolean
  optional?: boolean
  os?: string[]
  resolved?: string
  hasInstallScript?: boolean
}

const tools = readdirSync(path.join(root, 'tools'))
const locks = ['package-lock.json', ...tools.map((tool) => `tools/${tool}/package-lock.json`)]
const entriesOf = (lock: string) =>
  Object.entries((JSON.parse(read(lock)) as { packages: Record<string, Entry> }).packages)

/** Packages that would run something when they are installed. None is let: what it would do was read. */
const scripted: Readonly<Record<string, string>> = {
  'node_modules/@mdn/mdn-http-observatory': 'fetches lists of domains; the one that is needed stays empty',
  'node_modules/node_extra_ca_certs_mozilla_bundle': 'fetches a bundle of CAs, which we do not use',
}

it('[HX31] every package has the hash of its bytes in a lock file, and no lock file names a host', () => {
  for (const lock of locks) {
    for (const [folder, entry] of entriesOf(lock)) {
      if (folder === '' || entry.link || /^(?:apps|packages)\/[a-z]+$/.test(folder)) continue
      const where = `${lock}: ${folder}`
      // Builds for systems that nobody here has: npm leaves them out, and fix-lock.mjs puts their names back in.
      const isForeign = entry.optional === true && (entry.os !== undefined || /musl|android|gnueabihf/.test(folder))
      if (!isForeign) expect([where, entry.integrity]).toEqual([where, expect.stringMatching(/^sha512-/)])
      expect([where, entry.resolved]).toEqual([where, undefined])
    }
  }
})

it('[HX32] no package runs a script when it is installed, and those that would are known', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  expect(read('scripts/boot.mjs')).toMatch(/\['ci', '--ignore-scripts'/)
  expect(read('scripts/tools.ts')).toMatch(/\['ci', '--ignore-scripts'/)
  const found = locks.flatMap((lock) =>
    entriesOf(lock).flatMap(([folder, entry]) => (entry.hasInstallScript ? folder : [])),
  )
  expect(found.sort()).toEqual(Object.keys(scripted).sort())
})

it('[HX33] what we ask for is asked for exactly, and stands in docs/dependencies.md', () => {
  const page = read('docs/dependencies.md')
  const manifests = [
    'package.json',
    ...['apps', 'packages'].flatMap((top) =>
      readdirSync(path.join(root, top)).map((name) => `${top}/${name}/package.json`),
    ),
    ...tools.map((tool) => `tools/${tool}/package.json`),
  ]
  for (const file of manifests) {
    const manifest = JSON.parse(read(file)) as Record<string, Record<string, string> | undefined>
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        expect([file, name, version]).toEqual([file, name, expect.stringMatching(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/)])
        if (name.startsWith('@qsec/')) continue
        const short = name.replace(/^@[^/]+\//, '').replace(/^node-(?:linux|win)/, '')
        expect([name, page.includes(short)]).toEqual([name, true])
      }
    }
  }
})
