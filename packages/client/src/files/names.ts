/** File names as they may be shown and written to a disk, whoever chose them. */

/** Longest name, in UTF-8 bytes: every common file system takes it, with room for a number behind. */
export const fileNameBytesAtMost = 200
const fallback = 'file'
const extensionBytesAtMost = 20

// Controls, bidi marks and invisible characters (which can turn `gpj.exe` into what looks like a picture), private use.
const unseen = /\p{C}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|⠀/gu
/** What some file system or shell takes for something else. */
const awkward = /[<>:"|?*`$%&;'\\/]/gu
/** Devices of Windows, with whatever extension. */
const reserved = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/iu

/**
 * The last part of a path, without anything that hides, escapes or names a device: no leading dot or dash, no dot or space
 * at the end.
 */
export function cleanFileName(name: string): string {
  const [last = ''] = name.normalize('NFC').split(/[/\\]/u).slice(-1)
  const clean = last
    .replace(unseen, '')
    .replace(/\s+/gu, ' ')
    .replace(awkward, '_')
    .replace(/^[\s.~-]+|[\s.]+$/gu, '')
  const [stem = ''] = clean.split('.')
  return shorten(reserved.test(stem.trim()) ? `_${clean}` : clean) || fallback
}

/** The ending without its dot, in small letters; empty where there is none. */
export function extensionOf(name: string): string {
  const at = name.lastIndexOf('.')
  return at > 0 ? name.slice(at + 1).toLowerCase() : ''
}

/** Shortened before its ending, which says what opens it. */
function shorten(name: string): string {
  if (bytesOf(name) <= fileNameBytesAtMost) return name
  const ending = extensionOf(name)
  const tail = ending !== '' && bytesOf(ending) <= extensionBytesAtMost ? name.slice(-ending.length - 1) : ''
  let stem = ''
  for (const character of name.slice(0, name.length - tail.length)) {
    if (bytesOf(stem + character + tail) > fileNameBytesAtMost) break
    stem += character
  }
  return stem.replace(/[\s.]+$/u, '') + tail
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
