/** The files of one message: pictures as they are, film and sound to be played, all else to be saved. */
import type { JSX } from 'preact'
import { useContext, useState } from 'preact/hooks'
import type { FileStateView, FileView, MessageView } from '../../client-gate.ts'
import { attempt } from '../../problems.ts'
import { durationWords, failureWords, fileWords } from '../../words/files.ts'
import { percentOf, sizeWords } from '../../words/sizes.ts'
import { Icon } from '../icon.tsx'
import { type FilesAround, FilesContext } from './context.ts'
import { useOpened } from './opened.ts'
import { saveFile } from './save-file.ts'

export function Attached({ message }: { message: MessageView }): JSX.Element | null {
  const around = useContext(FilesContext)
  if (!around || !message.files) return null
  return (
    <ul class="attached">
      {message.files.map((file) => (
        <li key={file.id}>
          <OneFile messageKey={message.key} file={file} around={around} />
        </li>
      ))}
    </ul>
  )
}

interface Props {
  messageKey: string
  file: FileView
  around: FilesAround
}

interface StateProps extends Props {
  state: FileStateView
}

function OneFile(props: Props): JSX.Element {
  const { file, around } = props
  const state = around.files.value.states.get(file.id) ?? { at: 'absent' as const }
  if (file.kind === 'image') return <Picture {...props} state={state} />
  if (file.kind === 'video' || file.kind === 'audio') return <Playable {...props} state={state} />
  return <Row {...props} state={state} />
}

function Picture({ messageKey, file, around, state }: StateProps): JSX.Element {
  const opened = useOpened(around.client, messageKey, file.id, state.at === 'here')
  if (opened && opened.address === undefined) {
    return <Row messageKey={messageKey} file={file} around={around} state={state} note={fileWords.notAsSaid} />
  }
  if (state.at !== 'here') return <Row messageKey={messageKey} file={file} around={around} state={state} />
  const { width = 320, height = 240 } = file
  return (
    <div class="picture-box">
      <div class="picture">
        {/* The place is there before the picture is, so that nothing jumps. */}
        <img
          class="picture-image"
          src={opened?.address}
          alt={file.name}
          width={width}
          height={height}
          decoding="async"
        />
        <button
          type="button"
          aria-label={fileWords.open(file.name)}
          onClick={() => around.enlarge(messageKey, file.id)}
        />
      </div>
      <Given state={state} size={file.size} />
    </div>
  )
}

function Playable({ messageKey, file, around, state }: StateProps): JSX.Element {
  const [wanted, setWanted] = useState(false)
  const opened = useOpened(around.client, messageKey, file.id, wanted && state.at === 'here')
  const note = opened && opened.address === undefined ? fileWords.notAsSaid : undefined
  const play =
    state.at === 'here' && !opened ? (
      <FileButton label={fileWords.play(nameOf(file))} words={fileWords.playShort} onPress={() => setWanted(true)} />
    ) : undefined
  return (
    <div class="playable">
      <Row messageKey={messageKey} file={file} around={around} state={state} note={note} more={play} />
      {opened?.address !== undefined &&
        (file.kind === 'video' ? (
          // biome-ignore lint/a11y/useMediaCaption: what people send each other has none
          <video src={opened.address} aria-label={file.name} controls autoplay playsInline />
        ) : (
          // biome-ignore lint/a11y/useMediaCaption: as above
          <audio src={opened.address} aria-label={nameOf(file)} controls autoplay />
        ))}
    </div>
  )
}

interface RowProps extends StateProps {
  note?: string | undefined
  more?: JSX.Element | undefined
}

function Row({ messageKey, file, around, state, note, more }: RowProps): JSX.Element {
  const { id, size, voice } = file
  const { client } = around
  const name = nameOf(file)
  return (
    <div class="file-row">
      <Icon name={voice ? 'microphone' : 'file'} />
      <div class="file-facts">
        <span class="file-name">
          <bdi>{name}</bdi>
        </span>
        <span class="file-size">{voice ? durationWords(voice.seconds) : sizeWords(size)}</span>
        {state.at === 'coming' && (
          <>
            <progress aria-label={fileWords.progress(name)} max={size || 1} value={state.doneBytes} />
            <span class="file-size">{comingWords(state, size)}</span>
          </>
        )}
        <Given state={state} size={size} />
        {state.at === 'failed' && <span class="file-note">{failureWords(state)}</span>}
        {note !== undefined && <span class="file-note">{note}</span>}
      </div>
      <div class="file-buttons">
        {more}
        {(state.at === 'absent' || state.at === 'failed') && (
          <FileButton
            label={fileWords.download(name)}
            words={fileWords.downloadShort}
            onPress={() => attempt(client.fetchFile(messageKey, id), fileWords.notFetched)}
          />
        )}
        {state.at === 'coming' && (
          <FileButton
            label={fileWords.cancel(name)}
            words={fileWords.cancelShort}
            onPress={() => attempt(client.cancelFile(id), fileWords.notCancelled)}
          />
        )}
        {state.at === 'here' && (
          <FileButton
            label={fileWords.save(name)}
            words={fileWords.saveShort}
            onPress={() => saveFile(client, messageKey, id)}
          />
        )}
      </div>
    </div>
  )
}

function FileButton({ label, words, onPress }: { label: string; words: string; onPress(): void }): JSX.Element {
  return (
    <button type="button" class="button small" aria-label={label} onClick={onPress}>
      {words}
    </button>
  )
}

/** Of an own file: how much of it has left this device. */
function Given({ state, size }: { state: FileStateView; size: number }): JSX.Element | null {
  if (state.at !== 'here' || state.givenBytes === undefined) return null
  const words = state.givenBytes === 0 ? fileWords.nobodyYet : fileWords.giving(percentOf(state.givenBytes, size))
  return <span class="file-size">{words}</span>
}

function comingWords({ waiting, doneBytes }: Extract<FileStateView, { at: 'coming' }>, size: number): string {
  if (waiting === 'connection') return fileWords.waitsForConnection
  if (waiting === 'holder') return fileWords.waitsForHolder
  return percentOf(doneBytes, size)
}

function nameOf({ name, voice }: FileView): string {
  return voice ? fileWords.voice : name
}
