/** When a repair goes on asking, when it gives up, and what the person is told, in virtual time. */
import type { Cursor, DeviceId, GapGiven, GapWant, Incarnation, MessageId } from '@qsec/protocol'
import { toBase64Url } from '@qsec/protocol'
import { expect, it } from 'vitest'
import type { StreamFrame } from '../sync/session.ts'
import { inc, type Peer, Solo } from '../sync/testing/solo.ts'
import { CatchUp } from './catch-up.ts'
import type { RoomCore } from './core.ts'
import { Timers } from './timers.ts'

const life = (n: number) => `life${n}` as Incarnation

interface Scene {
  ana: Solo
  ben: Peer
  catchUp: CatchUp
  /** What was asked for, as `life from-to`. */
  asked: string[]
  /** Lines in the timeline, and `resume` where the relay is asked to go on. */
  told: string[]
  /** Who is here besides Ana. */
  present: Set<string>
  waits: { forShare: boolean }
  /** An answer to the last question. */
  gives(from: number, frames: StreamFrame[], by?: string, next?: Cursor): Promise<void>
  passes(ms: number): Promise<void>
}

/** Ana, who has the first frame of the first life, is back in a room of three. */
async function scene(present: string[], answer: Parameters<Solo['resumes']>[0]): Promise<Scene> {
  const ana = await Solo.begin(['ana', 'ben', 'cleo'], {}, { repairs: true })
  const asked: string[] = []
  const told: string[] = []
  const here = new Set(['ana', ...present])
  const waits = { forShare: false }
  const core = {
    stream: ana.stream,
    timers: new Timers(ana.clock),
    get nowMs() {
      return ana.clock.nowMs()
    },
    members: () => ['ana', 'ben', 'cleo'],
    device: 'ana',
    present: here,
    connected: true,
    transport: {
      request: async (_name: string, { inc: of, from, to }: GapWant) => {
        asked.push(`${of} ${from}-${to}`)
        return { ok: true }
      },
    },
    timeline: {
      get count() {
        return ana.calls.length
      },
      tell: (event: { type: string }) => {
        told.push(event.type)
        return []
      },
    },
    later: (job: () => Promise<void>) => ana.queue.run(job),
    beside: (work: Promise<unknown>) => void work,
    store: async () => undefined,
    changed: () => undefined,
  }
  const catchUp = new CatchUp({
    core: core as unknown as RoomCore,
    resume: () => void (told.at(-1) === 'resume' || told.push('resume')),
    resend: () => undefined,
    waitsForShare: () => waits.forShare,
  })
  const gives: Scene['gives'] = async (from, frames, by, next) => {
    const event = {
      inc: ana.stream.cursor.inc,
      from,
      ...(by ? { device: by as DeviceId } : {}),
      frames: frames.map(({ kind, seq, epoch, id, device, ct }) => ({
        seq,
        event: kind === 'commit' ? ('commit' as const) : ('encrypted_message' as const),
        epoch,
        id: id as MessageId,
        device: device as DeviceId,
        at: 0,
        ct: toBase64Url(ct),
      })),
      ...(next ? { next } : {}),
    }
    await ana.do(() => catchUp.onGiven(event as unknown as GapGiven))
  }
  await ana.resumes()
  const ben = ana.peer()
  await ana.hears(await ben.says('first', { seq: 1 }))
  ana.calls.length = 0
  await ana.resumes(answer)
  if (!ana.calls.includes('hole')) await ana.resumes(answer)
  ana.calls.length = 0
  await ana.do(() => {
    catchUp.begin()
    catchUp.onUserList()
  })
  return { ana, ben, catchUp, asked, told, present: here, waits, gives, passes: (ms) => ana.clock.run(ms) }
}

const restarted = { inc: life(1), firstSeq: 101, seq: 100, recovered: false }
/** The relay is in a later epoch than Ana: a commit is missing. */
const behind = { ...restarted, epoch: 2 }
const none: StreamFrame[] = []

it('[GP51] who hears from everybody that there is nothing goes on; where something is missing it asks once more before', async () => {
  const calm = await scene(['ben', 'cleo'], restarted)
  expect(calm.asked).toEqual(['life0 2-100'])
  await calm.gives(2, none)
  expect(calm.told).toEqual(['resume'])
  const lacking = await scene(['ben', 'cleo'], behind)
  await lacking.gives(2, none)
  expect(lacking.told).toEqual([])
  await lacking.passes(2_000)
  expect(lacking.asked).toHaveLength(2)
  await lacking.gives(2, none)
  expect(lacking.told).toEqual(['resume'])
})

it('[GP52] with somebody away it gives up after 10 s of silence, which do not pass while something is missing and nobody is here', async () => {
  const unsure = await scene([], restarted)
  for (let i = 0; i < 4; i++) {
    await unsure.gives(2, none)
    await unsure.passes(2_000)
  }
  expect(unsure.told).toEqual([])
  await unsure.passes(2_000)
  await unsure.gives(2, none)
  expect(unsure.told).toEqual(['resume'])

  const sure = await scene([], behind)
  for (let i = 0; i < 30; i++) {
    await sure.gives(2, none)
    await sure.passes(2_000)
  }
  expect(sure.told).toEqual([])
  expect(sure.catchUp.view).toEqual({ waiting: true, certain: true })
  sure.present.add('ben')
  await sure.passes(2_000)
  for (let i = 0; i < 6; i++) {
    await sure.gives(2, none)
    await sure.passes(2_000)
  }
  expect(sure.told).toContain('resume')
})

it('[GP53] each frame begins the 10 s anew, a lie does not, and after them nothing is believed that does not open', async () => {
  const { ana, ben, gives, passes, told, asked } = await scene(['ben'], restarted)
  for (let seq = 2; seq <= 4; seq++) {
    await passes(9_000)
    await gives(seq, [await ben.says(`s${seq}`, { seq })], 'ben')
  }
  expect(ana.calls).toEqual(['ben: s2 (2)', 'ben: s3 (3)', 'ben: s4 (4)'])
  expect(told).toEqual([])
  const made = { ...(await ben.says('made up', { seq: 5 })), ct: new Uint8Array([1]) }
  await gives(5, [made], 'ben')
  await passes(10_000)
  expect(asked.at(-1)).toBe('life0 5-100')
  await gives(5, none)
  expect(ana.calls).toHaveLength(3)
  expect(told).toEqual(['caught-up', 'resume'])
})

it('[GP54] the person goes on without what is missing, is told of the gap by its numbers, and what comes too late changes nothing', async () => {
  const { ana, ben, catchUp, gives, told, passes } = await scene(['ben', 'cleo'], { seq: 9, recovered: false })
  const late = await ben.says('late', { seq: 2 })
  await gives(2, none)
  expect(catchUp.view).toEqual({ waiting: true, certain: true })
  await ana.do(() => catchUp.skip())
  expect(told).toEqual(['resume'])
  expect(ana.calls).toEqual(['lost 2-9'])
  expect(ana.stream.cursor).toEqual({ inc, seq: 9 })
  await gives(2, [late], 'ben')
  await passes(60_000)
  expect(ana.calls).toEqual(['lost 2-9'])
  expect(ana.stream.cursor).toEqual({ inc, seq: 9 })
})

it('[GP55] what waits for a share holds the repair open, but not against the person', async () => {
  const { ana, ben, catchUp, gives, passes, told, waits } = await scene(['ben', 'cleo'], behind)
  await gives(2, [ben.commits({ seq: 2 }, { needs: 'a secret' })], 'ben')
  waits.forShare = true
  for (let i = 0; i < 20; i++) {
    await passes(2_000)
    await gives(3, none, undefined, { inc: life(0), seq: 9 })
  }
  expect(told).toEqual([])
  expect(ana.stream.cursor.seq).toBe(1)
  ana.present.add('a secret')
  await ana.do((stream) => stream.retryBlocked())
  expect(ana.calls.at(-1)).toBe('adopted 2')
  const held = await scene(['ben', 'cleo'], behind)
  held.waits.forShare = true
  await held.ana.do(() => held.catchUp.skip())
  expect(held.told).toEqual(['resume'])
  expect(catchUp.view).toBeDefined()
})

it('[GP56] two lost lives of the relay in a row are both filled, in their order, and only then the present one begins', async () => {
  const { ana, ben, asked, gives, passes, told } = await scene(['ben', 'cleo'], {
    inc: life(2),
    firstSeq: 201,
    seq: 200,
    recovered: false,
  })
  await gives(2, [await ben.says('of the first', { seq: 2 })], 'ben')
  await passes(0)
  await gives(3, none, undefined, { inc: life(1), seq: 101 })
  await passes(0)
  expect(asked).toEqual(['life0 2-200', 'life0 3-200', 'life1 101-200'])
  await gives(101, [await ben.says('of the second', { seq: 101, inc: life(1) })], 'cleo')
  await passes(0)
  await gives(102, none)
  expect(ana.calls).toEqual(['ben: of the first (2)', 'ben: of the second (101)'])
  expect(told).toEqual(['caught-up', 'resume'])
  expect(ana.stream.cursor).toEqual({ inc: life(2), seq: 200 })
})
