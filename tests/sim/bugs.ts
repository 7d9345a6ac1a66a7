/**
 * Bugs that somebody could make, planted one at a time by a change of the product's text: the simulation of streams, or that of
 * repair, must notice each, at the seed that stands beside it. `npm run soak -- sync bugs` searches the seeds anew. Test code only.
 */

export interface PlantedBug {
  name: string
  /** Which simulation notices it. Default: that of streams. */
  story?: 'repair'
  /** From the root of the project. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** What the simulation says of it. */
  sign: RegExp
  seed: number
}

const sync = (file: string) => `packages/client/src/sync/${file}.ts`
const room = (file: string) => `packages/client/src/room/${file}.ts`
const stream = (file: string) => `packages/server/src/stream/${file}.ts`

export const bugs: readonly PlantedBug[] = [
  {
    name: 'row-deleted-at-ack',
    file: sync('outgoing'),
    find: 'await this.#core.store([...changes, ...this.sweep()])',
    replace: 'await this.#core.store([...changes, ...this.#remove(this.#rows.filter(({ id }) => id === row.id))])',
    sign: /lets go of/,
    seed: 1,
  },
  {
    name: 'ratchet-not-stored',
    file: sync('outgoing'),
    find: 'sealed.get(row.order) ?? row), ...core.groupChanges()]',
    replace: 'sealed.get(row.order) ?? row)]',
    sign: /without having stored it|sealed twice/,
    seed: 1,
  },
  {
    name: 'part-of-a-group-not-stored',
    file: sync('group-rows'),
    find: 'return { head, changes: stored ? puts :',
    replace: 'return { head, changes: stored ? [] :',
    sign: /of several moments/,
    seed: 1,
  },
  {
    name: 'sent-before-stored',
    file: sync('outgoing'),
    find: 'if (changes.length + sealed.length > 0) await this.#core.store([...changes, ...sealed])\n    this.#send()',
    replace:
      'this.#send()\n    if (changes.length + sealed.length > 0) await this.#core.store([...changes, ...sealed])',
    sign: /without having stored it|sealed twice/,
    seed: 1,
  },
  {
    name: 'generation-used-twice',
    file: sync('outgoing'),
    find: '    core.group = group\n    return [',
    replace: '    return [',
    sign: /sealed twice|without having stored it/,
    seed: 1,
  },
  {
    name: 'sealed-in-another-order-than-sent',
    file: sync('outgoing'),
    find: 'for (const row of toSend(this.#rows)) {\n      if (this.#isHeld(row)) continue\n      // Behind',
    replace:
      'for (const row of toSend(this.#rows).reverse()) {\n      if (this.#isHeld(row)) continue\n      // Behind',
    sign: /replayed|out of order/,
    seed: 1,
  },
  {
    name: 'refused-row-goes-again-as-it-was-sealed',
    file: sync('outbox'),
    find: 'const { refused: _refused, sealed: _sealed, ...rest } = row\n  return { ...rest, order }',
    replace: 'const { refused: _refused, ...rest } = row\n  return { ...rest, order }',
    sign: /replayed|out of order/,
    seed: 3,
  },
  {
    name: 'several-at-once-after-a-restart',
    file: sync('window'),
    find: '    this.#due = beyondAll\n    this.#unused = beyondAll\n    this.#sure = false',
    replace: '    this.#due = beyondAll\n    this.#unused = beyondAll\n    this.#sure = true',
    sign: /replayed|out of order/,
    seed: 22,
  },
  {
    name: 'counter-taken-too-low',
    file: sync('window'),
    find: '    this.#sure = false\n    this.#due = this.#unused',
    replace: '    this.#sure = true\n    this.#due = 0',
    sign: /replayed|out of order/,
    seed: 2,
  },
  {
    name: 'gap-not-asked-for',
    file: sync('cursor'),
    find: 'return this.#top > this.#cursor.seq && !this.next',
    replace: 'return false',
    sign: /stands at|lacks/,
    seed: 18,
  },
  {
    name: 'gap-skipped',
    file: sync('cursor'),
    find: 'return this.at(this.#cursor.seq + 1)\n',
    replace: 'return this.at(this.#cursor.seq + 1) ?? this.#held.get(Math.min(...this.#held.keys()))\n',
    sign: /lacks|twice|replayed/,
    seed: 1,
  },
  {
    name: 'cursor-stored-apart',
    file: sync('stream'),
    find: 'await core.store([...changes, core.placeChange(), ...core.groupChanges()])',
    replace: 'await core.store([...changes, ...core.groupChanges()])\n        await core.store([core.placeChange()])',
    sign: /applied twice|replayed/,
    seed: 3,
  },
  {
    name: 'place-of-own-frame-not-stored',
    file: sync('stream'),
    find: 'await core.store([...changes, ...row, ...this.#out.sweep(), core.placeChange()])',
    replace: 'await core.store([...changes, ...row, ...this.#out.sweep()])',
    sign: /applied twice/,
    seed: 1,
  },
  {
    name: 'gap-not-told-with-its-place',
    file: sync('stream'),
    find: 'const told = core.parts.host.onLost?.(lost) ?? []',
    replace: 'const told: StorageChange[] = []',
    sign: /lacks/,
    seed: 2,
  },
  {
    name: 'gap-counts-as-applied',
    file: sync('stream'),
    find: 'const lacked = core.lack(cursor.seq + 1, seq)',
    replace: 'const lacked: StorageChange[] = []',
    sign: /counts as delivered|lets go/,
    seed: 2,
  },
  {
    name: 'receipt-confirms-what-is-lacked',
    file: sync('outgoing'),
    find: 'at > afterSeq && !isLacked(lacks, at)',
    replace: 'at > afterSeq',
    sign: /lets go/,
    seed: 2,
  },
  {
    name: 'life-begins-without-its-place',
    file: sync('core'),
    find: 'if (!begins || this.entered || this.unsettled)',
    replace: 'if (this.entered || this.unsettled)',
    sign: /false alarm/,
    seed: 2,
  },
  {
    name: 'own-frames-not-in-the-transcript',
    file: sync('stream'),
    find: '    const row = this.#out.returned(frame)\n    this.#advance(frame)',
    replace: '    const row = this.#out.returned(frame)\n    this.#core.inbox.applied()',
    sign: /false alarm/,
    seed: 1,
  },
  {
    name: 'alarm-switched-off',
    file: sync('transcript'),
    find: 'return own && equalBytes(own, hash)',
    replace: 'return own && hash.length > 0',
    sign: /no alarm/,
    seed: 20,
  },
  {
    name: 'commit-adopted-before-its-echo',
    file: sync('epochs'),
    find: '    const acceptedIn = this.#core.resumedAt?.inc\n',
    replace: '    await this.#adoptLost(this.#core.pending.commit, at)\n    return',
    sign: /./,
    seed: 1,
  },
  {
    name: 'withdrawn-commit-kept',
    file: sync('epochs'),
    find: '    core.group = before!.group\n',
    replace: '',
    sign: /./,
    seed: 203,
  },
  {
    name: 'commit-before-the-relay-has-said-its-epoch',
    file: sync('epochs'),
    find: 'return resumedAt === undefined || relayEpoch > epoch',
    replace: 'return relayEpoch > epoch',
    sign: /commits again from one state/,
    seed: 491_907_787,
  },
  {
    name: 'second-commit-after-a-withdrawal',
    file: sync('epochs'),
    find: '(ownCommit.before !== undefined || ownCommit.epoch === epoch)',
    replace: 'ownCommit.before !== undefined',
    sign: /commits again/,
    seed: 139,
  },
  {
    name: 'own-commit-not-stored',
    file: sync('epochs'),
    find: '...core.groupChanges(), ...core.ownCommitChanges(), ...core.pendingChanges()]',
    replace: '...core.groupChanges(), ...core.pendingChanges()]',
    sign: /./,
    seed: 1_779,
  },
  {
    name: 'old-group-erased-at-the-echo',
    file: sync('epochs'),
    find: 'this.awaitVerdict()\n  }\n\n  /** The own commit stands. */',
    replace: 'this.awaitVerdict()\n    core.parts.ops.erase(group, core.group)\n  }\n\n  /** The own commit stands. */',
    sign: /erased/,
    seed: 139,
  },
  {
    name: 'sealed-before-the-own-commit-stands',
    file: sync('core'),
    find: '      !this.unsettled &&\n',
    replace: '',
    sign: /./,
    seed: 14,
  },
  {
    name: 'resumed-in-part',
    file: stream('ring'),
    find: 'if (seq < oldest - 1) return undefined',
    replace: 'if (seq < oldest - 1) seq = oldest - 1',
    sign: /stands at|lacks/,
    seed: 2,
  },
  {
    name: 'counters-not-looked-at',
    file: stream('stream'),
    find: "return message.n === expected ? { type: 'free' } : { type: 'out-of-order', n: expected }",
    replace: "return expected >= 0 ? { type: 'free' } : { type: 'out-of-order', n: expected }",
    sign: /replayed|out of order/,
    seed: 1,
  },
  {
    name: 'stands-though-refused',
    file: stream('stream'),
    find: "return judges.every((device) => nacks.has(device)) ? 'withdrawn' : 'waits'",
    replace: "return judges.every((device) => nacks.has(device)) ? 'stands' : 'waits'",
    sign: /nobody has adopted/,
    seed: 139,
  },
  {
    name: 'epoch-not-opened-again',
    file: stream('stream'),
    find: '    this.#epoch = commit.epoch\n',
    replace: '',
    sign: /stands at|groups|rows/,
    seed: 247,
  },
  {
    name: 'sequence-numbers-used-again',
    file: sync('testing/sim-relay'),
    find: 'restarted ? seqMark + markEvery : 0',
    replace: 'restarted ? seqMark : 0',
    sign: /rewound/,
    seed: 18,
  },
  {
    name: 'word-of-an-earlier-life-believed',
    file: sync('epochs'),
    find: 'accepted.inc !== inc && acceptedIn === inc',
    replace: 'accepted.inc !== inc',
    sign: /rows/,
    seed: 506_481_501,
  },
  {
    name: 'old-place-ends-the-guess',
    file: sync('window'),
    find: '    if (this.#guessing && seq <= heardSeq) return\n',
    replace: '',
    sign: /replayed/,
    seed: 502_200_731,
  },
  {
    name: 'given-frame-counts-as-the-relays',
    story: 'repair',
    file: sync('repair'),
    find: '    if (!running?.givers.has(frame.seq)) return false\n    return',
    replace: '    if (!running || frame) return false\n    return',
    sign: /never ordered there/,
    seed: 26,
  },
  {
    name: 'copy-under-another-place',
    story: 'repair',
    file: sync('copies'),
    find: '    this.#keep(inc, seq, encode(frame))',
    replace: '    this.#keep(inc, seq + (seq % 7 === 0 ? 1 : 0), encode(frame))',
    sign: /never ordered there/,
    seed: 2,
  },
  {
    name: 'frames-not-copied',
    story: 'repair',
    file: sync('stream'),
    find: '    this.#core.parts.copies?.add(frame)\n',
    replace: '',
    sign: /gave up/,
    seed: 2,
  },
  {
    name: 'first-liar-believed',
    story: 'repair',
    file: room('catch-up'),
    find: 'if (refused) running.liars.add(device)',
    replace: 'if (refused) await core.stream!.believeDoubted()',
    sign: /never ordered there/,
    seed: 26,
  },
]

/** The text with the bug in it. */
export function withBug({ name, file, find, replace }: PlantedBug, text: string): string {
  const at = text.indexOf(find)
  if (at < 0) throw new Error(`${name}: what it changes is not in ${file} any more`)
  if (text.indexOf(find, at + 1) >= 0) throw new Error(`${name}: what it changes is in ${file} more than once`)
  return text.slice(0, at) + replace + text.slice(at + find.length)
}
