/** What members are told of what the relay has stored about their room, and who has its log deleted. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Bot } from '../../apps/cli/src/bot/bot.ts'
import type { BotEvent } from '../../apps/cli/src/bot/events.ts'
import { readJsonLine } from '../../apps/cli/src/bot/orders.ts'
import { Insider } from '../hostile/insider.ts'
import { openWorld, until, type World } from './world.ts'

let world: World
let ana: RoomClient
let ben: RoomClient
beforeEach(async () => {
  world = await openWorld({ limits: { logDeletionPauseMs: 0, logPushMs: 20 } })
  ana = await world.create('Ana')
  ben = await world.join('Ben', ana.snapshot.invitePath!)
  await Promise.all([until(ana, sees('Ben')), until(ben, sees('Ana'))])
})
afterEach(() => world.close())

const sees = (name: string) => (s: RoomSnapshot) =>
  s.phase.at === 'member' && s.people.some((one) => one.name === name && !one.self)
const deletions = (s: RoomSnapshot) =>
  s.timeline.flatMap((item) => (item.kind === 'system' && item.event.type === 'log-deleted' ? [item.event] : []))

it('[WK30] a member reads what is stored, and it fits what its own device knows', async () => {
  const told = await ben.serverTables()
  const rows = (name: string) => told.tables.find(({ table }) => table === name)?.rows
  expect([rows('rooms'), rows('members'), told.owner]).toEqual([1, 2, false])
  expect(told.memory.epoch).toBe(ben.snapshot.epoch)
  const { columns, rows: members } = await ben.serverRows('members')
  const devices = members.map((row) => row[columns.indexOf('device')])
  expect(devices.toSorted()).toEqual(ben.snapshot.people.map(({ device }) => device as string).toSorted())
  await expect(ben.serverRows('no_such_table')).rejects.toThrow('The server does not know that.')
})

it('[WK31] the owner’s deletion empties the log on every screen, and everybody reads who did it', async () => {
  await until(ben, (s) => s.roomLog.some(({ message }) => message.startsWith('[ROOM_CREATED]')))
  await expect(ben.deleteServerLog()).rejects.toThrow('not for this person')
  const lines = await ana.deleteServerLog()
  expect(lines).toBeGreaterThan(3)
  for (const room of [ana, ben]) {
    const [event] = deletions(await until(room, (s) => deletions(s).length === 1))
    expect(event).toMatchObject({ lines, by: { name: 'Ana' } })
    const { roomLog } = await until(room, (s) => s.roomLog[0]?.message.startsWith('[ROOM_LOG_DELETED]') === true)
    expect(roomLog.some(({ message }) => message.startsWith('[ROOM_CREATED]'))).toBe(false)
  }
})

it('[WK32] who was handed the room deletes its log, and who gave it away does not', async () => {
  const bensDevice = ana.snapshot.people.find(({ name }) => name === 'Ben')!.device
  await ana.handOver(bensDevice)
  await until(ben, (s) => s.agreement?.role === 'owner')
  expect([(await ana.serverTables()).owner, (await ben.serverTables()).owner]).toEqual([false, true])
  await expect(ana.deleteServerLog()).rejects.toThrow('not for this person')
  await ben.deleteServerLog()
  await until(ana, (s) => deletions(s).some(({ by }) => by.name === 'Ben'))
})

it('[WK33] a member that says of itself that it had the log deleted is not believed', async () => {
  const env = world.env()
  const eve = await world.join('Eve', ana.snapshot.invitePath!, env)
  await until(eve, sees('Ana'))
  await until(ana, sees('Eve'))
  await eve.close()
  const insider = await Insider.open(world, env, ana.snapshot.address)
  await insider.say({ type: 'log-deleted', lines: 7 })
  const refused = await until(ana, (s) =>
    s.timeline.some(
      (item) => item.kind === 'system' && item.event.type === 'unreadable' && item.event.reason === 'not-owner',
    ),
  )
  expect(deletions(refused)).toEqual([])
  insider.close()
})

it('[WK34] a bot is told the same, and names what it cannot have', async () => {
  const told: BotEvent[] = []
  const bot = new Bot(ben, (event) => told.push(event), false)
  for (const line of ['{"server":true}', '{"server":"members"}', '{"server":"none_such"}']) {
    await bot.take(readJsonLine(line))
  }
  const [all, rows, refused] = told.filter(({ event }) => event.startsWith('server'))
  expect(all).toMatchObject({ event: 'server', owner: false, others: expect.arrayContaining(['lives']) })
  expect(rows).toMatchObject({ event: 'server-rows', table: 'members', more: false })
  expect(refused).toMatchObject({ event: 'server-refused', problem: expect.stringContaining('does not know') })
  for (const bad of ['{"server":false}', '{"server":"x y"}', '{"server":7}']) {
    expect(readJsonLine(bad)).toMatchObject({ type: 'not-understood' })
  }
})
