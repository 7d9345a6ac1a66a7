/**
 * What characters look like (UTS #39). Those of ASCII are told at once. The table of all others is large and most rooms never
 * need it, so it is loaded before the first name is compared that has such a character.
 */

const ofAscii: ReadonlyMap<string, string> = new Map(
  Object.entries({ '`': "'", '"': "''", '0': 'O', '1': 'l', I: 'l', '|': 'l', '%': 'o/0', m: 'rn' }),
)

let ofAll: ReadonlyMap<string, string> | undefined

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
  return /^[\u0000-\u007f]*$/.test(text)
}

/** To be awaited before the skeletons of these names are asked for. Rejects where the table could not be had. */
export async function loadLooksFor(names: Iterable<string>): Promise<void> {
  if (ofAll || [...names].every(isAscii)) return
  const { confusables } = await import('./confusables.ts')
  ofAll = readTable(confusables)
}

/** @throws where `loadLooksFor` has not been awaited: names that look alike would pass for different ones */
export function lookOf(character: string): string {
  if (ofAll) return ofAll.get(character) ?? character
  if (!isAscii(character)) throw new Error('looks: the table has not been loaded')
  return ofAscii.get(character) ?? character
}

function readTable(confusables: string): Map<string, string> {
  const read = new Map<string, string>()
  for (const entry of confusables.replaceAll('\n', '').split(';')) {
    const [target, sources] = entry.split(':')
    if (!target || !sources) continue
    const look = String.fromCodePoint(...target.split('+').map((point) => Number.parseInt(point, 16)))
    let point = 0
    for (const step of sources.split(',')) {
      point += Number.parseInt(step, 36)
      read.set(String.fromCodePoint(point), look)
    }
  }
  return read
}
