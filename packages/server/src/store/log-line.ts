/** How a line of the room log is spelled: `[TAG] key=value …`. A value can neither break the line nor forge another. */

type LogValue = string | number | boolean
export type LogFields = Readonly<Record<string, LogValue | undefined>>

const longestValue = 200
/** Visible ASCII without the three characters that have a meaning in a line. */
const plain = /^[!-<>-Z\]-~]*$/

/** `key=value` pairs in their given order. Numbers keep at most six decimals: they are for people. */
export function spellFields(fields: LogFields): string {
  return Object.entries(fields)
    .filter((entry): entry is [string, LogValue] => entry[1] !== undefined)
    .map(([key, value]) => `${key}=${spellValue(value)}`)
    .join(' ')
}

function spellValue(value: LogValue): string {
  if (typeof value === 'number') return String(Number(value.toFixed(6)))
  if (typeof value === 'boolean') return String(value)
  if (value.length <= longestValue && plain.test(value)) return value
  // Whatever is no plain visible ASCII, and the three characters that have a meaning here, goes as \u{…}.
  return [...value]
    .slice(0, longestValue)
    .map((c) => (/^[!-~]$/.test(c) && !'=[\\'.includes(c) ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`))
    .join('')
}

export function spellLine(tag: string, data: string): string {
  return data ? `[${tag}] ${data}` : `[${tag}]`
}
