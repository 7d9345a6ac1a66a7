/**
 * Milliseconds of processor time to read marked text: `npm run bench -- web/markup`. Bombs of the greatest size that is read at all
 * (larger ones are shown as they stand), and a message that people write. The worst of ten runs counts.
 */

import { parseMarkup } from '../../apps/web/src/markup/parse.ts'
import { wantsMarkup } from '../../apps/web/src/markup/wants.ts'

const pieces = [
  '> ',
  '[',
  '*_',
  '`a`',
  '<a',
  '- a\n',
  '**a',
  '~~a',
  '[a](b',
  'http://a.b/(',
  '[](',
  '<http:',
  '> - ',
  '*a **b ',
  '\\',
  '![',
  'a@b:',
  '`',
]

/** As much of it as is read. */
function greatest(piece: string): string {
  let text = piece
  while (text.length < 8_000 && wantsMarkup(`${text}${piece} *x*`)) text += piece
  return `${text} *x*`
}

const worst = (text: string): number => {
  let ms = 0
  for (let run = 0; run < 10; run++) {
    const began = process.cpuUsage()
    parseMarkup(text)
    const { user, system } = process.cpuUsage(began)
    ms = Math.max(ms, (user + system) / 1_000)
  }
  return ms
}

worst('**warm** `up`') // compiled
const rows = pieces.map((piece) => {
  const text = greatest(piece)
  return { piece, characters: text.length, ms: Math.round(worst(text) * 10) / 10 }
})
const usual = 'See [the notes](https://example.org): **ten** or *eleven*?\n- one\n- two\n```ts\nlet a = 1\n```'
for (const row of rows) console.log(JSON.stringify(row))
console.log(
  JSON.stringify({ worstMs: Math.max(...rows.map(({ ms }) => ms)), usualMs: Math.round(worst(usual) * 100) / 100 }),
)
