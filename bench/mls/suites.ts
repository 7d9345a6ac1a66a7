/**
 * The MLS library under different suites, in one run:
 *
 *     npm run bench -- mls/suites [--sizes 10,100,500] [--rounds 5] [--suites xwing-ours,x25519-library] [--json]
 *
 * "add" is one commit that adds everybody else, "cold" the first one after it (a blank tree), "warm" one in a room in
 * use. Our rules and storage are not in these figures: those of the whole way are in mls/room.
 */
import { parseArgs } from 'node:util'
import {
  type ClientState,
  createApplicationMessage,
  createCommit,
  emptyPskIndex,
  encodeGroupState,
  encodeMlsMessage,
  joinGroup,
  processPrivateMessage,
} from 'ts-mls'
import { addAll, benchConfig, founding, warmed } from './library-group.ts'
import { medianOf, rounded, type Took } from './measure.ts'
import { suiteVariants, type Variant } from './suite-variants.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,100,500' },
    rounds: { type: 'string', default: '5' },
    suites: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const messages = 300

interface Row {
  suite: string
  members: number
  operation: string
  cpuMs: number
  wallMs: number
  bytes?: number
}
const rows: Row[] = []

const variants = await suiteVariants()
const wanted = values.suites ? values.suites.split(',') : Object.keys(variants)
for (const name of wanted) {
  if (!variants[name]) throw new Error(`There is no suite ${name}; there are ${Object.keys(variants).join(', ')}.`)
}
for (const members of values.sizes.split(',').map(Number)) {
  for (const name of wanted) await measure(name, variants[name]!, members)
}
if (values.json) console.log(JSON.stringify({ node: process.version, arch: process.arch, rounds, rows }, null, 2))
else console.table(rows)

async function measure(name: string, { suite, warmer }: Variant, members: number): Promise<void> {
  console.error(`${name}, ${members} members`)
  const note = (operation: string, took: Took, bytes?: number) =>
    rows.push({
      suite: name,
      members,
      operation,
      cpuMs: rounded(took.cpuMs),
      wallMs: rounded(took.wallMs),
      ...(bytes === undefined ? {} : { bytes }),
    })

  const batch = await founding(suite, members)
  const added = await addAll(suite, batch)
  note('add', await medianOf(rounds, () => addAll(suite, batch)))

  const joiner = batch.people[members >> 1]!
  const join = () =>
    joinGroup(
      added.welcome,
      joiner.keyPackage,
      { ...joiner.privateKeys },
      emptyPskIndex,
      suite,
      undefined,
      undefined,
      benchConfig,
    )
  const joined = await join()
  note('join', await medianOf(rounds, join), encodeGroupState(joined).length)

  await commits('cold', added.state, joined)
  const { sender, receiver } = await warmed(warmer, added.state, batch.people)
  await commits('warm', sender, receiver)

  const content = new Uint8Array(1_024).fill(65)
  const frames: Awaited<ReturnType<typeof createApplicationMessage>>[] = []
  note(
    `seal ${messages} x 1 KiB`,
    await medianOf(rounds, async () => {
      frames.length = 0
      let state = sender
      for (let i = 0; i < messages; i++) {
        const made = await createApplicationMessage(state, content, suite)
        state = made.newState
        frames.push(made)
      }
    }),
  )
  note(
    `open ${messages} x 1 KiB`,
    await medianOf(rounds, async () => {
      let state = receiver
      for (const { privateMessage } of frames) {
        const got = await processPrivateMessage(state, privateMessage, emptyPskIndex, suite)
        if (got.kind !== 'applicationMessage') throw new Error('not a message')
        state = got.newState
      }
    }),
  )

  async function commits(kind: string, from: ClientState, to: ClientState): Promise<void> {
    const send = () => createCommit({ state: from, cipherSuite: suite })
    const made = await send()
    note(`${kind} commit, sent`, await medianOf(rounds, send), encodeMlsMessage(made.commit).length)
    if (made.commit.wireformat !== 'mls_private_message') throw new Error('a public commit')
    const { privateMessage } = made.commit
    const receive = () => processPrivateMessage(to, privateMessage, emptyPskIndex, suite)
    const got = await receive()
    const same = (a: ClientState, b: ClientState) =>
      Buffer.from(a.keySchedule.epochAuthenticator).equals(b.keySchedule.epochAuthenticator)
    if (!same(made.newState, got.newState)) throw new Error('the two sides do not agree')
    note(`${kind} commit, received`, await medianOf(rounds, receive), encodeGroupState(got.newState).length)
  }
}
