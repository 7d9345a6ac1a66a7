/** Records a voice message: what was said lies with the files to send, and can be taken out again, before it goes. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { attempt } from '../../problems.ts'
import { durationWords, fileWords } from '../../words/files.ts'
import { Icon } from '../icon.tsx'
import type { PickedFiles } from './picked.ts'

/** Best first; what the client knows as sound. */
const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const endings: Readonly<Record<string, string>> = { 'audio/webm': 'webm', 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' }
/** It ends by itself, so that nobody records a night. */
const secondsAtMost = 900

interface Recording {
  recorder: MediaRecorder
  parts: Blob[]
  beganMs: number
}

export function Recorder({ picked, onClose }: { picked: PickedFiles; onClose(): void }): JSX.Element {
  const [recording, setRecording] = useState<Recording>()
  const [seconds, setSeconds] = useState(0)
  const stopButton = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    let stands = true
    let begun: Recording | undefined
    const work = begin().then((made) => {
      if (!stands) return silence(made)
      begun = made
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
      if (now >= secondsAtMost) finish(recording)
    }, 250)
    return () => clearInterval(timer)
  }, [recording])

  function finish({ recorder, parts, beganMs }: Recording): void {
    if (recorder.state === 'inactive') return
    const length = (performance.now() - beganMs) / 1_000
    recorder.addEventListener('stop', () => {
      const type = recorder.mimeType.split(';')[0] ?? ''
      const sound = new Blob(parts, { type })
      picked.addSource({
        name: `voice.${endings[type] ?? 'webm'}`,
        type,
        size: sound.size,
        read: async (from, to) => new Uint8Array(await sound.slice(from, to).arrayBuffer()),
        voice: { seconds: Math.round(length * 10) / 10 },
      })
      onClose()
    })
    recorder.stop()
  }

  if (!recording) return <div class="recording" />
  return (
    <div class="recording">
      <Icon name="microphone" />
      <span role="timer">{fileWords.recording(durationWords(seconds))}</span>
      <button ref={stopButton} type="button" class="button small" onClick={() => finish(recording)}>
        {fileWords.stopRecording}
      </button>
      <button type="button" class="button small" onClick={onClose}>
        {fileWords.dropRecording}
      </button>
    </div>
  )
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
