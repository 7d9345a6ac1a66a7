/** deploy/Dockerfile with a real engine: it builds, and the relay in it serves as its user. Needs the base image to be there. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const file = readFileSync(path.join(root, 'deploy/Dockerfile'), 'utf8')
const base = /^FROM (\S+) AS build$/m.exec(file)![1]!
const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' }

function buildah(...args: string[]): { ok: boolean; out: string } {
  const { status, stdout, stderr } = spawnSync('buildah', args, { cwd: root, env, encoding: 'utf8' })
  return { ok: status === 0, out: `${stdout ?? ''}${status === 0 ? '' : stderr}` }
}

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'root'
  if (!buildah('--version').ok) return 'buildah'
  return buildah('inspect', '--type', 'image', base).ok ? undefined : `the image ${base}: buildah pull ${base}`
}

const lack = missing()

describe.skipIf(lack !== undefined)(`the image${lack === undefined ? '' : ` (skipped: without ${lack})`}`, () => {
  it('[PU34] is built from the tree, and its relay serves the page as a user without rights', {
    timeout: 900_000,
  }, async () => {
    const name = `localhost/qsec-test-${process.pid}`
    onTestFinished(() => void buildah('rmi', '--force', name))
    const built = buildah('bud', '--pull-never', '--network', 'host', '-f', 'deploy/Dockerfile', '-t', name, '.')
    expect(built.ok, built.out.slice(-3_000)).toBe(true)
    const config = JSON.parse(buildah('inspect', '--type', 'image', name).out) as {
      OCIv1: { config: { User: string; Entrypoint: string[] } }
    }
    const { User: user, Entrypoint: entrypoint } = config.OCIv1.config
    expect(user).toBe('node')
    const container = buildah('from', '--pull-never', name).out.trim()
    onTestFinished(() => void buildah('rm', container))
    const args = ['run', '--env', 'PORT=0', '--env', 'HOST=127.0.0.1', container, '--', ...entrypoint]
    const running = spawn('buildah', args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    onTestFinished(async () => {
      if (running.exitCode !== null) return
      process.kill(-running.pid!, 'SIGTERM')
      await once(running, 'exit')
    })
    let said = ''
    for (const stream of [running.stdout, running.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    }
    const port = () => /serving on http:\/\/localhost:(\d+)/.exec(said)?.[1]
    for (let tries = 0; tries < 600 && port() === undefined; tries++) {
      if (running.exitCode !== null) throw new Error(said)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    for (const place of ['/readyz', '/', '/lab', '/qsec-files.json']) {
      expect([place, (await fetch(`http://127.0.0.1:${port()}${place}`)).status]).toEqual([place, 200])
    }
    const whose = buildah('run', container, '--', 'node', '-p', 'process.getuid()').out.trim()
    expect(Number(whose)).toBeGreaterThan(0)
    expect(said).not.toMatch(/ERR_ACCESS_DENIED|"level":"error"/)
  })
})
