/** The page's side of `messages.ts`. */
import { openBrowserStorage } from '../../packages/client/src/browser.ts'
import { fromBase64Url } from '../../packages/protocol/src/index.ts'
import { type MessageCost, messageCost } from './message-cost.ts'

let cost: MessageCost

export async function begin(sender: string, receiver: string, allSpoke: boolean): Promise<void> {
  const both = { sender: fromBase64Url(sender)!, receiver: fromBase64Url(receiver)! }
  cost = await messageCost(both, allSpoke, openBrowserStorage)
}

export function run(what: 'send' | 'open', count: number): Promise<void> {
  return cost[what](count)
}

export function written(): { bytes: number; writes: number } {
  return cost.written()
}
