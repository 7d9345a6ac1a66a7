/** A line of the conversation, and how it is drawn. Whatever others wrote becomes harmless here, and nowhere later. */
import { styleText } from 'node:util'
import { harmless } from '../output.ts'
import { wrap } from './wrap.ts'

export interface Line {
  /** Before the name: the time and what kind of line it is. */
  head: string
  /** `hue`: 0 to 359. */
  name?: { text: string; hue: number }
  text: string
  /** `said`: by somebody. `to-you`: said, and this person is named in it. `quiet`: an answer or a hint of this program. */
  tone: 'said' | 'to-you' | 'plain' | 'good' | 'warning' | 'quiet'
}

export interface Paper {
  /** Of the window; undefined where rows are not broken. */
  columns?: number
  colours: boolean
}

const indent = '      '

/** What is written, with the last line break. */
export function draw({ head, name, text, tone }: Line, { columns, colours }: Paper): string {
  const start = head + (name ? harmless(name.text).replaceAll('\n', ' ') : '')
  const words = harmless(text).replaceAll('\t', '    ')
  // The last column stays free: some terminals break a row that fills it, others do not.
  const rows = wrap(start + words, columns === undefined ? undefined : columns - 1, indent)
  if (!colours) return `${rows.join('\n')}\n`
  const painted = rows.map((row, i) => {
    if (i > 0 || !row.startsWith(start)) return paint(tone, row)
    const nameStyle = name ? (['bold', colourOf(name.hue)] as const) : undefined
    const named = start.slice(head.length)
    return (
      styleText('dim', head, plainly) +
      (nameStyle ? styleText([...nameStyle], named, plainly) : named) +
      paint(tone, row.slice(start.length))
    )
  })
  return `${painted.join('\n')}\n`
}

/** The caller has decided whether there are colours. */
const plainly = { validateStream: false } as const

function paint(tone: Line['tone'], text: string): string {
  switch (tone) {
    case 'said':
    case 'plain':
      return text
    case 'to-you':
      return styleText('bold', text, plainly)
    case 'good':
      return styleText('green', text, plainly)
    case 'warning':
      return styleText(['bold', 'red'], text, plainly)
    case 'quiet':
      return styleText('dim', text, plainly)
  }
}

const colours = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'] as const

function colourOf(hue: number): (typeof colours)[number] {
  return colours[Math.floor(hue / 60) % colours.length] ?? 'cyan'
}

/** An answer of this program, which nobody said. */
export function note(text: string, tone: Line['tone'] = 'quiet'): Line {
  return { head: '-- ', text, tone }
}

/** Hours and minutes, as everywhere in the terminal. */
export function clock(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit' })
}

/** Words of the page may hold invisible signs around names; a terminal shows letters in the order in which they come. */
export function forTerminal(sentence: string): string {
  return sentence.replace(/[\u2068\u2069]/gu, '')
}

/** The beginning of a text, in one line, to say which one is meant. */
export function short(text: string, characters = 40): string {
  const all = [...text.replace(/\s+/gu, ' ').trim()]
  return all.length > characters ? `${all.slice(0, characters - 1).join('')}…` : all.join('')
}
