/** One defence each, switched off by a change of the product's text: the test of its rule must notice. Test code only. */

export interface Switch {
  name: string
  rule: string
  /** The test that must fail: its file and the tag in its title. */
  test: { file: string; id: string }
  /** From the root of the project. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** Another defence that would step in. */
  and?: Pick<Switch, 'file' | 'find' | 'replace'>
}

const client = 'packages/client/src'
const inHostile = (file: string, id: string): Switch['test'] => ({ file: `tests/hostile/${file}.test.ts`, id })
const identity = (id: string) => inHostile('identity', id)
const stream = (id: string) => inHostile('stream', id)

/** Where two defences stand one behind the other, `find` spans both. */
export const switches: readonly Switch[] = [
  {
    name: 'bundle-not-asked-for',
    rule: 'A1',
    test: identity('A1'),
    file: `${client}/crypto/state.ts`,
    find: 'if (!this.missing.some((seen) => equalBytes(seen, credential))) this.missing.push(credential)',
    replace: '',
  },
  {
    name: 'any-proof',
    rule: 'A2',
    test: identity('A2'),
    file: `${client}/crypto/invite.ts`,
    find: 'equalBytes(inviteProof(rid, secret, leaf, shown.expiresMs), shown.proof)',
    replace: 'true',
  },
  {
    name: 'classical-signature-alone',
    rule: 'A3',
    test: identity('A3'),
    file: `${client}/crypto/person.ts`,
    find: 'if (!(await verifiers[algorithm](key, signed, signatures[i]!))) return false',
    replace: 'if (i === 0 && !(await verifiers[algorithm](key, signed, signatures[i]!))) return false',
  },
  {
    name: 'unsigned-bundles',
    rule: 'A4',
    test: identity('A4'),
    file: `${client}/crypto/device.ts`,
    find: 'return holds ? readVerifiedBundle(bytes) : undefined',
    replace: 'return readVerifiedBundle(bytes)',
  },
  {
    name: 'names-by-hearsay',
    rule: 'A5',
    test: inHostile('insider', 'A5'),
    file: `${client}/room/people.ts`,
    find: 'holdsName(bundle, claim.name, salt)',
    replace: 'true',
  },
  {
    name: 'closed-room-open',
    rule: 'A6',
    test: identity('A6'),
    file: `${client}/room/wants.ts`,
    find: 'if (closed) {',
    replace: 'if (group.epoch < 0) {',
  },
  {
    name: 'any-wire-format',
    rule: 'A7',
    test: identity('A7'),
    file: `${client}/crypto/frames.ts`,
    find: "if (hit[0].wireformat !== wireformat) throw new Refusal('wrong-frame-type')",
    replace: '',
  },
  {
    name: 'anybody-admits',
    rule: 'A8',
    test: identity('A8'),
    file: `${client}/crypto/rights.ts`,
    find: "add.mustBeOwn = settings.locked ? 'room-locked' : 'not-invited'",
    replace: '',
  },
  {
    name: 'second-leaf',
    rule: 'A9',
    test: identity('A9'),
    file: `${client}/crypto/rules.ts`,
    find: '  markRejoins(group, adds, removedLeaves)\n  judgeKeys(tree, adds, removedLeaves)\n',
    replace: '',
    and: {
      file: `${client}/crypto/state.ts`,
      find: 'keyPackageEqualityConfig: {',
      replace:
        'keyPackageEqualityConfig: { compareKeyPackages: () => false, compareKeyPackageToLeafNode: () => false }, unused: {',
    },
  },
  {
    name: 'people-by-presence',
    rule: 'A10',
    test: identity('A10'),
    file: `${client}/room/view.ts`,
    find: 'const devices = input.group?.members.map(({ device }) => device) ?? []',
    replace: 'const devices = [...input.present]',
  },
  {
    name: 'welcome-of-others-ends-it',
    rule: 'A11',
    test: inHostile('relay', 'A11'),
    file: `${client}/room/welcoming.ts`,
    find: "if (joined.reason === 'not-for-this-key-package') return",
    replace: '',
  },
  {
    name: 'late-frames-open',
    rule: 'A13',
    test: identity('A13'),
    file: `${client}/crypto/receive.ts`,
    find: "if (message.epoch !== epoch) throw new Refusal(message.epoch < epoch ? 'stale-epoch' : 'future-epoch')",
    replace: '',
  },
  {
    name: 'peers-epoch-unheard',
    rule: 'A14',
    test: identity('A14'),
    file: `${client}/sync/stream.ts`,
    find: 'if (frame.epoch > core.epoch) return epochs.missedCommit()',
    replace: '',
  },
  {
    name: 'proof-of-anybody',
    rule: 'A15',
    test: identity('A15'),
    file: `${client}/crypto/invite.ts`,
    find: 'equalBytes(inviteProof(rid, secret, leaf, shown.expiresMs), shown.proof)',
    replace: 'shown.proof.length > 0',
  },
  {
    name: 'any-group-for-an-address',
    rule: 'A16',
    test: identity('A16'),
    file: `${client}/crypto/extensions.ts`,
    find: 'return closed.address === purpose.address && equalBytes(fromBase64Url(purpose.address)!, groupId)',
    replace: 'return closed.address.length > 0',
  },
  {
    name: 'ratchet-stands-still',
    rule: 'B17',
    test: { file: `${client}/crypto/stream.test.ts`, id: 'CR21' },
    file: `${client}/crypto/receive.ts`,
    find: 'const next = withSecretTree(group, opened.tree)',
    replace: 'const next = group',
  },
  {
    name: 'own-frames-from-others',
    rule: 'B18',
    test: stream('B18'),
    file: `${client}/crypto/receive.ts`,
    find: 'if (sender.leaf === group.ownLeaf) throw new Refusal(await judgeOwn(group.ownLeaf, state, privateMessage))',
    replace: '',
  },
  {
    name: 'frames-twice',
    rule: 'B19',
    test: { file: `${client}/sync/cursor.test.ts`, id: 'SN2' },
    file: `${client}/sync/cursor.ts`,
    find: "if (frame.seq <= seq || this.#held.has(frame.seq)) return 'duplicate'",
    replace: '',
  },
  {
    name: 'order-in-silence',
    rule: 'B20',
    test: stream('B20'),
    file: `${client}/room/ears.ts`,
    find: 'const missing = before !== undefined && counter > before.counter',
    replace: 'const missing = false',
  },
  {
    name: 'gaps-in-silence',
    rule: 'B21',
    test: stream('B21'),
    file: `${client}/room/ears.ts`,
    find: 'if (missing || forked) {',
    replace: 'if (forked && !missing) {',
  },
  {
    name: 'trailing-bytes',
    rule: 'B22',
    test: stream('B22'),
    file: `${client}/crypto/frames.ts`,
    find:
      "if (!hit || hit[1] !== bytes.length) throw new Refusal('bad-frame')\n" +
      "  if (hit[0].wireformat !== wireformat) throw new Refusal('wrong-frame-type')\n" +
      "  if (!equalBytes(encodeMlsMessage(hit[0]), bytes)) throw new Refusal('bad-frame')",
    replace: "if (!hit || hit[0].wireformat !== wireformat) throw new Refusal('wrong-frame-type')",
  },
  {
    name: 'sender-by-the-relay',
    rule: 'B23',
    test: stream('B23'),
    file: `${client}/room/ears.ts`,
    find: 'const { device } = sender\n',
    replace: 'const device = frame.device as typeof sender.device\n',
  },
  {
    name: 'message-as-commit',
    rule: 'B25',
    test: stream('B25'),
    file: `${client}/sync/stream.ts`,
    find: "if (frame.kind === 'commit') return given ? this.#repair.doubt(frame) : this.#refuse(frame, 'wrong-kind')",
    replace: '',
  },
  {
    name: 'fork-in-silence',
    rule: 'B26',
    test: inHostile('fork', 'B26'),
    file: `${client}/room/ears.ts`,
    find: 'const shutFramesToAlarm = 2',
    replace: 'const shutFramesToAlarm = 2_000',
  },
  {
    name: 'old-epochs-unnamed',
    rule: 'B27',
    test: stream('B27'),
    file: `${client}/crypto/receive.ts`,
    find: "if (message.epoch !== epoch) throw new Refusal(message.epoch < epoch ? 'stale-epoch' : 'future-epoch')",
    replace: "if (message.epoch > epoch) throw new Refusal('future-epoch')",
  },
  {
    name: 'rewind-in-silence',
    rule: 'B29',
    test: inHostile('relay', 'B29'),
    file: `${client}/sync/stream.ts`,
    find: 'if (answer.seq < before.seq) losses.rewound = true\n      else ',
    replace: '',
  },
  {
    name: 'any-skip',
    rule: 'B30',
    test: stream('B30'),
    file: `${client}/crypto/state.ts`,
    find: 'maximumForwardRatchetSteps: 200',
    replace: 'maximumForwardRatchetSteps: 200_000',
  },
  {
    name: 'delivered-unsaid',
    rule: 'B31',
    test: stream('B31'),
    file: `${client}/room/view.ts`,
    find: 'if (known.receiptSeq >= seq) deliveredTo++',
    replace: 'deliveredTo++',
  },
  {
    name: 'any-proposal',
    rule: 'B32',
    test: stream('B32'),
    file: `${client}/crypto/rules.ts`,
    find: "throw new Refusal('proposal-kind')",
    replace: 'break',
    and: {
      file: `${client}/crypto/apply.ts`,
      find: "if (applied.additionalResult.kind !== 'memberCommit') throw new Refusal('proposal-kind')",
      replace: '',
    },
  },
  {
    name: 'label-unearned',
    rule: 'B33',
    test: inHostile('relay', 'B33'),
    file: `${client}/room/epochs.ts`,
    find: "if (!secret) return { label: 'post-quantum',",
    replace: "if (!secret) return { label: 'quantum (simulated)',",
  },
  {
    name: 'rule-unheeded',
    rule: 'B33',
    test: inHostile('required', 'B33'),
    file: `${client}/room/quantum-policy.ts`,
    find: "group?.settings?.quantum === 'required' && labelNow(core, group).label === 'post-quantum'",
    replace: 'group === undefined',
  },
  {
    name: 'histories-not-compared',
    rule: 'C36',
    test: inHostile('insider', 'C36'),
    file: `${client}/room/receipts.ts`,
    find: 'return hash !== undefined && stream.agrees(receipt.seq, hash) === false',
    replace: 'return false',
  },
  {
    name: 'any-path',
    rule: 'C37',
    test: inHostile('members', 'C37'),
    file: `${client}/crypto/receive.ts`,
    find: "if (applied && !provesPath(state, applied)) throw new Refusal('bad-path')",
    replace: '',
  },
  {
    name: 'anybody-edits',
    rule: 'C38',
    test: inHostile('contents', 'C38'),
    file: `${client}/messages/amend.ts`,
    find: "return content.type === 'reaction' || (person !== '' && person === message.person)",
    replace: "return content.type !== 'reaction' || person !== message.person",
  },
  {
    name: 'any-number-of-signs',
    rule: 'C40',
    test: inHostile('contents', 'C40'),
    file: `${client}/messages/content.ts`,
    find: 'v.maxLength(signsAtMost), v.check(differ)',
    replace: 'v.check(differ)',
  },
]

/** The texts that a switch exchanges, by file. */
export function changesOf(one: Switch): Pick<Switch, 'file' | 'find' | 'replace'>[] {
  return one.and ? [one, one.and] : [one]
}

export function withoutDefence(
  { file, find, replace }: Pick<Switch, 'file' | 'find' | 'replace'>,
  code: string,
): string {
  const parts = code.split(find)
  if (parts.length !== 2) throw new Error(`switch: its text stands ${parts.length - 1} times in ${file}: ${find}`)
  return parts.join(replace)
}
