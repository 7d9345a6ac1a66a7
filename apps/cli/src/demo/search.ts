/** Searches what a relay has written for what it must not know, in every spelling in which it could stand there. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

interface Found {
  file: string
  what: string
}

/**
 * @param folder - every file in it is searched, byte by byte
 * @param words - by what they are called in the result, which never holds the words themselves
 */
export function searchFolder(
  folder: string,
  words: Readonly<Record<string, string>>,
): { found: Found[]; bytes: number } {
  const files = readdirSync(folder).map((file) => ({ file, content: readFileSync(path.join(folder, file)) }))
  const found = files.flatMap(({ file, content }) =>
    Object.entries(words)
      .filter(([, word]) => isIn(content, word))
      .map(([what]) => ({ file, what })),
  )
  return { found, bytes: files.reduce((sum, { content }) => sum + content.length, 0) }
}

export function isIn(content: Buffer, word: string): boolean {
  return spellings(word).some((spelled) => content.includes(spelled))
}

/** UTF-8, UTF-16, hexadecimal, and base64 in its three alignments without the characters that neighbours reach into. */
function spellings(word: string): Buffer[] {
  const bytes = Buffer.from(word, 'utf8')
  const aligned = [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
    const whole = Math.floor(shifted.length / 3) * 4
    const inner = (encoding: 'base64' | 'base64url') =>
      Buffer.from(shifted.toString(encoding).slice(shift === 0 ? 0 : 4, whole))
    return [inner('base64'), inner('base64url')]
  })
  const hex = bytes.toString('hex')
  return [bytes, Buffer.from(word, 'utf16le'), Buffer.from(hex), Buffer.from(hex.toUpperCase()), ...aligned].filter(
    // Shorter pieces stand in any file by chance.
    (spelled) => spelled.length >= 8,
  )
}
