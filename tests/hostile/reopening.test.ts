/** A relay that says it was set back to a backup, and was not: no device follows it backwards, and people are told. */

import { nodeRandom } from '@qsec/client/node'
import { type Incarnation, toBase64Url } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { events, hasText, texts, until } from '../system/world.ts'
import { bothTalk, freshWord, openStage, patienceMs, quiet, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

it('[RB9] whoever is told of an earlier epoch stays in its own, seals nothing for the other, says so, and goes on when the relay does', {
  timeout: 120_000,
}, async () => {
  const { ana, ben } = stage
  await bothTalk(stage)
  await ana.room.changeRoom({ locked: true })
  await until(ben.room, (s) => s.epoch === ana.room.snapshot.epoch)
  await quiet([ana, ben])
  const { epoch } = ben.room.snapshot
  const asked = ben.relay.asked.length
  await ben.room.close()
  const inc = toBase64Url(nodeRandom(16)) as string as Incarnation
  let claims = 0
  ben.relay.up = async (name, payload, real) => {
    if (name === 'reopen') {
      claims++
      return { ok: false, code: 'stale-epoch', message: 'No.', inc, epoch: epoch - 1, seq: 5_000 }
    }
    const answer = await real(name, payload)
    if (name !== 'join' || !answer?.ok) return answer
    return { ...answer, inc, epoch: epoch - 1, seq: 5_000, firstSeq: 5_001, recovered: false, restored: 0 }
  }
  ben.room = await stage.world.comeBack(ben.env, ana.room.snapshot.address)
  const word = freshWord()
  await ben.room.send(word)
  await until(ben.room, (s) => events(s).includes('relay-restored'), patienceMs)
  // It takes the relay's word for a while; then it is a relay that goes back, like any other: the device asks to be added anew.
  await until(ben.room, (s) => s.phase.at === 'rejoining', patienceMs)
  expect(claims).toBeGreaterThan(0)
  expect(ben.room.snapshot.epoch).toBe(epoch)
  const sealed = ben.relay.asked
    .slice(asked)
    .filter(({ name, payload }) => name === 'encrypted_message' && !('pair' in (payload as object)))
  expect(sealed).toEqual([])
  expect(texts(ana.room.snapshot)).not.toContain(word)

  stage.honest()
  await ben.room.close()
  ben.room = await stage.world.comeBack(ben.env, ana.room.snapshot.address)
  await until(ana.room, hasText(word), patienceMs)
  await bothTalk(stage)
})
