import { type Incarnation, limits, type MessageId, utf8 } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { losesCommit } from './outbox.ts'
import { foundGroup } from './testing/fake-groups.ts'
import { contentOf, generationOf, inc, ordered, refused, Solo } from './testing/solo.ts'

const later = 'life1' as Incarnation
const texts = (solo: Solo) => solo.calls.filter((call) => call.startsWith('ben:'))
const sentIds = (solo: Solo) => solo.sent.map(({ id, n }) => `${id} n=${n}`)

describe('what leaves', () => {
  it('[SN30] nothing is sealed before the relay has said where the stream stands; then everything goes, in order', async () => {
    const ana = await Solo.begin()
    for (const id of ['a', 'b', 'c']) await ana.says(id)
    expect(ana.stream.rows.every(({ sealed }) => !sealed)).toBe(true)
    await ana.resumes()
    expect(sentIds(ana)).toEqual(['a n=0', 'b n=1', 'c n=2'])
    expect(ana.sent.map(({ frame }) => generationOf(frame))).toEqual([0, 1, 2])
  })

  it('[SN31] what is behind the relay is not sealed until it has caught up', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.says('a')
    await ana.resumes({ seq: 2, epoch: 2 })
    await ana.hears(ben.commits({ seq: 1 }))
    expect(ana.sent).toEqual([])
    await ana.hears(await ben.says('hello', { seq: 2 }))
    expect(ana.sent.map(({ epoch }) => epoch)).toEqual([2])
  })

  it('[SN32] a frame leaves when its row and the ratchet past it are stored, also after a pause', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    await ana.sent[0]!.answer(refused('rate-limited'))
    // The pause ends while the next row is being stored.
    const store = ana.storage.apply.bind(ana.storage)
    let open: (() => void) | undefined
    const opened = new Promise<void>((resolve) => (open = resolve))
    ana.storage.apply = (changes) => opened.then(() => store(changes))
    const saying = ana.queue.run(() => ana.stream.enqueue('message', 'b' as MessageId, utf8('b'), 'ordered'))
    await ana.clock.run(2_000)
    expect(ana.sent).toHaveLength(1)
    open!()
    await saying
    await ana.clock.run(0)
    await ana.sent[1]!.answer(ordered(1))
    for (const { stored, frame } of ana.sent) {
      const { stream } = await Solo.load(stored)
      expect(stream.group.generation).toBeGreaterThan(generationOf(frame))
      expect(stream.rows.some(({ sealed }) => sealed && generationOf(sealed.frame) === generationOf(frame))).toBe(true)
    }
    expect(sentIds(ana)).toEqual(['a n=0', 'a n=1', 'b n=2'])
  })

  it('[PQ5] what the host holds is not sealed, not even anew; others go before it, and it goes last in the order of sealing', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('early')
    for (const id of ['a', 'early']) ana.held.add(id)
    for (const id of ['a', 'b']) await ana.says(id)
    expect(sentIds(ana)).toEqual(['early n=0', 'b n=1'])
    expect(ana.stream.rows.find(({ id }) => id === 'a')?.sealed).toBeUndefined()
    // The epoch moves before `early` is ordered: it was sealed when it might be, and is not sealed again.
    await ana.hears(ana.peer().commits({ seq: 1 }))
    await ana.says('c')
    expect(sentIds(ana).slice(2)).toEqual(['b n=0', 'c n=1'])
    const { stream } = await Solo.load(ana.storage)
    expect(stream.rows.map(({ id, sealed }) => [id, sealed?.epoch]).slice(-2)).toEqual([
      ['early', undefined],
      ['a', undefined],
    ])
    ana.held.clear()
    await ana.says('d')
    const order = ['b n=0', 'c n=1', 'early n=2', 'a n=3', 'd n=4']
    expect(sentIds(ana).slice(2)).toEqual(order)
    const generations = ana.sent.slice(2).map(({ frame }) => generationOf(frame))
    expect(generations).toEqual([...generations].sort((x, y) => x - y))
  })

  it('[SN33] after a failed write nothing leaves any more, and the failure is told', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    ana.storage.failNextApply('full')
    await expect(ana.says('b')).rejects.toMatchObject({ code: 'full' })
    await ana.sent[0]!.answer(ordered(1))
    expect(sentIds(ana)).toEqual(['a n=0'])
    await expect(ana.says('c')).rejects.toMatchObject({ code: 'full' })
  })

  it('[SN34] a write that fails while an answer is taken in is told to the host and thrown at nobody', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    await ana.says('b')
    ana.storage.failNextApply('full')
    await ana.sent[0]!.answer(ordered(1))
    expect(ana.failures).toMatchObject([{ code: 'full' }])
    await expect(ana.says('c')).rejects.toMatchObject({ code: 'full' })
  })

  it('[SN35] one refused row never blocks or loses the next, and tried again goes behind what was sealed meanwhile', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    for (const id of ['a', 'b', 'c']) await ana.says(id)
    const [a, b, c] = ana.sent
    ana.forgetSent()
    await a!.answer(refused('bad-request'))
    await b!.answer(refused('out-of-order', { n: 0 }))
    await ana.do((stream) => stream.retry('a' as MessageId))
    await c!.answer(refused('out-of-order', { n: 0 }))
    expect(sentIds(ana)).toEqual(['b n=0'])
    await ana.sent[0]!.answer(ordered(1))
    expect(sentIds(ana)).toEqual(['b n=0', 'c n=1', 'a n=2'])
    expect(ana.sent.map(({ frame }) => generationOf(frame))).toEqual([1, 2, 3])
  })

  it('[SN36] a row whose frame is too large for any relay is refused without troubling it', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('large', 'ordered', limits.messageBytes)
    await ana.says('small')
    expect(ana.stream.rows.map(({ refused }) => refused)).toEqual(['too-large', undefined])
    expect(sentIds(ana)).toEqual(['small n=0'])
    await ana.do((stream) => stream.discard('large' as MessageId))
    expect((await Solo.load(ana.storage)).stream.rows.map(({ id }) => id)).toEqual(['small'])
  })

  it('[SN37] an end of the epoch that the relay tells is waited for, not hammered at, and asked about', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    await ana.sent[0]!.answer(refused('stale-epoch', { epoch: 2, seq: 1 }))
    await ana.clock.run(900)
    expect([ana.sent.length, ana.calls]).toEqual([1, []])
    await ana.clock.run(200)
    expect([ana.sent.length, ana.calls]).toEqual([1, ['gap']])
    await ana.hears(ana.peer().commits({ seq: 1 }))
    expect(ana.sent.map(({ id, epoch, n }) => ({ id, epoch, n })).at(-1)).toEqual({ id: 'a', epoch: 2, n: 0 })
  })

  it('[SN38] without a connection there is no busy loop: no answer at once is a reason to wait', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    await ana.sent[0]!.answer(undefined)
    expect(ana.sent).toHaveLength(1)
    await ana.clock.run(1_100)
    expect(ana.sent).toHaveLength(2)
  })

  it('[SN39] a confirmed row is done; one ordered before its reader came in, or in an earlier life of the relay, is not', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    for (const id of ['a', 'b']) await ana.says(id, 'confirmed')
    const [a, b] = ana.sent
    await ana.hears(ana.echo(a!, 1), ana.echo(b!, 2))
    await ana.do((stream) => stream.confirmed(5, 1))
    expect(ana.stream.rows.map(({ id }) => id)).toEqual(['a'])
    await ana.resumes({ inc: later, seq: 100, firstSeq: 101, recovered: false })
    await ana.do((stream) => stream.confirmed(5))
    expect(ana.stream.rows.map(({ id }) => id)).toEqual(['a'])
  })

  it('[SN40] who is alone waits for no confirmation', async () => {
    const ana = await Solo.begin(['ana'])
    await ana.resumes()
    await ana.says('a', 'confirmed')
    await ana.hears(ana.echo(ana.sent[0]!, 1))
    expect(ana.stream.rows).toEqual([])
  })

  it('[SN41] after close nothing runs: no timer, no answer, no write', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    const commit = await ana.commits()
    await ana.hears(commit.at(1))
    await ana.do((stream) => stream.stands(1))
    await ana.says('a')
    await ana.says('b')
    await ana.sent[0]!.answer(refused('rate-limited'))
    ana.stream.close()
    const { applied } = ana.storage
    await ana.sent[1]!.answer(ordered(2))
    await ana.says('c')
    await ana.clock.run(120_000)
    expect([ana.sent.length, ana.storage.applied]).toEqual([2, applied])
    expect(ana.clock.waiting).toBe(0)
  })
})

describe('what comes', () => {
  it('[SN42] what waited behind a frame that lacked something follows it, and none is lost', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes()
    await ana.hears(ben.commits({ seq: 1 }, { needs: 'psk' }), await ben.says('one', { seq: 2 }))
    await ana.hears(await ben.says('two', { seq: 3 }))
    expect([texts(ana), ana.stream.blocked]).toEqual([[], true])
    ana.present.add('psk')
    await ana.do((stream) => stream.retryBlocked())
    expect(texts(ana)).toEqual(['ben: one (2)', 'ben: two (3)'])
    expect(ana.stream.blocked).toBe(false)
  })

  it('[SN43] a frame of a later epoch is not applied: this device has missed a commit, and says so once', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes()
    ben.commits({ seq: 1 })
    for (const seq of [1, 2, 3]) await ana.hears(await ben.says('?', { seq }))
    await ana.do((stream) => stream.retryBlocked())
    await ana.says('a')
    expect(ana.calls).toEqual(['fallen out: missed-commit'])
    expect(ana.sent).toEqual([])
  })

  it('[SN44] a replayed or foreign frame is refused, leaves the state as it was, and holds nobody up', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes()
    const one = await ben.says('one', { seq: 1 })
    await ana.hears(one, { ...one, seq: 2 }, { ...one, seq: 3, ct: new Uint8Array([1]) })
    await ana.hears(await ben.says('two', { seq: 4 }))
    expect(texts(ana)).toEqual(['ben: one (1)', 'ben: two (4)'])
    expect(ana.calls).toEqual(expect.arrayContaining(['refused 2: replayed', 'refused 3: bad-frame']))
  })

  it('[SN45] a device whose storage was put back to an older state seals nothing and comes back as a new leaf', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    const old = ana.storage.clone()
    await ana.says('a')
    const echo = ana.echo(ana.sent[0]!, 1)
    const again = await Solo.load(old)
    await again.says('b')
    await again.resumes({ seq: 1 })
    await again.hears(echo)
    expect(again.calls).toEqual(['fallen out: old-state'])
    expect(again.sent).toEqual([])
  })
})

describe('commits', () => {
  it('[SN46] until the own commit stands nothing is sealed; the word of the relay or of another member settles it', async () => {
    for (const how of ['told', 'spoken', 'built on', 'time'] as const) {
      const ana = await Solo.begin()
      await ana.resumes()
      const commit = await ana.commits()
      await ana.hears(commit.at(1))
      await ana.says('a')
      await ana.do((stream) => stream.stands(100)) // of another life of the relay, of which this device will be told
      expect([ana.sent, ana.stream.unsettled]).toEqual([[], true])
      if (how === 'told') await ana.do((stream) => stream.stands(1))
      if (how === 'spoken') await ana.hears(await ana.peer().says('hello', { seq: 2 }))
      if (how === 'built on') await ana.hears(ana.peer().commits({ seq: 2 }))
      if (how === 'time') await ana.clock.run(limits.commitStandsMs + 2_000)
      expect([sentIds(ana), ana.stream.unsettled]).toEqual([['a n=0'], false])
    }
  })

  it('[SN47] a withdrawn commit leads back: the same frames go, the transcript is that of the others, no second commit', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes()
    await ana.says('a')
    const commit = await ana.commits()
    await ana.hears(commit.at(1))
    expect(ana.stream.transcript).toBeUndefined()
    await ana.sent[0]!.answer(refused('stale-epoch', { epoch: 2, seq: 1 }))
    await ana.do((stream) => stream.withdrawn(1))
    expect(ana.stream.epoch).toBe(1)
    expect(ana.sent[1]?.frame).toEqual(ana.sent[0]?.frame)

    const other = await Solo.begin()
    await other.hears({ ...commit.at(1), ct: commit.at(1).ct.slice() })
    expect(ana.stream.transcript?.seq).toBe(1)
    const { next } = { next: await ana.commits() }
    expect([ana.stream.pending, ana.stream.unsettled]).toEqual([undefined, true])
    expect(next.id).toBe('commit1')
    await ana.hears(ben.commits({ seq: 2 }))
    expect([ana.stream.epoch, ana.stream.unsettled]).toEqual([2, false])
  })

  it('[SN48] a withdrawal of which the word was lost shows in the next frame, also after a crash', async () => {
    for (const crash of [false, true]) {
      let ana = await Solo.begin()
      const ben = ana.peer()
      await ana.resumes()
      await ana.hears((await ana.commits()).at(1))
      if (crash) ana = await Solo.load(ana.storage)
      await ana.resumes({ seq: 2, epoch: 1 })
      await ana.hears(await ben.says('hello', { seq: 2 }))
      expect([ana.stream.epoch, ana.calls.at(-1)]).toEqual([1, 'ben: hello (2)'])
    }
  })

  it('[SN49] a withdrawn commit is not adopted by who was away or waited, though it holds for them', async () => {
    const waiting = await Solo.begin()
    await waiting.resumes()
    await waiting.hears(waiting.peer().commits({ seq: 1 }, { needs: 'psk' }))
    waiting.present.add('psk')
    await waiting.do((stream) => stream.withdrawn(1))
    expect([waiting.stream.epoch, waiting.stream.blocked]).toEqual([1, false])

    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes({ seq: 2, epoch: 1 })
    const before = ana.peer()
    await ana.hears(ben.commits({ seq: 1 }), await before.says('hello', { seq: 2 }))
    expect(ana.calls).toEqual(['refused 1: withdrawn', 'ben: hello (2)'])
  })

  it('[SN50] who refuses a commit that stands has fallen out; one that was withdrawn is forgotten', async () => {
    const ana = await Solo.begin()
    const before = ana.peer()
    await ana.resumes()
    await ana.hears(ana.peer().commits({ seq: 1 }, { refusedBy: ['ana'] }))
    expect(ana.stream.blocked).toBe(true)
    await ana.hears(await before.says('go on', { seq: 2 })) // the relay has reopened the epoch
    expect(ana.stream.blocked).toBe(false)
    await ana.hears(before.commits({ seq: 3 }))
    await ana.do((stream) => stream.stands(3))
    expect(ana.calls).not.toContain('fallen out: commit-stands')

    await ana.hears(ana.peer().commits({ seq: 4 }, { refusedBy: ['ana'] }))
    await ana.do((stream) => stream.stands(4))
    expect(ana.calls.at(-1)).toBe('fallen out: commit-stands')
  })

  it('[SN51] an adopted commit that was withdrawn after all leaves this device behind, also after a crash', async () => {
    for (const crash of [false, true]) {
      let ana = await Solo.begin()
      const before = ana.peer()
      await ana.resumes()
      await ana.hears(ana.peer().commits({ seq: 1 }))
      if (crash) ana = await Solo.load(ana.storage)
      // Another commit has taken the place of the first, so that the epochs are equal again.
      await ana.resumes({ seq: 2, epoch: 2 })
      await ana.hears(before.commits({ seq: 2 }))
      expect(ana.calls.at(-1)).toBe('fallen out: commit-withdrawn')
    }
  })

  it('[SN52] an own commit that the relay took and lost in a restart is adopted, once it is known that it was ours', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    const commit = await ana.commits()
    await ana.do((stream) => stream.accepted(commit.id, { inc, seq: 1 }))
    const again = await Solo.load(ana.storage)
    await again.says('a')
    await again.resumes({ inc: later, seq: 100, firstSeq: 101, epoch: 2, recovered: false })
    // What the relay said in its earlier life it may have withdrawn there: it is asked again.
    expect([again.stream.blocked, again.calls, again.sent]).toEqual([true, [], []])
    await again.do((stream) => stream.accepted(commit.id, { inc, seq: 1 }))
    expect(again.calls).toContain('own commit 1 begins 2')
    expect(again.sent.map(({ id, epoch }) => `${id} ${epoch}`)).toEqual(['a 2'])

    const withdrawn = await Solo.begin()
    await withdrawn.resumes()
    const taken = await withdrawn.commits()
    await withdrawn.do((stream) => stream.accepted(taken.id, { inc, seq: 1 }))
    const back = await Solo.load(withdrawn.storage)
    await back.resumes({ inc: later, seq: 100, firstSeq: 101, epoch: 2, recovered: false })
    await back.do((stream) => stream.dropPending(taken.id))
    expect(back.calls).toEqual(['fallen out: missed-commit'])

    const lost = await Solo.begin()
    await lost.resumes()
    const unknown = await lost.commits()
    await lost.resumes({ inc: later, seq: 100, firstSeq: 101, epoch: 2, recovered: false })
    expect([lost.stream.blocked, lost.calls]).toEqual([true, []])
    await lost.do((stream) => stream.dropPending(unknown.id))
    expect(lost.calls).toEqual(['fallen out: missed-commit'])
  })

  it('[SN29] an own commit of before a restart of the relay is not trusted: another one may have its place', async () => {
    const ana = await Solo.begin()
    const other = ana.peer()
    await ana.resumes()
    const commit = await ana.commits()
    await ana.hears(commit.at(1))
    other.commits({ seq: 1 })
    await ana.resumes({ inc: later, seq: 100, firstSeq: 101, recovered: false })
    expect([ana.stream.unsettled, ana.calls.at(-1)]).toEqual([true, 'own commit 1 begins 2'])
    await ana.hears(await other.says('?', { seq: 101, inc: later }))
    expect(ana.calls.at(-1)).toBe('fallen out: commit-withdrawn')
  })

  it('[SN53] a group that took this device out is not used any more, and can be replaced', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    await ana.hears(ana.peer().commits({ seq: 1 }, { rejoined: ['ana'] }))
    await ana.hears(await ana.peer().says('?', { seq: 2 }))
    expect(texts(ana)).toEqual([])
    const { secret, epoch } = ana.stream.group
    const group = foundGroup(secret, 'ana', ['ana', 'ben'], epoch)
    await ana.do((stream) => stream.replaceGroup({ group, inc, seq: 1 }, []))
    expect(texts(ana)).toEqual(['ben: ? (2)'])
  })
})

describe('resuming', () => {
  it('[SN54] after a restart of the relay everything that it has had since is asked for: no frame of it is lost', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes({ inc: later, seq: 102, firstSeq: 101, recovered: false })
    expect([ana.stream.cursor, ana.calls]).toEqual([{ inc: later, seq: 100 }, ['gap']])
    await ana.resumes({ seq: 102 })
    for (const seq of [101, 102]) await ana.hears(await ben.says('hello', { seq, inc: later }))
    expect(texts(ana)).toEqual(['ben: hello (101)', 'ben: hello (102)'])
  })

  it('[SN55] after a restart what nobody confirmed goes again, first, and sealed in the order in which it goes', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a', 'confirmed')
    await ana.hears(ana.echo(ana.sent[0]!, 1), ana.peer().commits({ seq: 2 }))
    await ana.says('b', 'confirmed')
    ana.forgetSent()
    await ana.resumes({ inc: later, seq: 100, firstSeq: 101, recovered: false })
    expect(ana.sent.map(({ frame }) => contentOf(frame))).toEqual(['a']) // alone, until the relay counts
    await ana.sent[0]!.answer(ordered(101, later))
    expect(ana.sent.map(({ frame }) => contentOf(frame))).toEqual(['a', 'b'])
    const [a, b] = ana.sent.map(({ frame }) => generationOf(frame))
    expect(a).toBeLessThan(b!)
  })

  it('[SN56] an answer from an earlier life of the relay counts for nothing', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    const [first] = ana.sent
    await ana.resumes({ inc: later, seq: 100, firstSeq: 101, recovered: false })
    await first!.answer(ordered(1))
    expect(ana.stream.rows.map(({ ordered: at }) => at)).toEqual([undefined])
    await ana.sent[1]!.answer(ordered(101, later))
    expect(ana.stream.rows.map(({ ordered: at }) => at)).toEqual([{ inc: later, seq: 101 }])
  })

  it('[SN57] frames are given up only when the relay denies them twice, and rows ordered among them are done', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a')
    await ana.sent[0]!.answer(ordered(3))
    expect(await ana.resumes({ seq: 5, recovered: false })).toEqual({})
    expect([ana.stream.cursor.seq, ana.calls]).toEqual([0, ['gap']])
    expect(await ana.resumes({ seq: 5, recovered: false })).toEqual({ lost: { fromSeq: 1, toSeq: 5 } })
    expect([ana.stream.cursor.seq, ana.stream.rows, ana.stream.transcript]).toEqual([5, [], undefined])
  })

  it('[SN57] what had no answer when frames were given up is sealed anew: behind later frames its old bytes would be refused', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a', 'confirmed')
    const [first] = ana.sent
    await ana.resumes({ seq: 5, recovered: false })
    expect(await ana.resumes({ seq: 5, recovered: false })).toMatchObject({ lost: { fromSeq: 1, toSeq: 5 } })
    const again = ana.sent.at(-1)!
    expect([again.id, contentOf(again.frame)]).toEqual([first!.id, 'a'])
    expect(generationOf(again.frame)).toBeGreaterThan(generationOf(first!.frame))
  })

  it('[SM4] what was passed over and what did not open is lacked, also after a crash; what is applied is not', async () => {
    const ana = await Solo.begin()
    const [ben, other] = [ana.peer(), ana.peer()]
    other.group = { ...other.group, secret: 'of another group' }
    await ana.resumes()
    await ana.hears(await ben.says('one', { seq: 1 }))
    expect(ana.stream.lacks).toEqual([])
    await ana.hears(await other.says('shut', { seq: 2 }), await ben.says('three', { seq: 3 }))
    for (let i = 0; i < 2; i++) await ana.resumes({ seq: 6, recovered: false })
    await ana.resumes({ inc: later, seq: 100, firstSeq: 101, recovered: false })
    const lacks = [
      [2, 2],
      [4, 100],
    ]
    expect(ana.stream.lacks).toEqual(lacks)
    expect((await Solo.load(ana.storage)).stream.lacks).toEqual(lacks)
    await ana.do((stream) => stream.replaceGroup({ group: stream.group, inc: later, seq: 105 }, []))
    expect(ana.stream.lacks).toEqual([
      [2, 2],
      [4, 105],
    ])
  })

  it('[SM4] a receipt does not confirm what its device lacks', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    for (const id of ['a', 'b', 'c']) await ana.says(id, 'confirmed')
    await ana.hears(...ana.sent.map((sent, i) => ana.echo(sent, 1 + i)))
    await ana.do((stream) => stream.confirmed(3, 0, [[2, 2]]))
    expect(ana.stream.rows.map(({ id }) => id)).toEqual(['b'])
    await ana.do((stream) => stream.confirmed(3))
    expect(ana.stream.rows).toEqual([])
  })

  it('[SM5] of two places of the same bytes in one life the first is the row’s: at the second others refuse them', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    await ana.says('a', 'confirmed')
    await ana.hears(ana.echo(ana.sent[0]!, 1), ana.echo(ana.sent[0]!, 2))
    expect(ana.stream.rows.map(({ ordered: at }) => at?.seq)).toEqual([1])
    expect(ana.calls).toEqual(['own a (1)', 'refused 2: replayed'])
  })

  it('[SM10] a commit that lost its epoch is forgotten, and until the winner is there no other is made', async () => {
    const ana = await Solo.begin()
    await ana.resumes()
    const { id } = await ana.commits()
    const lost = { ok: false, code: 'stale-epoch', message: '', inc, epoch: 2, seq: 1 } as const
    expect(losesCommit(lost, { epoch: 1 })).toBe(true)
    await ana.do((stream) => stream.dropPending(id, lost))
    expect([ana.stream.pending, ana.stream.mayBeOver, ana.calls]).toEqual([undefined, true, ['gap']])
    await ana.commits()
    expect(ana.stream.pending).toBeUndefined()
    await ana.hears(ana.peer().commits({ seq: 1 }))
    expect(ana.stream.mayBeOver).toBe(false)
    await ana.commits()
    expect(ana.stream.pending).toMatchObject({ epoch: 2 })
  })

  it('[SM10] a refusal that names no later epoch takes nothing away: the same bytes go again', () => {
    const stale = { ok: false, code: 'stale-epoch', message: '' } as const
    for (const epoch of [0, 1]) expect(losesCommit({ ...stale, epoch }, { epoch: 1 })).toBe(false)
    expect(losesCommit(stale, { epoch: 1 })).toBe(false)
    expect(losesCommit({ ok: false, code: 'unavailable', message: '' }, { epoch: 1 })).toBe(false)
    expect(losesCommit({ ok: false, code: 'bad-request', message: '' }, { epoch: 1 })).toBe(true)
  })

  it('[SM6] after a restart of the relay the transcript goes on, for all who are in the relay’s epoch, and for nobody else', async () => {
    const [ana, behind, elsewhere] = [await Solo.begin(), await Solo.begin(), await Solo.begin()]
    const ben = ana.peer()
    const restart = { inc: later, seq: 100, firstSeq: 101, recovered: false }
    for (const one of [ana, behind, elsewhere]) await one.resumes()
    await ana.hears(await ben.says('heard by ana alone', { seq: 1 }))
    const before = ana.stream.transcript!
    await ana.resumes(restart)
    await behind.resumes(restart)
    await elsewhere.resumes({ ...restart, epoch: 9 })
    // Two lives begin at one place where the first had no frame: what stands there is compared with nothing.
    expect(behind.stream.agrees(100, ana.stream.transcript!.hash)).toBeUndefined()
    expect(elsewhere.stream.transcript).toBeUndefined()
    const next = await ben.says('heard by both', { seq: 101, inc: later })
    for (const one of [ana, behind]) await one.hears(next)
    expect(behind.stream.agrees(101, ana.stream.transcript!.hash)).toBe(true)
    expect(behind.stream.agrees(101, before.hash)).toBe(false)
    // What was said before the restart, and comes late, is compared all the same.
    expect(ana.stream.agrees(before.seq, before.hash)).toBe(true)
  })

  it('[SN58] a relay that goes back is told of', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes()
    await ana.hears(await ben.says('one', { seq: 1 }), await ben.says('two', { seq: 2 }))
    expect(await ana.resumes({ seq: 1, recovered: false })).toEqual({}) // perhaps an answer from before
    expect(await ana.resumes({ seq: 1, recovered: false })).toEqual({ rewound: true })
    expect(ana.stream.cursor.seq).toBe(2)
    expect(await ana.resumes({ inc: later, seq: 0, firstSeq: 1, recovered: false })).toEqual({ rewound: true })
  })

  it('[SN59] an answer that is older than what has come since does not lead anybody out', async () => {
    const ana = await Solo.begin()
    const ben = ana.peer()
    await ana.resumes()
    await ana.hears(ben.commits({ seq: 1 }), await ben.says('hello', { seq: 2 }))
    await ana.says('a')
    await ana.resumes({ seq: 0, epoch: 1 })
    expect(ana.calls).not.toContain('fallen out: commit-withdrawn')
    expect(ana.sent.length).toBeGreaterThan(0)
  })
})
