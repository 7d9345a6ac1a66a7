/** Fetched in one piece when somebody looks for something: see `fetched.ts`. */
export { DayDialog } from './day-dialog.tsx'
export { SearchDialog } from './search-dialog.tsx'
