/** What a file in a message needs of the room. It changes many times a second while files come: only they are drawn again. */
import type { Signal } from '@preact/signals'
import { type Context, createContext } from 'preact'
import type { FilesView, RoomClient } from '../../client-gate.ts'

export interface FilesAround {
  client: RoomClient
  files: Signal<FilesView>
  /** Shows that picture large, with the others of the room beside it. */
  enlarge(key: string, id: string): void
}

export const FilesContext: Context<FilesAround | undefined> = createContext<FilesAround | undefined>(undefined)
