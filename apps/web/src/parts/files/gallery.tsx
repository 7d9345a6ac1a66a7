/** One picture as large as the window, and the others of the room beside it: by arrows, buttons and a tap. */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { FilesView, FileView, RoomClient, TimelineItem } from '../../client-gate.ts'
import { fileWords } from '../../words/files.ts'
import { Icon, type IconName } from '../icon.tsx'
import { useOpened } from './opened.ts'
import { saveFile } from './save-file.ts'

interface Props {
  client: RoomClient
  timeline: readonly TimelineItem[]
  files: FilesView
  at: { key: string; id: string }
  onClose(): void
}

interface Shown {
  key: string
  file: FileView
}

/** Pictures that are on this device, in the order of the messages. */
function picturesIn(timeline: readonly TimelineItem[], { states }: FilesView): Shown[] {
  return timeline.flatMap((item) => {
    if (item.kind !== 'message') return []
    const pictures = item.files?.filter(({ kind, id }) => kind === 'image' && states.get(id)?.at === 'here') ?? []
    return pictures.map((file) => ({ key: item.key, file }))
  })
}

export function Gallery({ client, timeline, files, at, onClose }: Props): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null)
  const [shown, setShown] = useState(at.id)
  const pictures = picturesIn(timeline, files)
  const place = pictures.findIndex(({ file }) => file.id === shown)
  const picture = pictures[place]
  const opened = useOpened(client, picture?.key ?? at.key, picture?.file.id ?? at.id, picture !== undefined)

  useLayoutEffect(() => {
    const element = dialog.current!
    element.showModal()
    return () => element.close()
  }, [])
  // Its message may be deleted while it is shown.
  useEffect(() => {
    if (!picture) onClose()
  }, [picture === undefined])

  function go(step: number): void {
    const next = pictures[(place + step + pictures.length) % pictures.length]
    if (next) setShown(next.file.id)
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const forward = getComputedStyle(dialog.current!).direction === 'rtl' ? -1 : 1
    if (step === undefined) return
    event.preventDefault()
    go(step * forward)
  }

  const name = picture?.file.name ?? ''
  return (
    <dialog
      ref={dialog}
      class="gallery"
      aria-label={name}
      onKeyDown={onKey}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div class="gallery-top">
        <p>
          <bdi>{name}</bdi> <span role="status">{fileWords.gallery(place + 1, pictures.length)}</span>
        </p>
        {picture && (
          <GalleryButton
            icon="save"
            words={fileWords.save(name)}
            onPress={() => saveFile(client, picture.key, picture.file.id)}
          />
        )}
        <GalleryButton icon="close" words={fileWords.close} onPress={onClose} />
      </div>
      <div class="gallery-picture">
        {opened?.address !== undefined && <img class="gallery-image" src={opened.address} alt={name} />}
      </div>
      {pictures.length > 1 && (
        <div class="gallery-bottom">
          <GalleryButton icon="back" words={fileWords.previous} onPress={() => go(-1)} />
          <GalleryButton icon="forth" words={fileWords.next} onPress={() => go(1)} />
        </div>
      )}
    </dialog>
  )
}

function GalleryButton({ icon, words, onPress }: { icon: IconName; words: string; onPress(): void }): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={words} title={words} onClick={onPress}>
      <Icon name={icon} />
    </button>
  )
}
