// Runs on any Node >= 18.17 and imports nothing that has to be installed. It installs the dependencies, picks a Node
// that is new enough, builds the web client, and then starts the server, runs the tests, or runs one program:
//   node scripts/boot.mjs start [server arguments]
//   node scripts/boot.mjs build
//   node scripts/boot.mjs test [vitest arguments]
//   node scripts/boot.mjs check
//   node scripts/boot.mjs picture
//   node scripts/boot.mjs bench <name> [arguments]
//   node scripts/boot.mjs soak [name [arguments]]
//   node scripts/boot.mjs run <file.ts> [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryEnv, memoryFlags } from './memory.mjs'
import { permissionFlags } from './permissions.mjs'

const floor = [24, 15]
// Each is an npm package node-<name>, pinned in package.json, with the sha256 of the program in it at that version. Where
// none is known (undefined), npm's integrity of the whole package, from the lock file, is what holds; that each of them
// has one there is checked by fix-lock.mjs --check.
const runtimes = {
  'linux-x64': '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  'linux-arm64': undefined,
  'win-x64': undefined,
}
const web = 'apps/web'
const bundled = [web, 'packages/protocol', 'packages/client', 'packages/qkd'] // what the web bundle is made of
const server = 'packages/server/src/main.ts'
// Debian package: a command that it puts on PATH, the variable that names another copy, whether tests can do without it.
const debian = {
  chromium: { command: 'chromium', variable: 'QSEC_CHROMIUM', required: true },
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
const [mode, ...rest] = process.argv.slice(2)
const startedAt = Date.now()

function log(text) {
  console.error(`[qsec ${((Date.now() - startedAt) / 1000).toFixed(1)}s] ${text}`)
}

function fail(text) {
  console.error(text)
  process.exit(1)
}

// A terminal sends Ctrl-C to every process in the foreground, so there the child has its SIGINT already; npm sends it
// here a second time. Every other signal arrives at this process alone and is passed on, once for each burst.
// npm sends SIGTERM to the shell that it started, and a shell that forked this process dies without passing it on:
// losing the parent therefore counts as SIGTERM. Without npm it does not, so that the process can outlive its shell.
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']
const burstMs = 500
const parentCheckMs = 250

function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const sentAt = new Map()
    const pass = (signal) => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      const now = Date.now()
      if (now - (sentAt.get(signal) ?? 0) < burstMs) return
      sentAt.set(signal, now)
      child.kill(signal)
    }
    for (const signal of forwarded) process.on(signal, pass)
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) {
        clearInterval(watch)
        pass('SIGTERM')
      }
    }, parentCheckMs)
    const done = () => {
      clearInterval(watch)
      for (const signal of forwarded) process.off(signal, pass)
    }
    child.on('error', (error) => {
      done()
      fail(`${command}: ${error.message}`)
    })
    child.on('exit', (code, signal) => {
      done()
      if (signal)
        process.kill(process.pid, signal) // end the way the child ended
      else if (code !== 0) process.exit(code)
      else resolve()
    })
  })
}

/** npm ci, when the lock file or the platform differs from what is in node_modules. */
async function install() {
  const stamp = 'node_modules/.qsec-installed'
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
  const wanted = `${process.platform}-${process.arch} ${lock}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  log('npm ci')
  rmSync(stamp, { force: true })
  // npm ci warns of every package that wants a newer Node than npm itself runs on; those run on the runtime picked below.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  if (npm && /npm-cli\.c?js$/.test(npm)) await run(process.execPath, [npm, ...args])
  else await run('npm', args, { shell: process.platform === 'win32' })
  writeFileSync(stamp, wanted)
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > floor[0] || (major === floor[0] && minor >= floor[1])
}

/** Read in pieces: a Node is 127 MB, and this process lives as long as the server. */
async function sha256(file) {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece)
  return hash.digest('hex')
}

/** This Node if it is new enough, else the one that npm has installed from the lock file. */
async function pickRuntime() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const here = `QSEC needs Node >= ${floor.join('.')}; this is ${process.version}`
  const name = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const directory = path.join(root, 'node_modules', `node-${name}`)
  if (!Object.hasOwn(runtimes, name)) fail(`${here}, and no pinned build exists for ${name}. Install a newer Node.`)
  if (!existsSync(directory)) fail(`${here}, and node-${name} is not installed. Is npm set to omit optional packages?`)
  const { bin } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'))
  const node = path.join(directory, bin.node)
  const wanted = runtimes[name]
  if (wanted && (await sha256(node)) !== wanted) fail(`${here}, and the sha256 of ${node} is not the pinned ${wanted}.`)
  const asked = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (asked.status !== 0)
    fail(`${here}, and node-${name} does not run on this system (it needs glibc). Install a newer Node.`)
  if (!isNewEnough(asked.stdout.trim())) fail(`${here}, and node-${name} is ${asked.stdout.trim()}.`)
  log(`runtime ${asked.stdout.trim()} from node_modules, npm runs on ${process.version}`)
  return node
}

function newestChange(directory) {
  let newest = 0
  for (const entry of readdirSync(directory, { recursive: true })) {
    if (/(^|[\\/])(node_modules|dist)([\\/]|$)/.test(entry)) continue
    newest = Math.max(newest, statSync(path.join(directory, entry)).mtimeMs)
  }
  return newest
}

/** vite build, when a source of the bundle or the installation is newer than the last one. */
async function buildWeb(node, env) {
  const built = path.join(web, 'dist/qsec-files.json') // the last file that a build writes
  const sources = bundled.filter((directory) => existsSync(directory)).map(newestChange)
  const installed = statSync('node_modules/.qsec-installed').mtimeMs
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(installed, ...sources)) return
  log(`vite build ${web}`)
  await run(node, ['node_modules/vite/bin/vite.js', 'build', web, '--logLevel', 'warn'], { env })
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(path.delimiter).some((directory) => existsSync(path.join(directory, command)))
}

/** The Debian packages that tests use. As root they are installed; otherwise the caller is told what is missing. */
async function provideForTests() {
  const missing = Object.keys(debian).filter(
    (name) => !process.env[debian[name].variable] && !isOnPath(debian[name].command),
  )
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && isOnPath('apt-get')) {
    log(`apt-get install ${missing.join(' ')}`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const quiet = ['-qq', '-o', 'DPkg::Lock::Timeout=300']
    await run('apt-get', [...quiet, 'update'], { env })
    const stdio = ['ignore', 'ignore', 'inherit']
    await run('apt-get', [...quiet, 'install', '-y', '--no-install-recommends', ...missing], { env, stdio })
    return
  }
  const blocking = missing.filter((name) => debian[name].required)
  const told = missing.map((name) => `${name} (or set ${debian[name].variable})`).join(', ')
  if (blocking.length > 0) fail(`Missing for the tests: ${told}. Install them, or run as root on Debian.`)
  log(`missing: ${told}; the tests that need them will be skipped`)
}

/** Everything that can be said about the tree without running it. */
async function inspect(node, env) {
  await run(node, ['scripts/fix-lock.mjs', '--check'], { env })
  log('types')
  for (const part of ['core', 'client', 'web', 'node', 'tests']) {
    await run(node, ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${part}.json`], { env })
  }
  log('lint')
  await run(node, ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'], { env })
  log('unused code')
  await run(node, ['node_modules/knip/bin/knip.js'], { env })
}

if (!['start', 'build', 'test', 'check', 'picture', 'bench', 'soak', 'run'].includes(mode)) {
  fail(
    'usage: node scripts/boot.mjs start | build | test | check | picture | bench <name> | soak [name] | run <file.ts>',
  )
}
await install()
const node = await pickRuntime()
const binaries = [path.dirname(node), path.join(root, 'node_modules/.bin'), process.env.PATH]
const env = { ...process.env, PATH: binaries.join(path.delimiter) }

if (mode === 'run') {
  await run(node, rest, { env })
} else if (mode === 'bench') {
  const [name = '', ...others] = rest
  const file = `bench/${name}.ts`
  if (!/^[a-z0-9/-]+$/.test(name) || !existsSync(file)) fail(`There is no benchmark ${name || '(name it)'} in bench/.`)
  await run(node, [file, ...others], { env })
} else if (mode === 'soak') {
  const [name, ...others] = rest
  const names = readdirSync('soak').flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? [])
  if (name === undefined) console.log(names.join('\n'))
  else if (!names.includes(name)) fail(`There is no soak ${name} in soak/. There are: ${names.join(', ')}.`)
  else await run(node, [`soak/${name}.ts`, ...others], { env })
} else if (mode === 'check') {
  await inspect(node, env)
  log('fast tests')
  await run(node, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...rest], { env })
  log('done')
} else {
  await buildWeb(node, env)
  if (mode === 'start') {
    // Kept beside the code that it is made of. Without it each start loads a compiler of TypeScript, 25 MiB that stay.
    const NODE_COMPILE_CACHE = path.resolve(process.env.NODE_COMPILE_CACHE ?? 'node_modules/.cache/qsec')
    const { QSEC_PERMISSIONS, ...relayEnv } = env
    const flags = QSEC_PERMISSIONS === 'off' ? [] : permissionFlags(root, rest, env, NODE_COMPILE_CACHE)
    await run(node, [...memoryFlags, ...flags, server, ...rest], {
      env: { ...memoryEnv, ...relayEnv, NODE_COMPILE_CACHE },
    })
  } else if (mode === 'build') {
    log('built')
  } else if (mode === 'picture') {
    await provideForTests()
    await run(node, ['tests/e2e/picture.ts'], { env })
  } else {
    await provideForTests()
    await inspect(node, env)
    log('tests')
    await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...rest], { env })
    log('done')
  }
}
