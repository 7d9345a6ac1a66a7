/** One defence each, switched off by a change of the product's text: the test of its rule must notice. Test code only. */

import { relaySwitches } from './relay-switches.ts'

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
    name: 'returns-without-their-link',
    rule: 'A6',
    test: inHostile('returns', 'GP63'),
    file: `${client}/crypto/rights.ts`,
    find: 'return invite !== undefined && verifyInviteProof(group.purpose.address, invite.secret, said, said.invite)',
    replace: 'return false',
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
    name: 'first-word-of-anybody',
    rule: 'B21',
    test: inHostile('tail', 'B21'),
    file: `${client}/room/epochs.ts`,
    find: "return roomKind(address) === 'closed' ? { said: { counter: 0, chain: '' } } : {}",
    replace: 'return {}',
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
    find: 'if (hasReceived(known, seq)) deliveredTo++',
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
    name: 'markup-of-any-length',
    rule: 'C43',
    test: { file: 'apps/web/src/markup/markup.test.tsx', id: 'MV13' },
    file: 'apps/web/src/markup/wants.ts',
    find: 'text.length > charactersAtMost || !markup.test(text)',
    replace: '!markup.test(text)',
  },
  {
    name: 'any-number-of-signs',
    rule: 'C40',
    test: inHostile('contents', 'C40'),
    file: `${client}/messages/content.ts`,
    find: 'v.maxLength(signsAtMost), v.check(differ)',
    replace: 'v.check(differ)',
  },
  {
    name: 'welcome-of-any-room',
    rule: 'A12',
    test: { file: `${client}/crypto/membership.test.ts`, id: 'CR13' },
    file: `${client}/crypto/join.ts`,
    find: 'if (room !== identity.room || (expect.address !== undefined && room !== expect.address)) {',
    replace: 'if (room === undefined) {',
    and: {
      file: `${client}/crypto/state.ts`,
      find: "if (record.room !== this.#room) return 'wrong-room'",
      replace: '',
    },
  },
  {
    name: 'second-commit-taken',
    rule: 'B28',
    test: { file: 'packages/server/src/stream/stream.test.ts', id: 'RL5' },
    file: 'packages/server/src/stream/stream.ts',
    find: "if (commit.epoch !== this.#epoch) return { type: 'stale-epoch' }",
    replace: '',
  },
  {
    name: 'unsigned-messages',
    rule: 'C35',
    test: inHostile('members', 'C35'),
    file: `${client}/crypto/suite/make-suite.ts`,
    find: 'verify: signer.verify,',
    replace: 'verify: async () => true,',
  },
  {
    name: 'said-again',
    rule: 'C38',
    test: inHostile('contents', 'C38'),
    file: `${client}/room/ears.ts`,
    find: 'if (timeline.has(device, id)) return timeline.ordered(device, id, frame.seq)',
    replace: '',
  },
  {
    name: 'look-alikes-unmarked',
    rule: 'C39',
    test: { file: `${client}/trust/standing.test.ts`, id: 'ID22' },
    file: `${client}/trust/standing.ts`,
    find: 'const lookalike = others(namesakes).length > 0',
    replace: 'const lookalike = false',
  },
  {
    name: 'any-length',
    rule: 'C40',
    test: inHostile('insider', 'C40'),
    file: `${client}/messages/content.ts`,
    find: 'v.pipe(v.string(), v.maxBytes(textBytesAtMost))',
    replace: 'v.string()',
  },
  {
    name: 'lengths-shown',
    rule: 'C44',
    test: { file: `${client}/crypto/stream.test.ts`, id: 'CR25' },
    file: `${client}/crypto/frames.ts`,
    find: 'while (bucket < encodedLength) bucket *= 2',
    replace: 'bucket = encodedLength',
  },
  {
    name: 'types-sniffed',
    rule: 'F79',
    test: { file: 'packages/server/src/http/http.test.ts', id: 'RL73' },
    file: 'packages/server/src/http/headers.ts',
    find: "['X-Content-Type-Options', 'nosniff'],",
    replace: '',
  },
  {
    name: 'inline-scripts',
    rule: 'F81',
    test: { file: 'packages/server/src/http/http.test.ts', id: 'RL73' },
    file: 'packages/server/src/http/headers.ts',
    find: `"script-src 'self'",`,
    replace: `"script-src 'self' 'unsafe-inline'",`,
  },
  {
    name: 'values-in-clear',
    rule: 'F84',
    test: { file: `${client}/storage/sealed.test.ts`, id: 'ST16' },
    file: `${client}/storage/sealed.ts`,
    find: 'const sealed = await crypto.subtle.encrypt(this.#cipher(nonce, key), dataKey, plain)',
    replace: 'const sealed = plain.slice().buffer',
  },
  {
    name: 'any-cost',
    rule: 'F85',
    test: { file: `${client}/vault/vault.test.ts`, id: 'AR4' },
    file: `${client}/vault/stretch.ts`,
    find: 'cost[name] >= least[name] && ',
    replace: '',
  },
  {
    name: 'sent-before-stored',
    rule: 'F86',
    test: { file: `${client}/sync/stream.test.ts`, id: 'SN32' },
    file: `${client}/sync/outgoing.ts`,
    find: 'if (changes.length + sealed.length > 0) await this.#core.store([...changes, ...sealed])\n    this.#send()',
    replace:
      'this.#send()\n    if (changes.length + sealed.length > 0) await this.#core.store([...changes, ...sealed])',
  },
  {
    name: 'old-state-seals',
    rule: 'F87',
    test: { file: `${client}/sync/stream.test.ts`, id: 'SN45' },
    file: `${client}/sync/stream.ts`,
    find: "if (this.#isOldState(frame, got.reason)) return core.fallOut('old-state')",
    replace: '',
  },
  {
    name: 'leaving-leaves-keys',
    rule: 'F88',
    test: inHostile('relay', 'HR14'),
    file: `${client}/room/device-store.ts`,
    find: `{ type: 'delete-prefix', prefix: \`\${deviceKey(device)}/\` },`,
    replace: '',
  },
  {
    name: 'clock-ahead-for-years',
    rule: 'F89',
    test: { file: `${client}/room/path.test.ts`, id: 'PP32' },
    file: `${client}/room/path.ts`,
    find: 'Math.min(pathMs + dailyMs - nowMs, dailyMs)',
    replace: 'pathMs + dailyMs - nowMs',
  },
  {
    name: 'alert-in-colour-alone',
    rule: 'F90',
    test: { file: 'apps/web/src/screens/trust.test.tsx', id: 'WB25' },
    file: 'apps/web/src/parts/alerts.tsx',
    find: '<div class="alert-words" role="alert">',
    replace: '<div class="alert-words">',
  },
  {
    name: 'words-as-html',
    rule: 'C42',
    test: { file: 'tests/system/backup.test.ts', id: 'AR44' },
    file: `${client}/backup/export.ts`,
    find: 'return text.replace(/[&<>"\']/g, (character) => escapes[character]!)',
    replace: 'return text.replace(/&/g, (character) => escapes[character]!)',
  },
  {
    name: 'any-base',
    rule: 'F80',
    test: { file: 'packages/server/src/http/scanners.test.ts', id: 'RL77' },
    file: 'packages/server/src/http/headers.ts',
    find: `"base-uri 'none'",`,
    replace: '',
  },
  {
    name: 'built-without-hashes',
    rule: 'F82',
    test: { file: 'apps/web/build/build.test.ts', id: 'PG5' },
    file: 'apps/web/build/integrity.ts',
    find: 'if (open.length > 0) throw new Error(',
    replace: 'if (open.length > 1_000) throw new Error(',
  },
  ...relaySwitches,
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
