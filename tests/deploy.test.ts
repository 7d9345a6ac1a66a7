/** The files of deploy/, held against rules; what runs of them is tried in tests/system/deploy.test.ts. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryEnv, memoryFlags } from '../scripts/memory.mjs'
import { permissionFlags } from '../scripts/permissions.mjs'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(path.join(root, 'deploy', file), 'utf8')
const has = (command: string): boolean => spawnSync('which', [command]).status === 0

describe('Dockerfile', () => {
  /** Instructions without comments, each on one line. */
  const instructionsOf = (text: string): string[] =>
    text
      .replace(/^#.*\n/gm, '')
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line.trim() !== '')

  /** What hadolint would say of the instructions that we use, and a few things that it does not know. */
  function faultsOf(text: string): string[] {
    const instructions = instructionsOf(text)
    const last = instructions.slice(instructions.findLastIndex((one) => one.startsWith('FROM ')))
    const rules: [string, boolean][] = [
      [
        'a base without a full version',
        instructions.some((one) => /^FROM /.test(one) && !/^FROM node:\d+\.\d+\.\d+-[a-z-]+( AS [a-z]+)?$/.test(one)),
      ],
      ['ADD', instructions.some((one) => one.startsWith('ADD '))],
      ['a relative WORKDIR', instructions.some((one) => /^WORKDIR [^/]/.test(one))],
      ['root', !last.some((one) => /^USER (?!root|0)/.test(one))],
      ['a shell as process 1', !last.some((one) => /^ENTRYPOINT \[".+"\]$/.test(one))],
      [
        'npm that runs scripts of packages',
        instructions.some((one) => /npm (?:ci|prune|install)(?!.*--ignore-scripts)/.test(one)),
      ],
      ['npm install, past the lock file', instructions.some((one) => /npm (?:install|i) /.test(one))],
      ['a download', instructions.some((one) => /curl|wget|git clone/.test(one))],
      ['a secret in the image', instructions.some((one) => /^(?:ENV|ARG).*(?:TOKEN|KEY|SECRET|PASS)/i.test(one))],
      ['no health check', !last.some((one) => one.startsWith('HEALTHCHECK '))],
      ['no permission model', !last.some((one) => one.includes('"--permission"'))],
    ]
    return rules.filter(([, broken]) => broken).map(([name]) => name)
  }

  it('[PU20] the image is of pinned parts, runs as nobody in particular, and has no secret and no shell in the way', () => {
    expect(faultsOf(read('Dockerfile'))).toEqual([])
    const bad =
      'FROM node:latest\nADD https://x /y\nENV TOKEN=1\nWORKDIR app\nRUN npm install && curl x | sh\nCMD npm start'
    expect(faultsOf(bad)).toHaveLength(11)
    if (has('hadolint')) {
      const { status, stdout } = spawnSync('hadolint', [path.join(root, 'deploy/Dockerfile')], { encoding: 'utf8' })
      expect([status, stdout]).toEqual([0, ''])
    }
    for (const kept of ['data', '**/node_modules', '.git']) {
      expect(readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n')).toContain(kept)
    }
  })
})

describe('systemd unit', () => {
  it.skipIf(!has('systemd-analyze'))(
    '[PU21] systemd finds little left that the service could do (skipped without systemd-analyze)',
    () => {
      const unit = path.join(root, 'deploy/qsec.service')
      const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', unit], {
        encoding: 'utf8',
      })
      const exposure = Number(/Overall exposure level for qsec\.service: ([\d.]+)/.exec(stdout)?.[1])
      expect(exposure).toBeLessThanOrEqual(1.5)
      const told = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' }).stderr
      // That the program is not installed here is no fault of the file.
      expect(told.split('\n').filter((line) => line !== '' && !line.includes('is not executable'))).toEqual([])
    },
  )
})

it('[PU22] service, image and npm start give the relay the same rights: its code to read, its data to write', () => {
  const flagsIn = (text: string): string[] => text.match(/--(?:permission|allow-[a-z-]+(?:=[^\s",]+)?)/g) ?? []
  const kinds = (flags: string[]) => [...new Set(flags.map((flag) => flag.replace(/=.*/, '')))].sort()
  const started = permissionFlags(
    '/opt/qsec',
    ['--public', 'x.example', '--cert=/nowhere/c.pem'],
    { QSEC_DATA_DIR: '/d' },
    '/c',
  )
  const wanted = ['--allow-fs-read', '--allow-fs-write', '--permission']
  for (const flags of [started, flagsIn(read('qsec.service')), flagsIn(read('Dockerfile'))])
    expect(kinds(flags)).toEqual(wanted)
  const writes = started.filter((flag) => flag.startsWith('--allow-fs-write'))
  expect(writes).toEqual(['/d', '/d/*', '/c', '/c/*'].map((one) => `--allow-fs-write=${one}`))
  expect(started).toContain('--allow-fs-read=/nowhere/c.pem')
  const elsewhere = permissionFlags('/opt/qsec', [], { QSEC2_DB: '/e/f.db' }, '/c')
  expect(elsewhere).toContain('--allow-fs-write=/e/*')
})

it('[PU29] service and image bound the relay’s memory as npm start does', () => {
  for (const file of ['qsec.service', 'Dockerfile']) {
    for (const flag of memoryFlags) expect(read(file)).toContain(flag)
    for (const [name, value] of Object.entries(memoryEnv)) expect(read(file)).toContain(`${name}=${value}`)
  }
})
