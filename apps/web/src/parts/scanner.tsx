/** Looks through the camera for a QR code. Nothing of the picture is kept or sent. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { verifyWords } from '../words/verify.ts'

interface Props {
  onText(text: string): void
  /** The camera is missing, busy or forbidden, or the reader could not be loaded. */
  onFailed(): void
}

const lookEveryMs = 200
/** More pixels make reading slower and no surer. */
const widestPx = 800

/** Whether this browser has a camera to ask for; the person may still refuse it. */
export function hasCamera(): boolean {
  return typeof navigator !== 'undefined' && navigator.mediaDevices?.getUserMedia !== undefined
}

export function Scanner({ onText, onFailed }: Props): JSX.Element {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setInterval> | undefined
    let stopped = false

    async function start(): Promise<void> {
      const [camera, { default: decodeQR }] = await Promise.all([
        navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
        import('qr/decode.js'),
      ])
      stream = camera
      const element = video.current
      if (stopped || element === null) {
        stop()
        return
      }
      element.srcObject = camera
      await element.play()
      const canvas = document.createElement('canvas')
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (context === null) throw new Error('no canvas to read the picture from')
      timer = setInterval(() => {
        const picture = frameOf(element, canvas, context)
        const text = picture && read(decodeQR, picture)
        if (text !== undefined && !stopped) onText(text)
      }, lookEveryMs)
    }

    function stop(): void {
      stopped = true
      clearInterval(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }

    start().catch(() => {
      // Said to the person in plain words: browsers differ in what they call each cause.
      if (!stopped) onFailed()
      stop()
    })
    return stop
  }, [])
  return <video ref={video} class="camera" muted playsInline aria-label={verifyWords.camera} />
}

function frameOf(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
): ImageData | undefined {
  if (video.videoWidth === 0) return undefined
  const scale = Math.min(1, widestPx / video.videoWidth)
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  context.drawImage(video, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

/** The reader throws on every picture without a code, which is most of them. */
function read(decode: (image: ImageData) => string, picture: ImageData): string | undefined {
  try {
    return decode(picture)
  } catch {
    return undefined
  }
}
