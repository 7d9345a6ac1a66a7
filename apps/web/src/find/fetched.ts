/** What finds messages, fetched when it is first wanted, or a while after the room has opened. */
import type { FunctionComponent } from 'preact'
import { lazy } from '../parts/lazy.tsx'

type Part = typeof import('./aside.ts')
type Of<K extends keyof Part> = FunctionComponent<Parameters<Part[K]>[0]>

const part = (): Promise<Part> => import('./aside.ts')
const closing = { onFailed: ({ onClose }: { onClose(): void }) => onClose() }

export const SearchDialog: Of<'SearchDialog'> = lazy(async () => (await part()).SearchDialog, closing)
export const DayDialog: Of<'DayDialog'> = lazy(async () => (await part()).DayDialog, closing)

export function fetchFindingAhead(): void {
  part().catch(() => undefined) // said where one of them is wanted
}
