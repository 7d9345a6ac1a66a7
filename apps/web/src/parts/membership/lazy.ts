/** The parts of `dialogs.ts`, each fetched with the others when one of them is first drawn. */
import type { FunctionComponent } from 'preact'
import { later } from '../later.tsx'

type Dialogs = typeof import('./dialogs.ts')
type Part<K extends keyof Dialogs> = FunctionComponent<Parameters<Dialogs[K]>[0]>

const dialogs = (): Promise<Dialogs> => import('./dialogs.ts')

export const Devices: Part<'Devices'> = later(async () => (await dialogs()).Devices)
export const CloseRoom: Part<'CloseRoom'> = later(
  async () => (await dialogs()).CloseRoom,
  ({ onClose }) => onClose(),
)
export const InviteDialog: Part<'InviteDialog'> = later(
  async () => (await dialogs()).InviteDialog,
  ({ onClose }) => onClose(),
)
export const PersonActions: Part<'PersonActions'> = later(async () => (await dialogs()).PersonActions)
export const RemovePerson: Part<'RemovePerson'> = later(async () => (await dialogs()).RemovePerson)
export const RoomSettings: Part<'RoomSettings'> = later(async () => (await dialogs()).RoomSettings)

/** Fetches them ahead, so that they are there even if the connection is lost meanwhile. */
export function fetchAhead(): void {
  dialogs().catch(() => undefined) // said where one of them is wanted
}
