/** Files that were chosen, dropped or pasted and are not sent yet. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FileSource } from '../../client-gate.ts'
import { report } from '../../problems.ts'
import { fileWords } from '../../words/files.ts'
import { sizeWords } from '../../words/sizes.ts'

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
  addSource(source: FileSource): void
  remove(id: number): void
  /** All of them, which are chosen no more. */
  take(): readonly Picked[]
  /** What could not be sent. */
  putBack(items: readonly Picked[]): void
}

const drawn = /^image\/(?:png|jpeg|webp|gif|avif)$/
let lastId = 0

/** @param bytesAtMost - undefined: nothing can be sent now */
export function usePicked(bytesAtMost: number | undefined): PickedFiles | undefined {
  const [items, setItems] = useState<readonly Picked[]>([])
  const newest = useRef(items)
  const dragged = useDropAndPaste(bytesAtMost === undefined ? undefined : add)
  useEffect(() => () => newest.current.forEach(forget), [])

  function set(next: readonly Picked[]): void {
    newest.current = next
    setItems(next)
  }

  function add(files: Iterable<File>): void {
    for (const file of files) addSource(sourceOf(file), drawn.test(file.type) ? URL.createObjectURL(file) : undefined)
  }

  function addSource(source: FileSource, preview?: string): void {
    if (bytesAtMost !== undefined && source.size > bytesAtMost) {
      report(fileWords.tooLarge(source.name, sizeWords(bytesAtMost)))
    } else if (newest.current.length >= filesAtMost) {
      report(fileWords.tooMany)
    } else {
      set([...newest.current, { id: ++lastId, source, ...(preview ? { preview } : {}) }])
      return
    }
    if (preview) URL.revokeObjectURL(preview)
  }

  if (bytesAtMost === undefined) return undefined
  return {
    items,
    bytesAtMost,
    dragged,
    add,
    addSource: (source) => addSource(source),
    remove(id) {
      newest.current.filter((one) => one.id === id).forEach(forget)
      set(newest.current.filter((one) => one.id !== id))
    },
    take() {
      const taken = newest.current
      set([])
      return taken
    },
    putBack: (taken) => set([...taken, ...newest.current].slice(0, filesAtMost)),
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
