/** What is fetched with the first file: see `fetched-files.ts`. */
export { Attached } from './attached.tsx'
export { Gallery } from './gallery.tsx'
export { Preparing } from './preparing.tsx'
export { Recorder } from './recorder.tsx'
export { Tray } from './tray.tsx'
