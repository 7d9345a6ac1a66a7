/**
 * What a hostile member says of others' messages, in files, and in kinds that this version does not have. It must change
 * nothing, be told in a plain line or shown as it stands, and leave the room usable. These tests grow with the features.
 */
import type { RoomSnapshot } from '@qsec/client'
import { toBase64Url, utf8 } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodePiece, importFileKey, pieceBytes, piecesOf, sealPiece } from '../../packages/client/src/files/pieces.ts'
import { growTree, leafOf } from '../../packages/client/src/files/tree.ts'
import { pngPicture } from '../pictures.ts'
import { hasText, texts, until } from '../system/world.ts'
import type { Insider } from './insider.ts'
import { bothTalk, freshWord, inPlainWords, openStage, type Person, patienceMs, quiet, type Stage } from './stage.ts'

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

const messages = (s: RoomSnapshot) => s.timeline.flatMap((item) => (item.kind === 'message' ? [item] : []))
const lines = (s: RoomSnapshot) => s.timeline.length - messages(s).length

/** What every frame leaves, whatever it says: the line, the frame itself as a sealed copy, the ratchet past it. */
const ofStream = /\/(timeline|copies|parts)\//

/** All that Ben's device holds and shows, but for the lines that tell of what could not be read. */
async function standingOf({ room, env }: Person): Promise<object> {
  const { epoch, people, agreement, quantum, successor } = room.snapshot
  const places = (await env.storage.list('')).map(({ key }) => key)
  return {
    epoch,
    successor,
    agreement,
    label: quantum.label,
    people: people.map(({ device, name, role }) => ({ device, name, role })),
    said: messages(room.snapshot).map(({ key, author, text, reactions }) => [
      key,
      author.device,
      text,
      reactions?.length,
    ]),
    places: places.filter((key) => !ofStream.test(key)),
  }
}

/** Says contents of no known kind: they change nothing, are told in a plain line, and the room goes on. */
async function changeNothing(contents: readonly unknown[], say = (one: unknown) => insider.say(one)): Promise<void> {
  const { ana, ben } = stage
  await quiet([ana, ben])
  const before = await standingOf(ben)
  const linesBefore = lines(ben.room.snapshot)
  for (const content of contents) await say(content)
  await until(ben.room, (s) => lines(s) > linesBefore, patienceMs)
  await quiet([ana, ben])
  const [told] = ben.room.snapshot.timeline.slice(-1)
  expect(told?.kind === 'system' && told.event).toMatchObject({ type: 'unreadable', reason: 'unknown-content' })
  expect(told?.kind === 'system' && inPlainWords(told.event, ben.room.snapshot, 'unknown-content')).toBe(true)
  expect(lines(ben.room.snapshot) - linesBefore).toBeLessThanOrEqual(contents.length)
  expect(await standingOf(ben)).toEqual(before)
  await bothTalk(stage)
}

/** A message of Ana's that both have: how changes name it, and how Ben's page shows it. */
async function ofAna(): Promise<{
  of: object
  shown: () => ReturnType<typeof messages>[number] | undefined
  said: string
}> {
  const { ana, ben } = stage
  const said = freshWord()
  await ana.room.send(said)
  await until(ben.room, hasText(said), patienceMs)
  const { key } = messages(ben.room.snapshot).find(({ text }) => text === said)!
  const [device, id] = key.split('/')
  return { of: { device, id }, shown: () => messages(ben.room.snapshot).find((one) => one.key === key), said }
}

it('[C38] nobody changes what somebody else wrote, under whatever id or name; each lie is told in a plain line', async () => {
  const { ana, ben } = stage
  const { of, shown, said } = await ofAna()
  const before = shown()
  const after = async (content: unknown, envelope: object = {}) => {
    await quiet([ana, ben])
    await bothTalk(stage) // a line of its own for each
    const linesBefore = lines(ben.room.snapshot)
    await insider.say(content, envelope)
    await until(ben.room, (s) => lines(s) > linesBefore, patienceMs)
    const told = ben.room.snapshot.timeline.findLast((item) => item.kind === 'system')
    expect(told?.kind === 'system' && told.event).toMatchObject({ type: 'unreadable', reason: 'not-own-message' })
    expect(told?.kind === 'system' && inPlainWords(told.event, ben.room.snapshot, 'not-own-message')).toBe(true)
    expect(shown()).toEqual(before)
  }
  await after({ type: 'edit', of, version: Number.MAX_SAFE_INTEGER, text: 'I never said that', atMs: 1 })
  await after({ type: 'delete', of })
  await after({ type: 'delete', of, device: ana.room.snapshot.self.device, person: ana.room.snapshot.self.person })
  // Further fields of a known kind mean nothing either: this is a message of Mallory's, and no other one changes.
  const own = freshWord()
  const { id } = of as { id: string }
  await insider.say({ type: 'text', text: own, atMs: Date.now(), edits: id, replaces: of }, { id })
  await insider.say({ type: 'text', text: 'said again', atMs: Date.now() }, { id })
  await bothTalk(stage)
  for (const { room } of [ana, ben]) {
    expect(texts(room.snapshot)).toContain(said)
    expect(texts(room.snapshot)).not.toContain('said again')
    expect(messages(room.snapshot).find(({ text }) => text === own)?.author.name).toBe('Mallory')
  }
  // What is Mallory's own under the same id it may delete, and Ana's stays.
  await insider.say({ type: 'delete', of: { device: insider.device, id } })
  await until(ben.room, (s) => messages(s).some((one) => one.deleted && one.author.name === 'Mallory'), patienceMs)
  expect(shown()).toEqual(before)
})

it('[C40] a member reacts in its own name, once for each sign and as often as allowed; longer and other forms change nothing', async () => {
  const { ana, ben } = stage
  const { of, shown } = await ofAna()
  const many = Array.from({ length: 9 }, (_, i) => String.fromCodePoint(0x1f600 + i))
  const reaction = (signs: unknown, over: object = {}) => ({ type: 'reaction', of, version: 1, signs, ...over })
  await changeNothing([
    reaction(['👍', '👍']),
    reaction(many),
    reaction(['Ana agrees']),
    reaction(['👍\u202e']),
    reaction(['👍'], { version: 1e300 }),
    reaction('👍', { count: 1e9 }),
    { type: 'reactions', of, all: Array.from({ length: 20_000 }, () => '👍') },
    { type: 'edit', of, text: 'without a version', atMs: 1 },
    { type: 'text', text: 'x', atMs: 1, mentions: Array.from({ length: 33 }, () => 'A'.repeat(22)) },
    { type: 'text', text: 'x', atMs: 1, replyTo: { device: 'x'.repeat(60_000), id: 'y' } },
    { type: 'pin', of },
  ])
  await insider.say(reaction(['👍'], { person: ana.room.snapshot.self.person, device: ana.room.snapshot.self.device }))
  await until(ben.room, () => shown()?.reactions?.length === 1, patienceMs)
  expect(shown()!.reactions).toMatchObject([{ sign: '👍', people: [{ name: 'Mallory' }], own: false }])
  // Changes of messages that nobody has are held within limits, and are no line that anybody could be flooded with.
  const linesBefore = lines(ben.room.snapshot)
  for (let i = 0; i < 40; i++) {
    const unknown = { ...of, id: toBase64Url(new Uint8Array(16).fill(i)) }
    await insider.say(reaction(['👍'], { of: unknown }))
  }
  await bothTalk(stage)
  expect(lines(ben.room.snapshot)).toBe(linesBefore)
  const kept = (await ben.env.storage.keys('')).filter((key) => key.includes('/timeline-early/'))
  expect(kept).toHaveLength(32)
})

/** A file as a member may make it by the rules of the wire, whatever is in it and however it is called. */
async function fileOf(name: string, type: string, bytes: Uint8Array) {
  const id = toBase64Url(crypto.getRandomValues(new Uint8Array(16))) as string
  const rawKey = crypto.getRandomValues(new Uint8Array(32))
  const key = await importFileKey(rawKey)
  const { length: size } = bytes
  const sealed = await Promise.all(
    Array.from({ length: piecesOf(size) }, (_, at) =>
      sealPiece(key, { file: id, size, at }, bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
    ),
  )
  const { root, pathTo } = await growTree(await Promise.all(sealed.map(leafOf)))
  const claim = { id, name, type, size, key: toBase64Url(rawKey), root: toBase64Url(root) }
  return { claim, pieceAt: (at: number) => encodePiece({ path: pathTo(at), sealed: sealed[at]! }) }
}

/** Says that it sends that file, and waits for what becomes of it at Ben's. */
async function sendFile(claim: { id: string }): Promise<{ key: string; at: string; reason?: string }> {
  const { ben } = stage
  await insider.say({ type: 'text', text: '', atMs: Date.now(), files: [claim] })
  const stateOf = (s: RoomSnapshot) => s.files.states.get(claim.id)
  await until(ben.room, (s) => stateOf(s)?.at === 'here' || stateOf(s)?.at === 'failed', patienceMs)
  const { key } = messages(ben.room.snapshot).find(({ files }) => files?.some(({ id }) => id === claim.id))!
  return { key, ...stateOf(ben.room.snapshot)! }
}

it('[C41] a file of another form than files have is neither fetched nor stored nor shown', async () => {
  const { claim } = await fileOf('a.txt', 'text/plain', utf8('abc'))
  const say = (...files: object[]) => ({ type: 'text', text: 'look', atMs: Date.now(), files })
  await changeNothing([
    { type: 'file', name: 'a.txt', mime: 'text/plain', size: 3, data: toBase64Url(utf8('<script>alert(1)</script>')) },
    say({ ...claim, size: Number.MAX_SAFE_INTEGER }),
    say({ ...claim, size: -1 }),
    say({ ...claim, size: 2 ** 30 + 1 }),
    say({ ...claim, id: '../../../x' }),
    say({ ...claim, id: '__proto__' }),
    say({ ...claim, key: 'AA' }),
    say({ ...claim, type: 'text/html;charset=x' }),
    say({ ...claim, name: 7 }),
    say(),
    say(claim, claim),
    say(...Array.from({ length: 11 }, (_, i) => ({ ...claim, id: toBase64Url(new Uint8Array(16).fill(i)) }))),
  ])
})

it('[C41] a file is called safely and only saved, unless its name, type and all of its bytes are those of a picture', async () => {
  const png = Uint8Array.from(pngPicture)
  const withScript = Uint8Array.from([...png, ...utf8('<script>alert(1)</script>')])
  const cases: [name: string, type: string, bytes: Uint8Array, clean: string, shown?: string][] = [
    ['dot.png', 'image/png', png, 'dot.png', 'image/png'],
    ['../../etc/passwd', 'text/plain', utf8('root'), 'passwd'],
    ['C:\\Windows\\con.txt', 'text/plain', utf8('x'), '_con.txt'],
    ['photo\u202egpj.exe', 'image/jpeg', utf8('MZ'), 'photogpj.exe'],
    ['a.svg', 'image/svg+xml', utf8('<svg onload="alert(1)"/>'), 'a.svg'],
    ['a.html', 'text/html', utf8('<script>alert(1)</script>'), 'a.html'],
    ['a.png', 'image/png', utf8('<script>alert(1)</script>'), 'a.png'],
    ['a.html', 'image/png', png, 'a.html'],
    ['a.png', 'text/html', png, 'a.png'],
    ['a.png', 'image/png', withScript, 'a.png'],
    ['a.pdf', 'application/pdf', utf8('%PDF-1.7'), 'a.pdf'],
  ]
  const { ben } = stage
  for (const [name, type, bytes, clean, shown] of cases) {
    const { claim, pieceAt } = await fileOf(name, type, bytes)
    insider.serve(claim.id, pieceAt)
    const { key, at } = await sendFile(claim)
    expect(at, name).toBe('here')
    const opened = await ben.room.openFile(key, claim.id)
    expect([opened.name, opened.shown, opened.type], `${name} ${type}`).toEqual([
      clean,
      shown,
      shown ?? 'application/octet-stream',
    ])
  }
  await bothTalk(stage)
})

it('[C41] wrong bytes are noticed piece by piece: nothing of them stays, and the room goes on', async () => {
  const { ben } = stage
  const before = await ben.env.storage.keys('')
  const { claim, pieceAt } = await fileOf('a.bin', 'application/octet-stream', new Uint8Array(3 * pieceBytes))
  insider.serve(claim.id, (at) => {
    const piece = pieceAt(at)
    if (at === 2) piece[piece.length - 1]! ^= 1
    return piece
  })
  expect(await sendFile(claim)).toMatchObject({ at: 'failed', reason: 'wrong' })
  await bothTalk(stage)
  const left = (await ben.env.storage.keys('')).filter((key) => key.includes('/file/') && !before.includes(key))
  expect(left).toEqual([])
})

it('[C43] nesting as deep as a frame allows is shown as it stands or refused, and nothing else comes of it', async () => {
  const { ana, ben } = stage
  const deep = 60_000
  const markup = ['> '.repeat(deep / 2), '['.repeat(deep), '*_'.repeat(deep / 2), `${'a'.repeat(deep)}!`]
  await quiet([ana, ben])
  for (const text of markup) await insider.say({ type: 'text', text, atMs: Date.now() })
  for (const { room } of [ana, ben]) {
    for (const text of markup) await until(room, hasText(text), patienceMs)
  }
  // Deeper: as JSON, which is no text, and as text longer than one message may be.
  const levels = 100_000
  const frames = [
    `{"type":"text","atMs":1,"text":${'['.repeat(levels)}${']'.repeat(levels)}}`,
    `${'{"content":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    `{"content":${'['.repeat(levels)}`,
  ]
  await changeNothing(frames, (frame) => insider.sayBytes(utf8(frame as string)))
  await changeNothing([{ type: 'text', text: '>'.repeat(levels), atMs: 1 }])
})
