/**
 * What a device of QSEC spends, from its own rules to the bytes it stores:
 *
 *     npm run bench -- mls/room [--sizes 10,100,500] [--rounds 5] [--newcomers 30] [--only send,open] [--json]
 *
 * One Node process, no relay. A room "in use" has no blank node in its tree. The bundles of the members are
 * verified already: that is work of its own, once for each device.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  commit,
  decodeGroupParts,
  encodeGroupParts,
  type Group,
  receive,
  seal,
} from '../../packages/client/src/crypto/index.ts'
import { suiteBackends } from '../../packages/client/src/crypto/suite.ts'
import { openNodeStorage } from '../../packages/client/src/node.ts'
import { medianOf, rounded } from './measure.ts'
import { bundlesOf, enter, knock, warmRoom } from './warm-room.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,100,500' },
    rounds: { type: 'string', default: '5' },
    newcomers: { type: 'string', default: '30' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const only = values.only ? values.only.split(',') : undefined
const messages = 100

interface Row {
  members: number
  operation: string
  cpuMs: number
  wallMs: number
  bytes?: number
}
const rows: Row[] = []

for (const members of values.sizes.split(',').map(Number)) await measure(members)
const backends = suiteBackends()
if (values.json)
  console.log(JSON.stringify({ node: process.version, arch: process.arch, rounds, backends, rows }, null, 2))
else console.table(rows)

async function measure(members: number): Promise<void> {
  console.error(`${members} members`)
  const room = await warmRoom(members)
  const { world, founder, sender, receiver } = room
  const deps = bundlesOf(world)
  const line = async (operation: string, times: number, work: () => Promise<unknown>, bytes?: number) => {
    if (only && !only.some((word) => operation.includes(word))) return
    const { cpuMs, wallMs } = await medianOf(rounds, work)
    const each = { cpuMs: rounded(cpuMs / times), wallMs: rounded(wallMs / times) }
    rows.push({ members, operation, ...each, ...(bytes === undefined ? {} : { bytes }) })
  }

  await line('add all in one commit', 1, () => commit(founder, { add: room.adds }, deps))
  const newest = room.people.at(-1)!
  await line('join a new room', 1, () => enter(world, founder, newest, room.welcome), room.welcome.length)

  const one = await knock(world, sender, 1)
  const admitted = await must(commit(sender, { add: one.adds }, deps))
  await line('join a room in use', 1, () => enter(world, sender, one.people[0]!, admitted.welcome!))

  const many = await knock(world, sender, Number(values.newcomers))
  const admit = () => must(commit(sender, { add: many.adds }, deps))
  const made = await admit()
  await line(`admit ${values.newcomers}, sent`, 1, admit, made.frame.length)
  await line(`admit ${values.newcomers}, received`, 1, () => read(receiver, made.frame))

  const path = () => must(commit(sender, {}, deps))
  const warm = await path()
  await line('commit, sent', 1, path, warm.frame.length)
  await line('commit, received', 1, () => read(receiver, warm.frame))

  // What an epoch writes; what a message writes is in mls/messages.
  const { head, parts } = encodeGroupParts(receiver)
  const bytes = parts.reduce((sum, { value }) => sum + value.length, head.length)
  await line('encode an epoch', 1, async () => encodeGroupParts(receiver), bytes)
  await line('decode an epoch', 1, async () => decodeGroupParts(head, parts))
  const folder = mkdtempSync(join(tmpdir(), 'qsec-bench-'))
  const storage = await openNodeStorage(folder)
  const rowsOfEpoch = parts.map(({ key, value }) => ({ type: 'put', key, value }) as const)
  await line('seal and write an epoch to SQLite', 1, () => storage.apply(rowsOfEpoch))
  await storage.close()
  rmSync(folder, { recursive: true })

  const content = new Uint8Array(1_024).fill(65)
  const frames: Uint8Array[] = []
  await line('seal 1 KiB', messages, async () => {
    frames.length = 0
    for (let at = sender, i = 0; i < messages; i++) {
      const sealed = await seal(at, content)
      at = sealed.group
      frames.push(sealed.frame)
    }
  })
  await line('open 1 KiB', messages, async () => {
    for (let at = receiver, i = 0; i < frames.length; i++) at = await read(at, frames[i]!)
  })

  async function read(group: Group, frame: Uint8Array): Promise<Group> {
    const got = await receive(group, frame, deps)
    if (got.kind !== 'application' && got.kind !== 'commit') throw new Error(`${got.kind} ${JSON.stringify(got)}`)
    return got.group
  }
}

async function must(committed: ReturnType<typeof commit>): Promise<Extract<Awaited<typeof committed>, { ok: true }>> {
  const made = await committed
  if (!made.ok) throw new Error(`commit: ${made.reason}`)
  return made
}
