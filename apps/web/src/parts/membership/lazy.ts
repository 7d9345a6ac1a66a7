/** The parts of `dialogs.ts`, each fetched with the others when one of them is first drawn. */
import type { FunctionComponent } from 'preact'
import { lazy } from '../lazy.tsx'

type Dialogs = typeof import('./dialogs.ts')
type Part<K extends keyof Dialogs> = FunctionComponent<Parameters<Dialogs[K]>[0]>

const dialogs = (): Promise<Dialogs> => import('./dialogs.ts')

export const Devices: Part<'Devices'> = lazy(async () => (await dialogs()).Devices)
export const CloseRoom: Part<'CloseRoom'> = lazy(async () => (await dialogs()).CloseRoom, {
  onFailed: ({ onClose }) => onClose(),
})
export const InviteDialog: Part<'InviteDialog'> = lazy(async () => (await dialogs()).InviteDialog, {
  onFailed: ({ onClose }) => onClose(),
})
export const PersonActions: Part<'PersonActions'> = lazy(async () => (await dialogs()).PersonActions)
export const RemovePerson: Part<'RemovePerson'> = lazy(async () => (await dialogs()).RemovePerson)
export const RoomSettings: Part<'RoomSettings'> = lazy(async () => (await dialogs()).RoomSettings)

/** Fetches them ahead, so that they are there even if the connection is lost meanwhile. */
export function fetchAhead(): void {
  dialogs().catch(() => undefined) // said where one of them is wanted
}
