/** The ways on from an open room to the closed one that takes its place. Absent where a part is drawn alone. */
import { type Context, createContext } from 'preact'
import type { Gate } from './client-gate.ts'

export interface SuccessorAccess {
  close: Gate['closeRoom']
  /** Goes into the room at `path`, under `name` where this browser is new there. The secret stays out of the address bar. */
  follow(path: string, name: string): void
}

export const SuccessorContext: Context<SuccessorAccess | undefined> = createContext<SuccessorAccess | undefined>(
  undefined,
)
