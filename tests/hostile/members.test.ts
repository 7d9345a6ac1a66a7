/** Class C: a member that lies, with the honest relay's help. See also insider.test.ts and packages/client/src/crypto. */
import { toBase64Url, utf8 } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bentPath, sealAs } from '../../packages/client/src/crypto/test-world.ts'
import { hasText, until } from '../system/world.ts'
import type { Insider } from './insider.ts'
import { bothTalk, openStage, quiet, type Stage, staysClosed } from './stage.ts'

let stage: Stage
let insider: Insider
beforeAll(async () => {
  stage = await openStage()
  insider = await stage.insider()
})
afterAll(async () => {
  insider?.close()
  await stage?.close()
})

it('[C35] a message sealed as another member’s is refused by its signature', async () => {
  const anas = insider.group.members.find(({ device }) => device === stage.ana.room.snapshot.self.device)!
  const words = {
    id: toBase64Url(new Uint8Array(16)),
    counter: 1,
    chain: '',
    content: { type: 'text', text: 'I am Ana', atMs: 1 },
  }
  const frame = await sealAs(anas.leaf, insider.group, utf8(JSON.stringify(words)))
  await staysClosed(stage, stage.ben, () => insider.send(frame), 'bad-signature')
})

it('[C37] a commit whose path not everybody could follow is refused by all, and the room goes on in its epoch', async () => {
  const { ana, ben } = stage
  const { epoch } = ben.room.snapshot
  await quiet([ana, ben]) // nobody else in this process makes a path meanwhile
  const frame = await bentPath(insider.group)
  await staysClosed(stage, ben, () => insider.commit(frame), 'bad-path')
  expect([ana, ben].map(({ room }) => room.snapshot.epoch)).toEqual([epoch, epoch])
})

it('[C42] text that looks like markup or a script arrives as the very same text', async () => {
  const { ana, ben } = stage
  const text = '<img src=x onerror="alert(1)"><svg><script>1</script></svg> javascript:alert(1) data:text/html,<b> &lt;'
  await quiet([ana, ben])
  await insider.say({ type: 'text', text, atMs: Date.now() })
  for (const { room } of [ana, ben]) await until(room, hasText(text))
  await bothTalk(stage)
})
