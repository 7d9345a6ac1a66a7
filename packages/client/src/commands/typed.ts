/**
 * What a person types that begins with a slash, read alike by every program of ours: `/verify Ana` asks for something,
 * `//tmp` says `/tmp`, and what has no command's form, such as `/usr/bin`, is said as it stands. Nothing here is sent by
 * itself.
 */

/** The names, as they are typed. */
export const commandNames = [
  'help',
  'me',
  'search',
  'clear',
  'invite',
  'verify',
  'lock',
  'unlock',
  'title',
  'leave',
  'nick',
] as const
export type CommandName = (typeof commandNames)[number]

export type Typed<Name extends string = CommandName> =
  /** To be said: as it was typed, or without the slash that made it so. */
  | { type: 'text'; text: string }
  /** `rest`: what stands behind the name, without the space around it. */
  | { type: 'command'; name: Name; rest: string }
  /** It has a command's form and is none: to be refused in words, and never to be sent. */
  | { type: 'unknown'; name: string }

const command = /^\/([\p{L}\p{N}_-]+)(?:\s+([\s\S]*))?$/u
/** `/me waves`: told of its author, not by them. */
const action = /^\/me\s+(\S[\s\S]*)$/u

/** @param names - the commands that the program has, in small letters */
export function readTyped(text: string): Typed
export function readTyped<const Name extends string>(text: string, names: readonly Name[]): Typed<Name>
export function readTyped(text: string, names: readonly string[] = commandNames): Typed<string> {
  // A message that reads like an action is one wherever it is shown; a space before it keeps it a text.
  if (text.startsWith('//'))
    return { type: 'text', text: action.test(text.slice(1)) ? ` ${text.slice(1)}` : text.slice(1) }
  const [whole, typed, rest = ''] = command.exec(text) ?? []
  if (whole === undefined || typed === undefined) return { type: 'text', text }
  const name = names.find((one) => one === typed.toLowerCase())
  if (name === 'me' && action.test(`/me ${rest}`)) return { type: 'text', text: `/me ${rest.trim()}` }
  return name === undefined ? { type: 'unknown', name: typed } : { type: 'command', name, rest: rest.trim() }
}

/**
 * What the author of a message does, where its text is `/me` and what follows; shown as `* Ana waves`. It is a text like any
 * other on the wire, so that whoever does not know the form reads `/me waves`.
 */
export function actionIn(text: string): string | undefined {
  return action.exec(text)?.[1]
}

/** The commands whose names begin with what is typed; undefined where no name is being typed. */
export function namesFor(text: string, caret: number): readonly CommandName[] | undefined {
  const typed = /^\/([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret))?.[1]?.toLowerCase()
  if (typed === undefined || /^\S/u.test(text.slice(caret))) return undefined
  // Whoever has typed a whole name wants no list between it and Enter.
  const found = commandNames.filter((name) => name !== 'nick' && name.startsWith(typed) && name !== typed)
  return found.length > 0 ? found : undefined
}
