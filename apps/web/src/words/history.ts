/** Words of a history that is read outside its room: out of a backup, or as an exported page. */
import type { HistoryWords } from '@qsec/client/backup'
import { namingWords } from './people.ts'
import { type Translatable, translatable } from './translatable.ts'

const historyEnglish = {
  openRoom: (room: string): string => `Open room ${room}`,
  closedRoom: (room: string): string => `Closed room ${room}`,
  notice: 'Exported from QSEC. This file is not encrypted: whoever has it can read it.',
  writtenBy: (name: string, date: string): string =>
    `Written by the device of ${name} on ${date}. Times are UTC, by the clocks of the authors.`,
  /** Behind the author's name, of a message that a member shared. */
  sharedBy: (sharer: string): string => `(says ${sharer}, who shared it; not checked)`,
  deleted: 'Deleted by its author.',
  edited: 'edited',
  /** In the room it goes; the file that says so is a copy that does not. */
  disappears: (seconds: number): string => `Disappears in the room, ${seconds} seconds after it was seen.`,
  privateFrom: (name: string): string => `Private, from ${name}: nobody else in the room could read it.`,
  privateWith: (name: string): string => `Private, with ${name}: nobody else in the room could read it.`,
  notHere: 'A message that is not in this file.',
  reactions: 'Reactions',
} as const

export const historyWords: Translatable<typeof historyEnglish> = translatable('historyWords', historyEnglish)

/** All that an exported page says, in the language that is spoken now. */
export function historyPageWords(language: string, direction: HistoryWords['direction']): HistoryWords {
  const { someone, somebody } = namingWords
  return { ...historyWords, someone, somebody, language, direction }
}
