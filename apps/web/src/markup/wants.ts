/** Whether a text may have markup in it: only then is the code that reads it fetched and used. */

/** Longer texts, and such with more of a sign than people write, are shown as they stand: they cost more than they tell. */
const charactersAtMost = 8_000
const signsAtMost: Readonly<Record<string, number>> = {
  '<': 100,
  '[': 200,
  '*': 400,
  _: 400,
  '~': 200,
  '`': 400,
  ':': 100,
  '>': 300,
  '\n': 300,
  '\\': 400,
}

const markup = /[*_`~[]|https?:\/\/|mailto:|^ {0,3}(?:[-+>]|\d{1,9}[.)])\s/m

export function wantsMarkup(text: string): boolean {
  if (text.length > charactersAtMost || !markup.test(text)) return false
  const counts = new Map<string, number>()
  for (const sign of text) {
    const most = signsAtMost[sign]
    if (most === undefined) continue
    const count = (counts.get(sign) ?? 0) + 1
    if (count > most) return false
    counts.set(sign, count)
  }
  return true
}
