/** The private line to one member's device on which earlier messages travel: the pair group of the two devices. */
import type { DeviceId } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import type { EarlierContent } from '../quantum/earlier-content.ts'
import { encodePairContent, type PairContent } from '../quantum/pair-content.ts'
import type { Pairs } from '../quantum/pairs.ts'

export interface Line {
  /** Whether there is one now, opened where there was none. Not to be called in the queue. */
  open(peer: DeviceId): Promise<boolean>
  /** Puts the content on its way, and stores `changes` with it. False, and nothing stored: there is no line. In the queue. */
  say(peer: DeviceId, content: EarlierContent, changes?: StorageChange[]): Promise<boolean>
  /** Whether a part of `share` is on its way, as far as is known. `refused`: the relay will not take it. */
  carries(peer: DeviceId, share: string): 'no' | 'yes' | 'refused'
  /** What went out of `share` has arrived. In the queue. */
  confirm(peer: DeviceId, share: string): Promise<void>
}

export function pairLine(pairs: () => Pairs): Line {
  const isPart = (share: string) => (said: PairContent) => said.type === 'earlier-part' && said.share === share
  return {
    open: async (peer) => (await pairs().open(peer)) !== undefined,
    async say(peer, content, changes = []) {
      const pair = pairs().with(peer)
      if (!pair) return false
      // Goes again after a restart of the relay, until its receipt is said: nothing else brings it back.
      const until = content.type === 'earlier-part' || content.type === 'earlier-offer' ? 'confirmed' : 'ordered'
      await pairs().say(pair, 'message', encodePairContent(content), until, changes)
      return true
    },
    carries(peer, share) {
      const row = pairs().said(peer, isPart(share))
      return row ? (row.refused ? 'refused' : 'yes') : 'no'
    },
    confirm: (peer, share) =>
      pairs().confirm(peer, (said) => said.type.startsWith('earlier-') && 'share' in said && said.share === share),
  }
}
