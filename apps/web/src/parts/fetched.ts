/** The parts of `aside.ts`, each fetched with the others when one of them is first drawn. */
import type { FunctionComponent } from 'preact'
import { lazy } from './lazy.tsx'

type Aside = typeof import('./aside.ts')
type Part<K extends keyof Aside> = FunctionComponent<Parameters<Aside[K]>[0]>

const aside = (): Promise<Aside> => import('./aside.ts')
/** A dialog that cannot be had is closed. */
const closing = { onFailed: ({ onClose }: { onClose(): void }) => onClose() }

export const CloseRoom: Part<'CloseRoom'> = lazy(async () => (await aside()).CloseRoom, closing)
export const Details: Part<'Details'> = lazy(async () => (await aside()).Details)
export const InviteDialog: Part<'InviteDialog'> = lazy(async () => (await aside()).InviteDialog, closing)
export const ExportDialog: Part<'ExportDialog'> = lazy(async () => (await aside()).ExportDialog, closing)
export const KeysDialog: Part<'KeysDialog'> = lazy(async () => (await aside()).KeysDialog, closing)
export const LeaveDialog: Part<'LeaveDialog'> = lazy(async () => (await aside()).LeaveDialog, closing)
export const NotSent: Part<'NotSent'> = lazy(async () => (await aside()).NotSent)
export const PersonActions: Part<'PersonActions'> = lazy(async () => (await aside()).PersonActions)
export const PersonSheet: Part<'PersonSheet'> = lazy(async () => (await aside()).PersonSheet, closing)
export const RemovePerson: Part<'RemovePerson'> = lazy(async () => (await aside()).RemovePerson)
export const VerifyDialog: Part<'VerifyDialog'> = lazy(async () => (await aside()).VerifyDialog, closing)

type Top = FunctionComponent<Parameters<typeof import('./earlier/earlier-top.tsx')['EarlierTop']>[0]>

/** By itself: whoever has just come in has it before their eyes. */
export const EarlierTop: Top = lazy(async () => (await import('./earlier/earlier-top.tsx')).EarlierTop)

/** Fetches them ahead, so that they are there even if the connection is lost meanwhile. */
export function fetchAhead(): void {
  aside().catch(() => undefined) // said where one of them is wanted
}
