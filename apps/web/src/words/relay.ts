/** Words about the relay that a page talks to, where they are not of one origin. */
import { type Translatable, translatable } from './translatable.ts'

const relayEnglish = {
  noSetting:
    'This page does not know which server to talk to: its file qsec-relay.json is missing or cannot be understood. Reload the page; if it stays so, tell whoever runs the server of this page.',
  refused: (relay: string, page: string): string =>
    `The server ${relay} does not let pages of ${page} connect. Whoever runs it can allow that: QSEC_ORIGINS=${page}`,
} as const

export const relayWords: Translatable<typeof relayEnglish> = translatable('relayWords', relayEnglish)
