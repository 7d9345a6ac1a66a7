import { type ClientState, emptyPskIndex, type Proposal, processPrivateMessage } from 'ts-mls'
import type { AuthenticatedContentCommit } from 'ts-mls/authenticatedContent.js'
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import type { UpdatePath } from 'ts-mls/updatePath.js'
import { expect, it } from 'vitest'
import { applyCommit } from './apply.ts'
import { pskIndexOf } from './commit.ts'
import { decodeExactly } from './frames.ts'
import { withRatchets } from './secret-tree.ts'
import { stateOf } from './state.ts'
import { suite } from './suite.ts'
import { addOf, extensionsOf, forge, libraryStateOf, type Member, pskOf, random, World } from './test-world.ts'

const believing = (state: ClientState): ClientState => ({
  ...state,
  clientConfig: { ...state.clientConfig, authService: { validateCredential: async () => true } },
})

async function opened(member: Member, from: number, frame: Uint8Array): Promise<AuthenticatedContentCommit> {
  const state = libraryStateOf(member.group, from)
  const result = await unprotectPrivateMessage(
    state.keySchedule.senderDataSecret,
    decodeExactly(frame, 'mls_private_message').privateMessage,
    state.secretTree,
    state.ratchetTree,
    state.groupContext,
    state.clientConfig.keyRetentionConfig,
    suite,
  )
  return result.content as AuthenticatedContentCommit
}

/** What the library and what we make of one frame. */
async function both(member: Member, from: number, frame: Uint8Array, psks: ReadonlyMap<string, Uint8Array>) {
  const state = believing(libraryStateOf(member.group, from))
  const { privateMessage } = decodeExactly(frame, 'mls_private_message')
  const ours = applyCommit(state, await opened(member, from, frame), pskIndexOf(psks), suite)
  return { ours, theirs: processPrivateMessage(state, privateMessage, pskIndexOf(psks), suite) }
}

it("[CR64] a commit makes of a state what the library's own processing makes of it", async () => {
  const world = new World()
  const members = await world.room(6)
  const [ana, ben] = members as [Member, Member, ...Member[]]
  const newcomer = await world.knock(await world.device(), ana.group.invites[0])
  const psks = new Map([['qkdg:test', random(32)]])
  const add = addOf(newcomer.keyPackage)
  const remove: Proposal = { proposalType: 'remove', remove: { removed: members[4]!.group.ownLeaf } }
  const cases: Proposal[][] = [[], [add], [remove], [remove, add], [pskOf('qkdg:test')], [extensionsOf(ana.group, [])]]
  for (const proposals of cases) {
    const { frame } = await forge(ana, proposals, psks)
    for (const receiver of [ben, members[5]!]) {
      const { ours, theirs } = await both(receiver, ana.group.ownLeaf, frame, psks)
      const { newState } = (await theirs) as { newState: ClientState }
      const got = (await ours)!
      for (const part of ['groupContext', 'ratchetTree', 'keySchedule', 'privatePath', 'confirmationTag'] as const) {
        expect(got[part], part).toEqual(newState[part])
      }
      for (let leaf = 0; leaf < 8; leaf++) {
        expect(withRatchets(got.secretTree, leaf)[2 * leaf]).toEqual(newState.secretTree[2 * leaf])
      }
    }
  }
  const { ours } = await both(members[4]!, ana.group.ownLeaf, (await forge(ana, [remove])).frame, psks)
  expect(await ours).toBeUndefined()
})

it('[CR65] a commit that the library refuses is refused, and the state stays as it was', async () => {
  const world = new World()
  const members = await world.room(4)
  const [ana, ben] = members as [Member, Member, ...Member[]]
  const kept = stateOf(ben.group)
  const { clientConfig: _, ...parts } = kept
  const before = structuredClone(parts)
  const { frame } = await forge(ana, [pskOf('qkdg:test')], new Map([['qkdg:test', random(32)]]))
  for (const [psks, reason] of [
    [new Map<string, Uint8Array>(), 'Could not find pskId'],
    [new Map([['qkdg:test', random(32)]]), 'confirmation'],
  ] as const) {
    const { ours, theirs } = await both(ben, ana.group.ownLeaf, frame, psks)
    const [mine, yours] = await Promise.allSettled([ours, theirs])
    expect(mine).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(reason) } })
    expect(yours).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(reason) } })
  }
  const path = await opened(ben, ana.group.ownLeaf, (await forge(ana, [])).frame)
  const bend = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
  const { commit } = path.content
  const bentPath = (change: Partial<UpdatePath>) => ({
    ...path,
    content: { ...path.content, commit: { ...commit, path: { ...commit.path!, ...change } } },
  })
  const { leafNode, nodes } = commit.path!
  const bad: AuthenticatedContentCommit[] = [
    { ...path, auth: { ...path.auth, contentType: 'commit', confirmationTag: random(64) } },
    { ...path, auth: { ...path.auth, signature: bend(path.auth.signature) } as typeof path.auth },
    { ...path, content: { ...path.content, epoch: path.content.epoch + 1n } },
    { ...path, content: { ...path.content, commit: { proposals: [], path: undefined } } },
    bentPath({ leafNode: { ...leafNode, parentHash: bend(leafNode.parentHash) } }),
    bentPath({ nodes: nodes.map((node) => ({ ...node, hpkePublicKey: bend(node.hpkePublicKey) })) }),
    bentPath({ nodes: nodes.map((node) => ({ ...node, encryptedPathSecret: [] })) }),
    bentPath({ nodes: nodes.slice(1) }),
  ]
  for (const one of bad) await expect(applyCommit(believing(kept), one, emptyPskIndex, suite)).rejects.toThrow()
  expect(await applyCommit(believing(kept), path, emptyPskIndex, suite)).toBeDefined()
  expect(parts).toEqual(before)
})
