/** Strict reading of JSON from outside. What was wrong is said without any of the text, which may hold keys. */

export type Parsed<T> = { ok: true; value: T } | { ok: false; what: string }

export type JsonObject = { readonly [name: string]: unknown }

/** Characters of one body, request or answer. 1024 keys of 4096 bits take about 0.8 million. */
export const maxBodyCharacters: number = 1 << 20

export const wrong = (what: string): { ok: false; what: string } => ({ ok: false, what })

export function parseObject(text: string): Parsed<JsonObject> {
  if (text.length > maxBodyCharacters) return wrong('the body is too long')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own words quote the text, which may hold a key.
    return wrong('the body is not JSON')
  }
  return isObject(value) ? { ok: true, value } : wrong('the body is no JSON object')
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** An SAE or KME id: 1 to 256 characters, no control characters, nothing that a path takes for a folder. */
export function isEntityId(value: unknown): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return typeof value === 'string' && value.length <= 256 && /^(?!\.{1,2}$)[^\u0000-\u001f\u007f]+$/.test(value)
}
