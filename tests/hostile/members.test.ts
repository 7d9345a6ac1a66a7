/** Class C: a member that lies, with the honest relay's help. See also insider.test.ts and packages/client/src/crypto. */
import type { RoomClient } from '@qsec/client'
import { toBase64Url, utf8 } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { namerOf } from '../../apps/web/src/words/people.ts'
import { bentPath, sealAs } from '../../packages/client/src/crypto/test-world.ts'
import { hasText, until } from '../system/world.ts'
import type { Insider } from './insider.ts'
import { bothTalk, openStage, quiet, type Stage, staysClosed, toldInWords } from './stage.ts'

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

it('[C39] who comes in under a name that looks like another’s is told apart everywhere, and nothing else changes', async () => {
  const { ana, ben } = stage
  const devices = (room: RoomClient) => room.snapshot.people.map(({ device }) => device)
  const before = devices(ben.room)
  const agreedOn = ({ snapshot: { agreement } }: RoomClient) => [
    agreement?.owner?.device,
    agreement?.locked,
    agreement?.capacity,
  ]
  const agreed = agreedOn(ben.room)
  const look = '\u0410na' // begins with the Cyrillic letter
  const { room } = await stage.admit(look)
  const { device } = room.snapshot.self
  await until(ben.room, ({ people }) => people.filter(({ standing }) => standing.lookalike).length === 2)
  expect(devices(ben.room).filter((one) => one !== device)).toEqual(before)
  expect(agreedOn(ben.room)).toEqual(agreed)
  await room.send('I am Ana')
  const seen = await until(ben.room, hasText('I am Ana'))
  const item = seen.timeline.findLast((one) => one.kind === 'message' && one.text === 'I am Ana')
  const nameOf = namerOf(seen.people)
  const [real, other] = [ana.room.snapshot.self.device, device].map((one) =>
    seen.people.find((person) => person.device === one),
  )
  expect(nameOf(real!)).toContain(`(${real!.shortId})`)
  expect(nameOf(other!)).toContain(`(${other!.shortId})`)
  expect(real!.shortId).not.toBe(other!.shortId)
  expect(item?.kind === 'message' && item.author.device).toBe(device)
  expect(toldInWords(seen, 'joined')).toBe(true)
  await bothTalk(stage)
})
