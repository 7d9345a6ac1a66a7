// npm 11 and 12 leave an optional platform package out of package-lock.json when the registry in use does not carry it,
// and `npm ci` then refuses that lock file (npm/cli#9846). This puts an entry in for each package left out, with the
// version from its parent and os, cpu and libc read from its name, and takes registry addresses out.
//   node scripts/fix-lock.mjs          after every npm install
//   node scripts/fix-lock.mjs --check  fails when the lock file would change, or a runtime in it has no integrity
import { readFileSync, writeFileSync } from 'node:fs'

const file = 'package-lock.json'
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32']

// The packages that hold a Node (boot.mjs). An entry made here has no integrity, and npm then takes whatever a registry
// sends under that name: bearable for a tool that most hosts never install, not for the program that runs everything.
const runtime = /(^|\/)node_modules\/node-(linux-x64|linux-arm64|win-x64)$/

const before = readFileSync(file, 'utf8')
const lock = JSON.parse(before)
const packages = lock.packages

/** Whether `name` is found from `folder` as Node would look it up: beside it, then in each folder above. */
function resolves(folder, name) {
  for (let at = folder; ; at = parent(at)) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at) return false
  }
}

/** The folder whose node_modules holds `folder`; the root is ''. */
function parent(folder) {
  const end = folder.lastIndexOf('/node_modules/')
  return end < 0 ? '' : folder.slice(0, end)
}

function entryFor(name, version, wantedBy) {
  const words = name.replace(/^@[^/]*\//, '').split('-')
  const cpu = processors.find((word) => words.includes(word))
  const os = systems.find((word) => words.includes(word))
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(wantedBy.dev && { dev: true }),
    optional: true,
    ...(os && { os: [os] }),
    ...(words.includes('musl') && { libc: ['musl'] }),
  }
}

const added = []
for (const [folder, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolves(folder, name)) continue
    if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version)) {
      console.error(`fix-lock: ${name}@${version}, wanted by ${folder || 'the root'}, is no exact version: left out`)
      continue
    }
    packages[`node_modules/${name}`] = entryFor(name, version, entry)
    added.push(`${name}@${version}`)
  }
}
for (const entry of Object.values(packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
const unguarded = Object.keys(packages).filter((folder) => runtime.test(folder) && !packages[folder].integrity)
const after = `${JSON.stringify(lock, null, 2)}\n`

for (const folder of unguarded) {
  console.error(
    `fix-lock: ${folder} has no integrity: delete it and run \`npm install\` where the registry has the package`,
  )
}
if (process.argv.includes('--check')) {
  if (after !== before) console.error('fix-lock: package-lock.json needs `node scripts/fix-lock.mjs`')
  if (after !== before || unguarded.length > 0) process.exit(1)
} else {
  writeFileSync(file, after)
  console.error(`fix-lock: ${added.length} added${added.map((name) => ` ${name}`).join('')}`)
}
