/** Breaks text into rows of a terminal, so that nothing of it ever stands where a row of ours begins. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

// East Asian wide and fullwidth letters (UAX #11), and what is drawn as an emoji. Rather one too many: then a row is broken earlier.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
const shown = /[^\p{M}\p{Cf}]/u

/** Columns that a text fills, without line breaks in it. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const { segment } of graphemes.segment(text)) columns += widthOf(segment)
  return columns
}

function widthOf(grapheme: string): number {
  if (wide.test(grapheme)) return 2
  return shown.test(grapheme) ? 1 : 0
}

/**
 * @param columns - of the window; undefined: rows end at line breaks alone
 * @param indent - what stands before every row but the first
 */
export function wrap(text: string, columns: number | undefined, indent: string): string[] {
  const lines = text.split('\n')
  if (columns === undefined) return lines.map((line, i) => (i === 0 ? line : indent + line))
  // A window narrower than that shows one word a row, and no room is given away.
  const left = columns < 2 * indent.length ? ' ' : indent
  const rows: string[] = []
  for (const line of lines) rows.push(...rowsOf(line, Math.max(columns, 4), rows.length === 0 ? '' : left, left))
  return rows
}

function rowsOf(line: string, columns: number, first: string, left: string): string[] {
  const rows: string[] = []
  let row = first
  let used = columnsOf(row)
  let empty = true
  const next = (): void => {
    rows.push(row.trimEnd())
    row = left
    used = columnsOf(left)
    empty = true
  }
  for (const piece of line.match(/\s+|\S+/gu) ?? []) {
    const width = columnsOf(piece)
    const space = piece.trim() === ''
    if (used + width > columns && !empty) next()
    // Spaces at the end of a row are not seen, and those that fill rows are not drawn.
    if (space && (used + width > columns || (empty && rows.length > 0))) continue
    if (used + width <= columns) {
      row += piece
      used += width
    } else {
      for (const { segment } of graphemes.segment(piece)) {
        if (used + widthOf(segment) > columns) next()
        row += segment
        used += widthOf(segment)
        empty = false
      }
    }
    empty = false
  }
  rows.push(row.trimEnd())
  return rows
}
