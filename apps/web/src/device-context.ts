/** What any screen may need of this device: its keeper, and the way to its page. Absent where a part is drawn alone. */
import { type Context, createContext } from 'preact'
import type { Keeper } from './keeper.ts'

export interface DeviceAccess {
  keeper: Keeper
  open(): void
}

export const DeviceContext: Context<DeviceAccess | undefined> = createContext<DeviceAccess | undefined>(undefined)
