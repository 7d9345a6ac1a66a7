/** One's own history as a file for people and for programs. It is not encrypted, and says so. */
import type { History, HistoryItem } from './history.ts'

/** Of a quoted text, so much is told. */
const quotedCharacters = 300

const notice = 'Exported from QSEC. This file is not encrypted: whoever has it can read it.'

export function historyAsJson(history: History, madeMs: number): string {
  return `${JSON.stringify({ format: 'qsec-history-1', notice, madeAt: iso(madeMs), ...history }, null, 2)}\n`
}

/** One page without any script, link or picture from elsewhere; everything that people wrote is escaped. */
export function historyAsHtml(history: History, madeMs: number): string {
  const names = new Map(history.people.map(({ device, name, shortId }) => [device, name || `Someone (${shortId})`]))
  const title = `${history.kind === 'open' ? 'Open' : 'Closed'} room ${history.room}`
  const said = new Map(history.items.flatMap((item) => (item.type === 'message' ? [[keyOf(item), item] as const] : [])))
  const rows = history.items.map((item) => row(item, names, said))
  return `<!doctype html>
<html lang="en">
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
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(notice)} Written by the device of ${escapeHtml(history.name)} on ${iso(madeMs)}. Times are UTC, by the clocks of the authors.</p>
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

const keyOf = ({ from, id }: { from: string; id: string }): string => `${from}/${id}`

function row(item: HistoryItem, names: ReadonlyMap<string, string>, said: ReadonlyMap<string, Said>): string {
  const time = `<time datetime="${iso(item.atMs)}">${iso(item.atMs).replace('T', ' ').slice(0, 16)}</time>`
  if (item.type === 'event') return `<li class="event">${time} ${escapeHtml(item.words)}</li>`
  if (item.type === 'quoted') {
    const [author, sharer] = [item.name || 'Someone', names.get(item.sharedBy) ?? 'Someone']
    return `<li class="quoted"><strong dir="auto">${escapeHtml(author)}</strong> (says <bdi>${escapeHtml(sharer)}</bdi>, who shared it; not checked) ${time}<blockquote dir="auto">${escapeHtml(item.text)}</blockquote></li>`
  }
  const name = names.get(item.from) ?? 'Someone'
  const words = item.deleted
    ? '<p class="event">Deleted by its author.</p>'
    : `<p dir="auto">${escapeHtml(item.text)}</p>`
  const alone = item.privatelyWith === undefined ? '' : ` ${privateMark(item, item.privatelyWith, names)}`
  const edited = item.editedMs === undefined ? '' : ' <span class="event">edited</span>'
  const reactions = (item.reactions ?? [])
    .map(({ from, signs }) => `${escapeHtml(signs.join(' '))} <bdi>${escapeHtml(names.get(from) ?? 'Someone')}</bdi>`)
    .join(', ')
  const below = reactions === '' ? '' : `<p class="event">${reactions}</p>`
  return `<li><strong dir="auto">${escapeHtml(name)}</strong> ${time}${alone}${livesFor(item)}${edited}${quoteOf(item, names, said)}${words}${below}</li>`
}

/** In the room it goes; this file is a copy that does not. */
function livesFor({ lifetimeS }: Said): string {
  if (lifetimeS === undefined) return ''
  return ` <span class="event">Disappears in the room, ${lifetimeS} seconds after it was seen.</span>`
}

/** Who else could read it. */
function privateMark({ from }: Said, other: string, names: ReadonlyMap<string, string>): string {
  const name = `<bdi>${escapeHtml(names.get(other) ?? 'Someone')}</bdi>`
  // Said by another device of the same person, too.
  const words = from === other ? `Private, from ${name}` : `Private, with ${name}`
  return `<span class="event private">${words}: nobody else in the room could read it.</span>`
}

function quoteOf({ replyTo }: Said, names: ReadonlyMap<string, string>, said: ReadonlyMap<string, Said>): string {
  if (!replyTo) return ''
  const quoted = said.get(keyOf(replyTo))
  const name = escapeHtml(names.get(replyTo.from) ?? 'Someone')
  const text = quoted?.deleted ? 'Deleted by its author.' : (quoted?.text ?? 'A message that is not in this file.')
  return `<blockquote dir="auto"><bdi>${name}</bdi>: ${escapeHtml(text.slice(0, quotedCharacters))}</blockquote>`
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
