/** Files, fetched in one piece with the first that is there or is to be sent. */
import { type FunctionComponent, h } from 'preact'
import { namesOf } from '../words/files.ts'
import { lazy } from './lazy.tsx'

type Part = typeof import('./files/aside.ts')
type Of<K extends keyof Part> = FunctionComponent<Parameters<Part[K]>[0]>

const part = (): Promise<Part> => import('./files/aside.ts')

/** Until it is here, and where it cannot be had, the names stand there. */
export const Attached: Of<'Attached'> = lazy(async () => (await part()).Attached, {
  meanwhile: ({ message }) => h('p', { class: 'text' }, namesOf(message.files)),
})
export const Gallery: Of<'Gallery'> = lazy(async () => (await part()).Gallery, { onFailed: ({ onClose }) => onClose() })
export const Tray: Of<'Tray'> = lazy(async () => (await part()).Tray)
export const Recorder: Of<'Recorder'> = lazy(async () => (await part()).Recorder, {
  onFailed: ({ onClose }) => onClose(),
})
export const Preparing: Of<'Preparing'> = lazy(async () => (await part()).Preparing)
