/** What tabs of one browser tell each other: that the protection changed, or that everything was erased. Nothing else. */

import { letPageGo } from './hold-page.ts'

export type News = 'protection-changed' | 'erased'

let shared: BroadcastChannel | undefined

/** One for the page: a channel hears what others say, and what other channels of its own page say too. */
function channel(): BroadcastChannel {
  shared ??= new BroadcastChannel('qsec')
  return shared
}

export function tellOtherTabs(what: News): void {
  channel().postMessage(what)
}

/** A page that hears it begins anew, which closes its connections and its storage. */
export function followOtherTabs(window: Window): void {
  channel().onmessage = ({ data }: MessageEvent<unknown>) => {
    letPageGo()
    if (data === ('protection-changed' satisfies News)) window.location.reload()
    else if (data === ('erased' satisfies News)) {
      window.sessionStorage.clear()
      window.location.replace('/')
    }
  }
}
