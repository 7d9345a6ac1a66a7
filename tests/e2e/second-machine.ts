/** Another machine on the network of this one: a network namespace with an address of its own, and a Chromium in it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export interface SecondMachine {
  /** Address of this machine, as the other one sees it. */
  readonly here: string
  /** A Chromium there, with the trust that was installed so far. */
  browser(): Promise<Browser>
  /** A Chromium on this machine, with the same trust. */
  browserHere(): Promise<Browser>
  /** As the guide has it for Chromium on Linux. */
  trust(certificate: Buffer): void
  close(): void
}

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0

/** What is missing for it; undefined where nothing is. */
export function missingForSecondMachine(): string | undefined {
  if (process.getuid?.() !== 0) return 'root'
  if (!run('which', 'ip')) return 'ip'
  if (!run('which', 'certutil')) return 'certutil (libnss3-tools)'
  const name = `qsec-try-${process.pid}`
  if (!run('ip', 'netns', 'add', name)) return 'leave to make network namespaces'
  run('ip', 'netns', 'del', name)
  return undefined
}

export function openSecondMachine(): SecondMachine {
  const name = `qsec-${process.pid}`
  const [near, far] = [`qs${process.pid}a`.slice(-15), `qs${process.pid}b`.slice(-15)]
  const net = `10.213.${process.pid % 250}`
  const home = mkdtempSync(path.join(tmpdir(), 'qsec-second-'))
  const must = (...args: string[]): void => {
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
  }
  must('netns', 'add', name)
  must('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
  must('addr', 'add', `${net}.1/24`, 'dev', near)
  must('link', 'set', near, 'up')
  for (const args of [
    ['addr', 'add', `${net}.2/24`, 'dev', far],
    ['link', 'set', far, 'up'],
    ['link', 'set', 'lo', 'up'],
    ['route', 'add', 'default', 'via', `${net}.1`],
  ]) {
    must('-n', name, ...args)
  }
  const database = path.join(home, '.pki/nssdb')
  mkdirSync(database, { recursive: true })
  run('certutil', '-N', '-d', `sql:${database}`, '--empty-password')
  const program = process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium'
  const start = path.join(home, 'chromium-there')
  writeFileSync(start, `#!/bin/sh\nexec ip netns exec ${name} ${program} "$@"\n`)
  chmodSync(start, 0o755)
  const launch = (executablePath: string): Promise<Browser> =>
    chromium.launch({
      executablePath,
      chromiumSandbox: false,
      args: ['--disable-dev-shm-usage'],
      env: { ...process.env, HOME: home },
    })
  return {
    here: `${net}.1`,
    browser: () => launch(start),
    browserHere: () => launch(program),
    trust(certificate) {
      const file = path.join(home, 'qsec-ca.crt')
      writeFileSync(file, certificate)
      const { status, stderr } = spawnSync(
        'certutil',
        ['-A', '-d', `sql:${database}`, '-n', 'QSEC', '-t', 'C,,', '-i', file],
        { encoding: 'utf8' },
      )
      if (status !== 0) throw new Error(`certutil: ${stderr}`)
    },
    close() {
      run('ip', 'link', 'del', near)
      run('ip', 'netns', 'del', name)
      rmSync(home, { recursive: true, force: true })
    },
  }
}
