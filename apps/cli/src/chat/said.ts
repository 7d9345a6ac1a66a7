/** Messages as lines: who said what to whom, what it answers, and what became of it since. */
import type { MessageView, ReactionView } from '@qsec/client'
import { actionIn } from '@qsec/client/commands'
import { clock, forTerminal, type Line, note, short } from './lines.ts'
import { durationWords, isYou, messageWords, type Namer, namingWords, quoteWords, sizeWords } from './page.ts'

/** No name can hold that sign (`cleanName`), so it vouches. */
const verifiedSign = ' ✓'

export function messageLine(message: MessageView, nameOf: Namer): Line {
  const { author, atMs, hue } = { ...message, hue: message.author.hue }
  const name = { text: isYou(author) ? namingWords.youFirst : calm(author, nameOf), hue }
  const tone = message.mentionsYou && !isYou(author) ? 'to-you' : 'said'
  if (message.deleted) return { head: `${clock(atMs)} `, name, text: `: (${messageWords.deleted})`, tone: 'quiet' }
  const about = [whom(message, nameOf), answered(message, nameOf), gone(message)].filter((one) => one !== '')
  const action = message.reply || message.privately ? undefined : actionIn(message.text)
  const words = [action ?? message.text, filesOf(message)].filter((one) => one !== '').join(' ')
  const verified = author.standing.trust === 'verified' ? verifiedSign : ''
  const set = about.length > 0 ? ` (${about.join('; ')})` : ''
  return action === undefined
    ? { head: `${clock(atMs)} `, name, text: `${verified}${set}: ${words}`, tone }
    : { head: `${clock(atMs)} * `, name, text: `${verified}${set} ${words}`, tone }
}

function whom({ author, privately }: MessageView, nameOf: Namer): string {
  if (!privately) return ''
  return isYou(author) ? `to ${calm(privately, nameOf)} alone` : 'to you alone'
}

function answered({ reply }: MessageView, nameOf: Namer): string {
  if (!reply) return ''
  if (reply.gone) return messageWords.quotedVanished
  if (!reply.message) return messageWords.quotedGone
  const { author } = reply.message
  const who = isYou(author) ? namingWords.you : calm(author, nameOf)
  return `${messageWords.quoted} ${who}: “${short(quoteWords(reply.message))}”`
}

function gone({ lifetime }: MessageView): string {
  return lifetime ? `disappears after ${durationWords(lifetime.seconds)}, though not from this terminal` : ''
}

function filesOf({ files = [] }: MessageView): string {
  return files.map(({ name, size }) => `[${name}, ${sizeWords(size)}]`).join(' ')
}

/** What is remembered of a message, to tell what changed. */
export interface Known {
  state: MessageView['state']
  text: string
  editedMs: number | undefined
  deleted: boolean
  reactions: readonly ReactionView[]
}

export function knownOf({ state, text, editedMs, deleted, reactions }: MessageView): Known {
  return { state, text, editedMs, deleted: deleted === true, reactions: reactions ?? [] }
}

/** What happened to a message since. Its state is told elsewhere, but for one that was not sent. */
export function changeLines(before: Known, now: MessageView, nameOf: Namer): Line[] {
  const who = isYou(now.author) ? namingWords.youFirst : calm(now.author, nameOf)
  if (now.deleted) return before.deleted ? [] : [note(`${who} deleted a message of ${clock(now.atMs)}.`)]
  const changed =
    now.editedMs !== before.editedMs && now.text !== before.text
      ? [note(`${who} changed “${short(before.text)}” to: ${now.text}`, 'plain')]
      : []
  return [...changed, ...newReactions(before.reactions, now, nameOf)]
}

function newReactions(before: readonly ReactionView[], now: MessageView, nameOf: Namer): Line[] {
  return (now.reactions ?? []).flatMap(({ sign, people }) => {
    const known = before.find((one) => one.sign === sign)?.people ?? []
    const fresh = people.filter((one) => !isYou(one) && !known.some(({ device }) => device === one.device))
    return fresh.map((one) => note(`${calm(one, nameOf)} reacted ${sign} to “${short(quoteWords(now))}”`))
  })
}

/** A name as a terminal shows it. */
export function calm(person: MessageView['author'], nameOf: Namer): string {
  return forTerminal(nameOf(person))
}
