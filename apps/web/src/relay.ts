/** Which relay this page talks to. A file beside the page says it: the page's own server, or one elsewhere. */
import { type Signal, signal } from '@preact/signals'
import { parseRelaySetting } from '@qsec/client/relay-setting'
import { SaidError } from './problems.ts'
import { relayWords } from './words/relay.ts'

/** Undefined until the setting was read. */
export const knownRelay: Signal<string | undefined> = signal(undefined)

let reading: Promise<string> | undefined

/** Origin of the relay. Rejects, in words for people, where none is set or the relay refuses pages of this origin. */
export async function relayOrigin(): Promise<string> {
  const relay = await relaySetting()
  if (relay !== location.origin) await beAllowed(relay)
  return relay
}

/** What the file says, without a word to the relay. */
export function relaySetting(): Promise<string> {
  reading ??= readSetting().catch((error: unknown) => {
    reading = undefined // the next use tries again
    throw error
  })
  return reading
}

async function readSetting(): Promise<string> {
  const response = await fetch('/qsec-relay.json').catch((cause: unknown) => {
    throw new SaidError(relayWords.noSetting, { cause })
  })
  const relay = response.ok ? parseRelaySetting(await response.text(), location.origin) : undefined
  if (relay === undefined) throw new SaidError(relayWords.noSetting)
  knownRelay.value = relay
  return relay
}

const askWithinMs = 5_000

/** A browser hides why a socket was refused, so the relay is asked whether it would. One that cannot be reached may be later. */
async function beAllowed(relay: string): Promise<void> {
  const signal = AbortSignal.timeout(askWithinMs)
  const answer = await fetch(`${relay}/origin`, { cache: 'no-store', credentials: 'omit', signal }).catch(
    (error: unknown) => console.warn('the relay did not say whether this page may connect', error),
  )
  if (answer?.status === 403) throw new SaidError(relayWords.refused(relay, location.origin))
}
