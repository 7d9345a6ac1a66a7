/** Does what somebody typed behind a slash. What cannot be done is thrown or answered in words; nothing of it is sent. */

import type { MessageView, RoomClient, RoomSnapshot } from '@qsec/client'
import type { DeviceId } from '@qsec/protocol'
import { sendFile } from '../room/files.ts'
import { keysLines, peopleLines, serverLines } from './answers.ts'
import { clock, forTerminal, type Line, note, short } from './lines.ts'
import { isYou, mentionedIn, namerOf, serverWords, slashWords } from './page.ts'
import { saveNamed } from './saving.ts'
import { type ChatCommand, helpLines } from './typed.ts'
import { verify } from './verify.ts'
import { whomIn } from './whom.ts'

export interface Desk {
  room: RoomClient
  /** The address of the relay, such as `https://chat.example.org`. */
  where: string
  say(lines: readonly Line[]): void
  clear(): void
  /** True: `/leave` was typed once and explained, or nobody is there to be asked. */
  mayLeave(): boolean
}

const weekMs = 7 * 86_400_000
const foundAtMost = 10

/** @throws where the room refuses it, with a message for people */
export async function runCommand(name: Exclude<ChatCommand, 'quit'>, rest: string, desk: Desk): Promise<void> {
  const { room, say } = desk
  const { snapshot } = room
  const answer = (text: string): void => say([note(text)])
  switch (name) {
    case 'help':
      return say(helpLines().map((line) => note(line)))
    case 'people':
      return say(peopleLines(snapshot))
    case 'to':
      return tell(rest, room)
    case 'reply':
      return reply(rest, room)
    case 'me':
      return answer(slashWords.meNothing)
    case 'nick':
      return answer(slashWords.nick)
    case 'send':
      if (rest === '') return answer('Which file? /send FILE')
      answer(`Preparing ${short(rest, 80)} …`)
      return sendFile(room, rest, '')
    case 'save':
      return answer(await saveNamed(room, rest))
    case 'search':
      return search(rest, desk)
    case 'invite':
      return answer(await invite(desk))
    case 'verify':
      return say(await verify(rest, room))
    case 'accept':
      return room.acceptKeys(personIn(rest, snapshot))
    case 'keys':
      return say(keysLines(snapshot))
    case 'exchange':
      room.runKeyExchange()
      return answer('The quantum key exchange (simulated) begins with everybody who is here.')
    case 'eve':
      if (rest !== 'on' && rest !== 'off') return answer('/eve on or /eve off: it is simulated, and everybody sees it.')
      return room.switchEavesdropper(rest === 'on')
    case 'server':
      answer(serverWords.fetching)
      return say(serverLines(await room.serverTables()))
    case 'admit':
    case 'turn-away': {
      const knock = knockIn(rest, snapshot)
      return name === 'admit' ? room.letIn(knock) : room.turnAway(knock)
    }
    case 'lock':
    case 'unlock': {
      const why = await lock(name === 'lock', room)
      return why === undefined ? undefined : answer(why)
    }
    case 'title': {
      const { phase, agreement } = snapshot
      if (phase.at !== 'member' || !agreement) return answer(slashWords.notNow)
      return agreement.may.change ? room.changeRoom({ title: rest }) : answer(slashWords.titleNo)
    }
    case 'retry':
    case 'discard': {
      const failed = messagesOf(snapshot).filter(({ state }) => state === 'not-sent')
      if (failed.length === 0) return answer('Everything was sent.')
      for (const { key } of failed) await (name === 'retry' ? room.retry(key) : room.discard(key))
      return answer(name === 'retry' ? 'It is sent again.' : 'It was dropped.')
    }
    case 'clear':
      return desk.clear()
    case 'leave':
      if (desk.mayLeave()) return room.leave()
      return answer(
        'This erases the keys and messages of this room here, and you come back only by an invite, as a new member. ' +
          'Type /leave once more to do it; /quit ends this program and stays a member.',
      )
  }
}

/** To everybody, with those named behind an `@`. */
export async function speak(text: string, room: RoomClient, more: { replyTo?: string } = {}): Promise<void> {
  await room.send(text, { ...more, mentions: mentionedIn(text, room.snapshot.people) })
}

async function tell(words: string, room: RoomClient): Promise<void> {
  const meant = whomIn(words, room.snapshot)
  if (!meant.ok) throw new Error(`${meant.why} Nothing was sent: /to NAME TEXT`)
  if (meant.rest === '') throw new Error('There are no words behind the name: /to NAME TEXT')
  await room.tell(meant.person.device, meant.rest)
}

/** The answer to what was said to one person alone goes to that person alone. */
async function reply(words: string, room: RoomClient): Promise<void> {
  const { snapshot } = room
  const meant = words.startsWith('@') ? whomIn(words, snapshot) : undefined
  if (meant && !meant.ok) throw new Error(`${meant.why} Nothing was sent: /reply @NAME TEXT`)
  const text = meant ? meant.rest : words
  if (text === '') throw new Error('There are no words: /reply TEXT')
  const answered = messagesOf(snapshot).findLast(
    ({ author, deleted }) => !isYou(author) && !deleted && (!meant || author.person === meant.person.person),
  )
  if (!answered) throw new Error('There is no message to answer. Nothing was sent.')
  const more = { replyTo: answered.key }
  await (answered.privately ? room.tell(answered.author.device, text, more) : speak(text, room, more))
}

async function search(words: string, { room, say }: Desk): Promise<void> {
  if (words === '') return say([note('What for? /search WORDS')])
  const search = await room.openSearch(() => undefined)
  const found: Line[] = []
  try {
    for await (const step of search.find(words)) {
      for (const { author, atMs, text } of step.found) {
        const name = isYou(author) ? 'You' : forTerminal(namerOf(room.snapshot.people)(author))
        const day = new Date(atMs).toLocaleDateString('sv-SE')
        found.push(note(`${day} ${clock(atMs)} ${name}: ${short(text, 200)}`))
      }
      if (found.length >= foundAtMost) break
    }
  } finally {
    search.close()
  }
  say(found.length === 0 ? [note('Nothing on this device has these words.')] : found.slice(0, foundAtMost).reverse())
}

/** The newest link that others can use, made where there is none and this person may. */
async function invite({ room, where }: Desk): Promise<string> {
  const { kind, address, invitePath, agreement } = room.snapshot
  if (kind === 'open') return `${where}/room/${address}`
  if (invitePath !== undefined) return `${where}${invitePath}`
  if (!agreement?.may.admit) return slashWords.inviteNo
  return where + (await room.makeInvite({ mode: 'link', lifetimeMs: weekMs }))
}

function personIn(words: string, snapshot: RoomSnapshot): DeviceId {
  const meant = whomIn(words, snapshot)
  if (!meant.ok) throw new Error(meant.why)
  return meant.person.device
}

function knockIn(code: string, { agreement }: RoomSnapshot): DeviceId {
  const bare = (text: string): string => text.replace(/[\s-]/gu, '').toUpperCase()
  const knock = agreement?.knocks.find((one) => bare(one.code) === bare(code))
  if (!knock) throw new Error('Nobody with that code asks to come in.')
  return knock.device
}

async function lock(on: boolean, room: RoomClient): Promise<string | undefined> {
  const { phase, agreement } = room.snapshot
  if (phase.at !== 'member' || !agreement) return slashWords.notNow
  if (!agreement.may.change) return slashWords.lockNo
  if (agreement.locked === on) return on ? slashWords.locked : slashWords.unlocked
  await room.changeRoom({ locked: on })
  return undefined
}

export function messagesOf({ timeline }: RoomSnapshot): MessageView[] {
  return timeline.filter((item) => item.kind === 'message')
}
