/** Commands, fetched when one is first wanted, or a while after the room has opened. */
import type { FunctionComponent } from 'preact'
import { lazy } from '../parts/lazy.tsx'

type Part = typeof import('./aside.ts')
type Of<K extends 'Cleared' | 'Palette' | 'SlashList'> = FunctionComponent<Parameters<Part[K]>[0]>

const part = (): Promise<Part> => import('./aside.ts')

export const Palette: Of<'Palette'> = lazy(async () => (await part()).Palette, {
  onFailed: ({ onClose }) => onClose(),
})
export const Cleared: Of<'Cleared'> = lazy(async () => (await part()).Cleared)
export const SlashList: Of<'SlashList'> = lazy(async () => (await part()).SlashList)

export async function runSlash(...args: Parameters<Part['runSlash']>): Promise<string | undefined> {
  return (await part()).runSlash(...args)
}

export function fetchCommandsAhead(): void {
  part().catch(() => undefined) // said where one of them is wanted
}
