/** Records a voice message: what was said lies with the files to send, and can be taken out again, before it goes. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FileSource } from '../../client-gate.ts'
import { holdPage } from '../../hold-page.ts'
import { attempt } from '../../problems.ts'
import { durationWords, fileWords } from '../../words/files.ts'
import { Icon } from '../icon.tsx'

/** Best first; what the client knows as sound. */
const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const endings: Readonly<Record<string, string>> = { 'audio/webm': 'webm', 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' }
/** It ends by itself, so that nobody records a night. */
const secondsAtMost = 900

interface Recording {
  recorder: MediaRecorder
  parts: Blob[]
  beganMs: number
  thrownAway?: true
}

interface Props {
  /** Also when it is drawn no more: only what is thrown away is lost. */
  onRecorded(sound: FileSource): void
  onClose(): void
}

export function Recorder({ onRecorded, onClose }: Props): JSX.Element {
  const [recording, setRecording] = useState<Recording>()
  const [seconds, setSeconds] = useState(0)
  const stopButton = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    let stands = true
    let begun: Recording | undefined
    const work = begin().then((made) => {
      if (!stands) return silence(made)
      begun = made
      const release = holdPage()
      // By a button, or because the microphone went away.
      made.recorder.addEventListener('stop', () => {
        if (!made.thrownAway) onRecorded(soundOf(made))
        release()
        if (stands) onClose()
      })
      setRecording(made)
    })
    attempt(
      work.catch((error: unknown) => {
        onClose()
        throw error
      }),
      fileWords.noMicrophone,
    )
    return () => {
      stands = false
      if (begun) silence(begun)
    }
  }, [])

  useEffect(() => {
    if (!recording) return
    stopButton.current?.focus()
    const timer = setInterval(() => {
      const now = (performance.now() - recording.beganMs) / 1_000
      setSeconds(now)
      if (now >= secondsAtMost) silence(recording)
    }, 250)
    return () => clearInterval(timer)
  }, [recording])

  if (!recording) return <div class="recording" />
  return (
    <div class="recording">
      <Icon name="microphone" />
      <span role="timer">{fileWords.recording(durationWords(seconds))}</span>
      <button ref={stopButton} type="button" class="button small" onClick={() => silence(recording)}>
        {fileWords.stopRecording}
      </button>
      <button
        type="button"
        class="button small"
        onClick={() => {
          recording.thrownAway = true
          silence(recording)
        }}
      >
        {fileWords.dropRecording}
      </button>
    </div>
  )
}

function soundOf({ recorder, parts, beganMs }: Recording): FileSource {
  const seconds = (performance.now() - beganMs) / 1_000
  const type = recorder.mimeType.split(';')[0] ?? ''
  const sound = new Blob(parts, { type })
  return {
    name: `voice.${endings[type] ?? 'webm'}`,
    type,
    size: sound.size,
    read: async (from, to) => new Uint8Array(await sound.slice(from, to).arrayBuffer()),
    voice: { seconds: Math.round(seconds * 10) / 10 },
  }
}

async function begin(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const type = types.find((one) => MediaRecorder.isTypeSupported(one))
  const recorder = new MediaRecorder(stream, type === undefined ? {} : { mimeType: type })
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  recorder.addEventListener('stop', () => {
    for (const track of stream.getTracks()) track.stop() // else the browser says that it still listens
  })
  recorder.start(1_000)
  return { recorder, parts, beganMs: performance.now() }
}

function silence({ recorder }: Recording): void {
  if (recorder.state !== 'inactive') recorder.stop()
}
