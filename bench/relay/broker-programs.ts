/** Message brokers from Debian that speak MQTT, started on loopback with a configuration and a folder of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Broker } from './server.ts'

export interface RunningBroker {
  port: number
  /** CPU that it has used, all its threads together, by the kernel's scheduler. */
  cpuMicros(): number
  end(): void
}

interface Program {
  /** Where Debian puts it; undefined where it is not installed. */
  at: string | undefined
  configuration(port: number): { name: string; lines: string[] }
  run(at: string, folder: string, file: string): { args: string[]; env: Record<string, string> }
}

const installed = (file: string | undefined) => (file !== undefined && existsSync(file) ? file : undefined)

const programs: Record<Broker, Program> = {
  mosquitto: {
    at: installed('/usr/sbin/mosquitto'),
    // Without limits on what waits, as the relay's are out of the way too.
    configuration: (port) => ({
      name: 'mosquitto.conf',
      lines: [
        `listener ${port} 127.0.0.1`,
        'allow_anonymous true',
        'persistence false',
        'log_type none',
        'set_tcp_nodelay true',
        'max_queued_messages 0',
      ],
    }),
    run: (_at, _folder, file) => ({ args: ['-c', file], env: {} }),
  },
  ejabberd: {
    // Its own start script changes the user and wants Debian's folders: Erlang starts it here, without a node's name.
    at: installed(globSync('/usr/lib/*/ejabberd-*/ebin/mod_mqtt.beam')[0]) && installed('/usr/bin/erl'),
    configuration: (port) => ({
      name: 'ejabberd.yml',
      lines: [
        'hosts: [localhost]',
        'loglevel: error',
        'auth_method: anonymous',
        'anonymous_protocol: login_anon',
        'allow_multiple_connections: true',
        'listen:',
        `  - {port: ${port}, ip: "127.0.0.1", module: mod_mqtt, tls: false, backlog: 1000}`,
        'modules:',
        '  mod_mqtt:',
        '    ram_db_type: mnesia',
        '    access_publish: {"#": all}',
        '    access_subscribe: {"#": all}',
        '    max_queue: infinity',
      ],
    }),
    run: (_at, folder, file) => ({
      args: ['-noinput', '+P', '250000', '-mnesia', 'dir', JSON.stringify(folder), '-s', 'ejabberd'],
      env: {
        ERL_LIBS: path.dirname(path.dirname(path.dirname(globSync('/usr/lib/*/ejabberd-*/ebin/mod_mqtt.beam')[0]!))),
        EJABBERD_CONFIG_PATH: file,
        EJABBERD_LOG_PATH: path.join(folder, 'ejabberd.log'),
      },
    }),
  },
}

/** Those that this machine has. */
export const installedBrokers: readonly Broker[] = (Object.keys(programs) as Broker[]).filter(
  (name) => programs[name].at !== undefined,
)

/** Starts it and waits until it answers on its port. It ends with this process at the latest. */
export async function startBroker(name: Broker): Promise<RunningBroker> {
  const { at, configuration, run } = programs[name]
  if (at === undefined) throw new Error(`${name} is not installed`)
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-bench-'))
  const port = await freePort()
  const { name: fileName, lines } = configuration(port)
  const file = path.join(folder, fileName)
  writeFileSync(file, `${lines.join('\n')}\n`)
  const { args, env } = run(at, folder, file)
  const broker = spawn(at, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } })
  const end = () => {
    broker.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', end)
  for (let tries = 0; !(await answers(port)); tries++) {
    if (broker.exitCode !== null || tries > 1_200) throw new Error(`${name} does not start: see ${folder}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return { port, cpuMicros: () => cpuOf(broker), end }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function cpuOf({ pid }: ChildProcess): number {
  const nanos = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanos.reduce((sum, one) => sum + one, 0) / 1_000
}
