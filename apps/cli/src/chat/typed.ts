/** What a line typed in a chat is: words for the room, or a command. A slip never sends what was meant as a command. */
import { readTyped, type Typed } from '@qsec/client/commands'

/** In the order of `/help`: how each is typed, and what it does. */
const commands = {
  help: ['/help', 'lists these'],
  people: ['/people', 'who is in the room, and whether you verified them'],
  to: ['/to NAME TEXT', 'for that person alone: nobody else gets it'],
  reply: ['/reply TEXT', 'answers the newest message of somebody else; /reply @NAME TEXT that of NAME'],
  me: ['/me TEXT', 'says what you do: /me waves'],
  send: ['/send FILE', 'sends a file'],
  save: ['/save FILE-NAME', 'saves a file that somebody sent, here; /save FILE-NAME PLACE elsewhere'],
  search: ['/search WORDS', 'finds messages on this device'],
  invite: ['/invite', 'shows the link to give to others'],
  verify: ['/verify NAME', 'shows the safety number to compare; /verify alone the room code'],
  accept: ['/accept NAME', 'goes on with changed keys without verifying'],
  keys: ['/keys', 'which keys protect the room, and the quantum links (simulated)'],
  exchange: ['/exchange', 'runs the quantum key exchange (simulated) now'],
  eve: ['/eve on, /eve off', 'switches the simulated eavesdropper, for everybody to see'],
  server: ['/server', 'what the server says that it knows about this room'],
  admit: ['/admit CODE', 'lets in who asks, by the code on their screen'],
  'turn-away': ['/turn-away CODE', 'takes that request off the list'],
  lock: ['/lock', 'nobody new comes in'],
  unlock: ['/unlock', 'new people can come in again'],
  title: ['/title NAME', 'names the room; /title alone takes its name away'],
  retry: ['/retry', 'sends again what was not sent'],
  discard: ['/discard', 'drops what was not sent'],
  nick: ['/nick', 'why your name stays as it is'],
  clear: ['/clear', 'clears this screen'],
  leave: ['/leave', 'leaves the room for good: its keys and messages are erased here'],
  quit: ['/quit', 'ends this program, and stays a member (Ctrl-C and Ctrl-D do the same)'],
} as const

export type ChatCommand = keyof typeof commands

export const chatCommands = Object.keys(commands) as readonly ChatCommand[]

export type Line =
  | Typed<ChatCommand>
  | { type: 'nothing' }
  /** It looks like a command that was mistyped: to be refused, and never to be sent. */
  | { type: 'slip'; name: ChatCommand }

export function readChatLine(line: string): Line {
  if (line.trim() === '') return { type: 'nothing' }
  const typed = readTyped(line, chatCommands)
  if (typed.type !== 'text' || line.startsWith('//')) return typed
  // ` /to Ben …` and `/to:Ben …` would be said to everybody.
  const begun = /^\s*\/([\p{L}\p{N}_-]+)/u.exec(line)?.[1]?.toLowerCase()
  const name = chatCommands.find((one) => one === begun)
  return name === undefined || (name === 'me' && typed.text.startsWith('/me ')) ? typed : { type: 'slip', name }
}

/** `//` and what it does stand last. */
export function helpLines(): string[] {
  const rows: (readonly [string, string])[] = [...Object.values(commands), ['//TEXT', 'says /TEXT, with its slash']]
  const width = Math.max(...rows.map(([typed]) => typed.length))
  return rows.map(([typed, does]) => `${typed.padEnd(width)}  ${does}`)
}

/** Completions of what is typed: of a command's name, or of a person's behind `@`, `/to` and others. */
export function completionsOf(line: string, names: readonly string[]): string[] {
  if (/^\/[\p{L}\p{N}_-]*$/u.test(line)) {
    return chatCommands.map((name) => `/${name} `).filter((one) => one.startsWith(line.toLowerCase()))
  }
  const [, before, begun] = /^(\/(?:to|verify|accept)\s+|.*@)(.*)$/isu.exec(line) ?? []
  if (before === undefined || begun === undefined) return []
  const lower = begun.toLocaleLowerCase()
  return names.filter((name) => name.toLocaleLowerCase().startsWith(lower)).map((name) => `${before}${name} `)
}
