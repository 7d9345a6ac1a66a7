/** Fetched in one piece when a command is first wanted: see `fetched.ts`. */
export { Cleared } from './cleared.tsx'
export { Palette } from './palette.tsx'
export { runSlash } from './run-slash.ts'
export { SlashList } from './slash-list.tsx'
