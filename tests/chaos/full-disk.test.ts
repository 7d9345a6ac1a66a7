/** The relay's disk is full: what needs it is refused and waits, what does not goes on, and with space again all is well. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ClientEnv, Transport } from '@qsec/client'
import type { ReportRecord } from '@qsec/server'
import { expect, it, onTestFinished } from 'vitest'
import { hasText, openWorld, texts, until } from '../system/world.ts'

const pagesAtMost = 400

/** Rows of somebody else's that fill the database up to its last page, and the way to take them out again. */
function fillUp(file: string): () => void {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  database.exec('create table ballast (bytes blob) strict')
  const pages = () => Number(database.prepare('PRAGMA page_count').get()!.page_count)
  while (pages() < pagesAtMost) database.exec('insert into ballast values (zeroblob(2000))')
  return () => {
    database.exec('delete from ballast')
    database.close()
  }
}

/** Tells `heard` of everything that the relay refuses. */
function hearing(transport: Transport, heard: (name: string, code: string) => void): Transport {
  const request = transport.request.bind(transport)
  transport.request = async (name, payload, timeoutMs) => {
    const answer = await request(name, payload, timeoutMs)
    if (answer?.ok === false) heard(name, answer.code)
    return answer
  }
  return transport
}

it('[CX30] with the disk full a room without keeping goes on, a newcomer is told to wait, and comes in by itself once there is space', async () => {
  const reports: ReportRecord[] = []
  const world = await openWorld({
    limits: { databasePages: pagesAtMost },
    report: (record) => void reports.push(record),
  })
  onTestFinished(() => world.close())
  const run = { handle: () => undefined, cancel: () => undefined, release: () => undefined }
  const refusals: string[] = []
  const calm = (): ClientEnv => {
    const env = world.env()
    return {
      ...env,
      openQuantum: () => ({ begin: () => run, close: () => undefined }),
      connect: (url) => hearing(env.connect(url), (name, code) => refusals.push(`${name}: ${code}`)),
    }
  }
  const ana = await world.create('Ana', undefined, calm())
  const ben = await world.join('Ben', ana.snapshot.invitePath!, calm())
  for (const room of [ana, ben]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 2)
  const isReady = async () => (await fetch(`${world.url}/readyz`)).status
  expect(await isReady()).toBe(200)

  const free = fillUp(path.join(world.folder, 'qsec2.db'))
  for (let i = 0; i < 40; i++) await (i % 2 === 0 ? ana : ben).send(`while full ${i}`)
  for (const room of [ana, ben]) {
    await until(room, ({ timeline }) => {
      const said = timeline.filter((item) => item.kind === 'message')
      return said.length === 40 && said.every(({ state }) => state !== 'sending' && state !== 'not-sent')
    })
  }
  expect(texts(ben.snapshot)).toEqual(texts(ana.snapshot))
  await expect.poll(isReady, { timeout: 5_000 }).toBe(503)
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, calm())
  await expect.poll(() => refusals, { timeout: 15_000 }).toContain('announce_pubkey: unavailable')
  expect(cleo.snapshot.phase.at).toBe('waiting')
  expect(ana.snapshot.people).toHaveLength(2)
  expect(reports).toContainEqual(
    expect.objectContaining({ level: 'warn', event: 'disk-refuses', error: 'Error: database or disk is full' }),
  )
  await ana.send('still here')
  await until(ben, hasText('still here'))

  free()
  await expect.poll(isReady, { timeout: 5_000 }).toBe(200)
  expect(reports.map(({ event }) => event)).toContain('disk-writes-again')
  for (const room of [ana, ben, cleo]) {
    await until(room, (s) => s.phase.at === 'member' && s.people.length === 3, 30_000)
  }
  await cleo.send('here at last')
  for (const room of [ana, ben]) await until(room, hasText('here at last'))
})
