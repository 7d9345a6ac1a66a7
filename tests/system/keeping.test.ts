/** Sealed messages on the relay's disk until every device has them, with real clients. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, expect, it } from 'vitest'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

const program = path.join(import.meta.dirname, '../../packages/server/test/dying-relay.ts')
const soon = { keptPruneMs: 50, eraseMs: 50, keepSwitchMs: 0 }

let world: World
let process: ChildProcess | undefined
afterEach(async () => {
  process?.kill('SIGKILL')
  await world.close()
})

const file = () => path.join(world.folder, 'qsec2.db')
const logged = (tag: string) => (snapshot: RoomSnapshot) =>
  snapshot.roomLog.some(({ message }) => message.startsWith(`[${tag}]`))

function kept(): { seq: number; ct: Uint8Array }[] {
  const db = new DatabaseSync(file(), { readOnly: true })
  const rows = db.prepare('select seq, ct from kept_frames').all() as { seq: number; ct: Uint8Array }[]
  db.close()
  return rows
}

/** Whether any part of `bytes` is there: long ones lie on several pages. */
function onDisk(bytes: Uint8Array): boolean {
  const files = [file(), `${file()}-wal`].filter((one) => existsSync(one)).map((one) => readFileSync(one))
  for (let at = 0; at + 32 <= bytes.length; at += 64) {
    if (files.some((one) => one.includes(Buffer.from(bytes.subarray(at, at + 32))))) return true
  }
  return false
}

async function keepingRoom(): Promise<[RoomClient, RoomClient]> {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  for (const room of [ana, ben]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 2)
  await ana.changeRoom({ keepSealed: 14 })
  for (const room of [ana, ben]) {
    await until(room, (s) => s.agreement?.keepSealed === 14 && events(s).includes('keep-sealed-set'))
    await until(room, logged('KEEP_SEALED_ON'))
  }
  return [ana, ben]
}

it('[KS20] a device that was away for two commits and 500 messages has them all, once and in order, though the relay was killed', {
  timeout: 120_000,
}, async () => {
  world = await openWorld({ limits: soon })
  const [ana, ben] = await keepingRoom()
  const cleosEnv = world.env()
  const away = await world.join('Cleo', ana.snapshot.invitePath!, cleosEnv)
  const everybody = [ana, ben]
  for (const room of [...everybody, away]) {
    await until(
      room,
      (s) => s.phase.at === 'member' && s.people.every(({ name }) => name !== '') && s.people.length === 3,
    )
  }
  await until(away, logged('USER_JOIN'))
  const { address } = away.snapshot
  await away.close()

  const { port } = world.relay
  await world.relay.close()
  process = fork(program, [file(), String(port)])
  await once(process, 'message')
  for (const room of everybody) await until(room, (s) => s.connection === 'connected' && s.phase.at === 'member')
  const said: string[] = []
  const talk = async (count: number) => {
    for (let i = 0; i < count; i++) {
      said.push(`${said.length} ${'of the week '.repeat(4)}`)
      await ana.send(said.at(-1)!)
    }
    for (const room of everybody) await until(room, hasText(said.at(-1)!), 60_000)
  }
  await talk(200)
  await ana.changeRoom({ capacity: 9 })
  await until(ben, (s) => s.agreement?.capacity === 9)
  await talk(200)
  await ana.changeRoom({ locked: true })
  await until(ben, (s) => s.agreement?.locked === true)
  await talk(100)
  await until(ana, (s) => s.timeline.every((item) => item.kind === 'system' || item.state !== 'sending'), 30_000)
  const died = once(process, 'exit')
  process.kill('SIGKILL')
  await died
  await world.restart()

  const cleo = await world.comeBack(cleosEnv, address)
  await until(cleo, hasText(said.at(-1)!), 60_000)
  expect(texts(cleo.snapshot)).toEqual(said)
  expect(cleo.snapshot.agreement).toMatchObject({ capacity: 9, locked: true, keepSealed: 14 })
  for (const bad of ['gap', 'unreadable', 'rejoined', 'relay-restarted']) {
    expect(events(cleo.snapshot)).not.toContain(bad)
  }
  await cleo.send('I am back')
  for (const room of everybody) {
    await until(room, hasText('I am back'))
    expect(texts(room.snapshot)).toEqual([...said, 'I am back'])
  }
})

it('[KS21] what every device has told the relay that it has is gone from its disk, and what one lacks is not', async () => {
  world = await openWorld({ limits: soon })
  const [ana, ben] = await keepingRoom()
  await ana.send('to be delivered')
  await until(ben, hasText('to be delivered'))
  const waiting = kept()
  expect(waiting.length).toBeGreaterThan(0)
  for (const { ct } of waiting) expect(onDisk(ct)).toBe(true)
  await expect.poll(() => kept().length, { timeout: 20_000 }).toBe(0)
  await expect.poll(() => waiting.some(({ ct }) => onDisk(ct)), { timeout: 5_000 }).toBe(false)

  await ben.close()
  await ana.send('not delivered yet')
  await until(ana, (s) => s.timeline.every((item) => item.kind === 'system' || item.state !== 'sending'))
  await world.restart()
  const [left] = kept()
  expect(onDisk(left!.ct)).toBe(true)
})

it('[KS22] a relay that keeps though the room agreed on nothing is told to stop; one that keeps for less is shown', async () => {
  world = await openWorld({ limits: { ...soon, keepDaysAtMost: 7 } })
  const ana = await world.create('Ana')
  await world.relay.close()
  const db = new DatabaseSync(file())
  db.exec('update rooms set keep_days = 5')
  db.close()
  await world.restart()
  await until(ana, logged('KEEP_SEALED_OFF'), 20_000)
  expect(ana.snapshot.agreement?.keepsOtherwise).toBeUndefined()
  expect(kept()).toEqual([])

  await ana.changeRoom({ keepSealed: 14 })
  await until(ana, (s) => s.agreement?.keepsOtherwise === 7)
  await ana.changeRoom({ keepSealed: 6 })
  await until(ana, (s) => s.agreement?.keepSealed === 6 && s.agreement.keepsOtherwise === undefined)
  await ana.changeRoom({ keepSealed: undefined })
  await until(ana, (s) => s.roomLog.filter(({ message }) => message.startsWith('[KEEP_SEALED_OFF]')).length === 2)
  expect(events(ana.snapshot).filter((one) => one === 'keep-sealed-set')).toHaveLength(3)
})
