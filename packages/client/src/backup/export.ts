/** One's own history as a file for people and for programs. It is not encrypted, and says so. */
import type { History, HistoryItem } from './history.ts'

/** Of a quoted text, so much is told. */
const quotedCharacters = 300

const notice = 'Exported from QSEC. This file is not encrypted: whoever has it can read it.'

/** What the page says, in the language of its reader. */
export interface HistoryWords {
  openRoom(room: string): string
  closedRoom(room: string): string
  notice: string
  writtenBy(name: string, date: string): string
  /** Whose name never came; `shortId`: of the keys. */
  someone(shortId: string): string
  somebody: string
  sharedBy(sharer: string): string
  deleted: string
  edited: string
  disappears(seconds: number): string
  privateFrom(name: string): string
  privateWith(name: string): string
  notHere: string
  /** BCP 47. */
  language: string
  direction: 'ltr' | 'rtl'
}

export function historyAsJson(history: History, madeMs: number): string {
  return `${JSON.stringify({ format: 'qsec-history-1', notice, madeAt: iso(madeMs), ...history }, null, 2)}\n`
}

/** One page without any script, link or picture from elsewhere; everything that people wrote is escaped. */
export function historyAsHtml(history: History, madeMs: number, words: HistoryWords): string {
  const { room, kind, people } = history
  const named = new Map(people.map(({ device, name, shortId }) => [device, name || words.someone(shortId)]))
  const names: Names = (device) => named.get(device) ?? words.somebody
  const kindWords = kind === 'open' ? words.openRoom(room) : words.closedRoom(room)
  const title = history.title ?? kindWords
  const said = new Map(history.items.flatMap((item) => (item.type === 'message' ? [[keyOf(item), item] as const] : [])))
  const rows = history.items.map((item) => row(item, { names, said, words }))
  return `<!doctype html>
<html lang="${escapeHtml(words.language)}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
li { margin: 0.7rem 0; overflow-wrap: anywhere; }
ol { padding: 0; list-style: none; }
p, blockquote { margin: 0; white-space: pre-wrap; }
.quoted { padding-inline-start: 0.8rem; border-inline-start: 3px dotted; font-style: italic; }
time, .event, header p { opacity: 0.8; font-size: 0.9rem; }
</style>
</head>
<body>
<header>
<h1 dir="auto">${escapeHtml(title)}</h1>
${history.title === undefined ? '' : `<p>${escapeHtml(kindWords)}</p>\n`}<p>${escapeHtml(words.notice)} ${escapeHtml(words.writtenBy(history.name, iso(madeMs)))}</p>
</header>
<main>
<ol>
${rows.join('\n')}
</ol>
</main>
</body>
</html>
`
}

type Said = Extract<HistoryItem, { type: 'message' }>
type Names = (device: string) => string

interface Around {
  names: Names
  said: ReadonlyMap<string, Said>
  words: HistoryWords
}

const keyOf = ({ from, id }: { from: string; id: string }): string => `${from}/${id}`

function row(item: HistoryItem, around: Around): string {
  const { names, words } = around
  const time = `<time datetime="${iso(item.atMs)}"><bdi dir="ltr">${iso(item.atMs).replace('T', ' ').slice(0, 16)}</bdi></time>`
  if (item.type === 'event') return `<li class="event">${time} ${escapeHtml(item.words)}</li>`
  if (item.type === 'quoted') {
    const by = withName(words.sharedBy, names(item.sharedBy))
    return `<li class="quoted"><strong dir="auto">${escapeHtml(item.name || words.somebody)}</strong> ${by} ${time}<blockquote dir="auto">${escapeHtml(item.text)}</blockquote></li>`
  }
  const text = item.deleted
    ? `<p class="event">${escapeHtml(words.deleted)}</p>`
    : `<p dir="auto">${escapeHtml(item.text)}</p>`
  const notes = [
    ...(item.privatelyWith === undefined ? [] : [privateMark(item, item.privatelyWith, around)]),
    // In the room it goes; this file is a copy that does not.
    ...(item.lifetimeS === undefined ? [] : [note(escapeHtml(words.disappears(item.lifetimeS)))]),
    ...(item.editedMs === undefined ? [] : [note(escapeHtml(words.edited))]),
  ]
  const reactions = (item.reactions ?? [])
    .map(({ from, signs }) => `${escapeHtml(signs.join(' '))} <bdi>${escapeHtml(names(from))}</bdi>`)
    .join(', ')
  const below = reactions === '' ? '' : `<p class="event">${reactions}</p>`
  return `<li><strong dir="auto">${escapeHtml(names(item.from))}</strong> ${[time, ...notes].join(' ')}${quoteOf(item, around)}${text}${below}</li>`
}

function note(html: string, look = 'event'): string {
  return `<span class="${look}">${html}</span>`
}

/** Who else could read it. */
function privateMark({ from }: Said, other: string, { names, words }: Around): string {
  // Said by another device of the same person, too.
  const html = withName(from === other ? words.privateFrom : words.privateWith, names(other))
  return note(html, 'event private')
}

function quoteOf({ replyTo }: Said, { names, said, words }: Around): string {
  if (!replyTo) return ''
  const quoted = said.get(keyOf(replyTo))
  const text = quoted?.deleted ? words.deleted : (quoted?.text ?? words.notHere)
  return `<blockquote dir="auto"><bdi>${escapeHtml(names(replyTo.from))}</bdi>: ${escapeHtml(text.slice(0, quotedCharacters))}</blockquote>`
}

/** A sentence with a name in it, whose letters turn nothing around them. */
function withName(sentence: (name: string) => string, name: string): string {
  const place = '\u0001' // stands in no words
  return escapeHtml(sentence(place)).replace(place, () => `<bdi>${escapeHtml(name)}</bdi>`)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character]!)
}

/** Times of others' clocks may be anything; a date that none is becomes the first. */
function iso(atMs: number): string {
  return new Date(Math.abs(atMs) <= 8.64e15 ? atMs : 0).toISOString()
}
