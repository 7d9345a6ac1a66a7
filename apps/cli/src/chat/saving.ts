/** `/save`: writes a file that somebody sent to this machine's disk, by the name that the conversation shows. */
import type { FileView, RoomClient } from '@qsec/client'
import { saveFile } from '../room/files.ts'
import { splitLongest } from '../room/named.ts'
import { sizeWords } from './page.ts'

/**
 * @param words - the name of a file, and perhaps a new file or a folder; without, it comes into the folder of this program
 * @returns what was done, in words
 * @throws where it was not
 */
export async function saveNamed(room: RoomClient, words: string): Promise<string> {
  const files = filesIn(room)
  const { named, rest } = splitLongest(words, files, ({ name }) => name)
  // Of several files of that name, the one that came last.
  const file = named.at(-1)
  if (!file) throw new Error(noFile(words, files))
  try {
    return `Saved: ${await saveFile(room, file.id, homed(rest === '' ? '.' : rest))}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`There is a file of that name already, and nothing is overwritten: /save ${file.name} NEW-NAME`, {
      cause: error,
    })
  }
}

function filesIn({ snapshot }: RoomClient): FileView[] {
  return snapshot.timeline.flatMap((item) => (item.kind === 'message' ? (item.files ?? []) : []))
}

function noFile(words: string, files: readonly FileView[]): string {
  if (files.length === 0) return 'Nobody has sent a file here.'
  const names = files.slice(-10).map(({ name, size }) => `${name} (${sizeWords(size)})`)
  return `${words === '' ? 'Which file?' : 'There is no file of that name.'} /save with one of: ${names.join(', ')}`
}

/** `~/x` as a shell has it. */
export function homed(place: string): string {
  return place.replace(/^~(?=\/|$)/u, process.env.HOME ?? '~')
}
