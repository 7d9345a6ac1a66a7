/**
 * Files that were chosen, dropped or pasted and are not sent yet, by whom they are for: what was chosen for one person never
 * becomes anybody else's. They stay with their room as long as this page does.
 */
import { type Signal, signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FileSource, RoomAddress } from '../../client-gate.ts'
import { holdPage } from '../../hold-page.ts'
import { report } from '../../problems.ts'
import { fileWords } from '../../words/files.ts'
import { sizeWords } from '../../words/sizes.ts'
import type { Addressee } from '../compose/begun.ts'

/** So many go with one message; the client knows the same number. */
const filesAtMost = 10

export interface Picked {
  id: number
  source: FileSource
  /** Address of a picture of it, where the browser can draw one. */
  preview?: string
}

export interface PickedFiles {
  items: readonly Picked[]
  /** The largest that the relay passes on. */
  bytesAtMost: number
  /** Files are held over the page. */
  dragged: boolean
  add(files: Iterable<File>): void
  remove(id: number): void
  /** All of them, which are chosen no more. */
  take(): readonly Picked[]
  /** What could not be sent. */
  putBack(items: readonly Picked[]): void
}

const drawn = /^image\/(?:png|jpeg|webp|gif|avif)$/
let lastId = 0

type ByAddressee = ReadonlyMap<Addressee, readonly Picked[]>

const byRoom: Signal<ReadonlyMap<RoomAddress, ByAddressee>> = signal(new Map())
const pickedIn = (room: RoomAddress): ByAddressee => byRoom.value.get(room) ?? new Map()

/** The page is held while files are picked in that room. */
export function useHeldFiles(room: RoomAddress): void {
  const some = [...pickedIn(room).values()].flat().length > 0
  useEffect(() => (some ? holdPage() : undefined), [some])
}

export interface PickedByAddressee {
  /** Also while nothing can be sent. */
  add(to: Addressee, source: FileSource): void
  /** Undefined: nothing can be sent now. */
  for(to: Addressee): PickedFiles | undefined
  /** What was chosen for everyone goes along to the person who is chosen, unless there is something for that person. */
  carry(from: Addressee, to: Addressee): void
}

/**
 * @param bytesAtMost - undefined: nothing can be sent now
 * @param to - for whom is what is dropped or pasted
 * @param onChange - called after something was chosen, taken out or sent
 */
export function usePicked(
  room: RoomAddress,
  bytesAtMost: number | undefined,
  to: Addressee,
  onChange: () => void,
): PickedByAddressee {
  const dragged = useDropAndPaste(bytesAtMost === undefined ? undefined : (files) => add(to, files))

  const itemsFor = (whom: Addressee): readonly Picked[] => pickedIn(room).get(whom) ?? []

  function set(whom: Addressee, items: readonly Picked[]): void {
    byRoom.value = new Map(byRoom.value).set(room, new Map(pickedIn(room)).set(whom, items))
    onChange()
  }

  function add(whom: Addressee, files: Iterable<File>): void {
    for (const file of files)
      addSource(whom, sourceOf(file), drawn.test(file.type) ? URL.createObjectURL(file) : undefined)
  }

  function addSource(whom: Addressee, source: FileSource, preview?: string): void {
    if (bytesAtMost !== undefined && source.size > bytesAtMost) {
      report(fileWords.tooLarge(source.name, sizeWords(bytesAtMost)))
    } else if (itemsFor(whom).length >= filesAtMost) {
      report(fileWords.tooMany)
    } else {
      set(whom, [...itemsFor(whom), { id: ++lastId, source, ...(preview ? { preview } : {}) }])
      return
    }
    if (preview) URL.revokeObjectURL(preview)
  }

  return {
    add: addSource,
    for(whom) {
      if (bytesAtMost === undefined) return undefined
      return {
        items: itemsFor(whom),
        bytesAtMost,
        dragged,
        add: (files) => add(whom, files),
        remove(id) {
          const gone = itemsFor(whom).filter((one) => one.id === id)
          gone.forEach(forget)
          set(
            whom,
            itemsFor(whom).filter((one) => one.id !== id),
          )
        },
        take() {
          const taken = itemsFor(whom)
          set(whom, [])
          return taken
        },
        putBack: (taken) => set(whom, [...taken, ...itemsFor(whom)].slice(0, filesAtMost)),
      }
    },
    carry(from, next) {
      const items = itemsFor(from)
      if (from !== undefined || items.length === 0 || itemsFor(next).length > 0) return
      set(from, [])
      set(next, items)
    },
  }
}

export function forget({ preview }: Picked): void {
  if (preview) URL.revokeObjectURL(preview)
}

function sourceOf(file: File): FileSource {
  const { name, type, size } = file
  return { name, type, size, read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()) }
}

/** Takes files that are dropped anywhere on the room, or pasted; whether some are held over it now. */
function useDropAndPaste(add: ((files: Iterable<File>) => void) | undefined): boolean {
  const [dragged, setDragged] = useState(false)
  const newest = useRef(add)
  newest.current = add
  useEffect(() => {
    const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault() // else the browser would open the file in the place of the page
      setDragged(newest.current !== undefined && !asksSomething())
    }
    const out = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDragged(false)
    }
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setDragged(false)
      if (!asksSomething()) newest.current?.(event.dataTransfer?.files ?? [])
    }
    const paste = (event: ClipboardEvent): void => {
      const { clipboardData } = event
      // A text that was copied from a document brings a picture of itself along.
      if (!clipboardData?.files.length || clipboardData.types.includes('text/plain') || asksSomething()) return
      if (!newest.current) return
      event.preventDefault()
      newest.current(clipboardData.files)
    }
    document.addEventListener('dragover', over)
    document.addEventListener('dragleave', out)
    document.addEventListener('drop', drop)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('dragleave', out)
      document.removeEventListener('drop', drop)
      document.removeEventListener('paste', paste)
    }
  }, [])
  return dragged
}

function asksSomething(): boolean {
  return document.querySelector('dialog[open]') !== null
}
