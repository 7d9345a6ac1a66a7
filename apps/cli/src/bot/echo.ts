/** What an echo answers. Its answers carry a mark, and what carries it gets none: two echoes never talk for ever. */

import { textBytesAtMost } from '@qsec/client'
import type { BotEvent } from './events.ts'

const mark = 'echo: '

export function echoOf(event: BotEvent): string | undefined {
  if (event.event !== 'message' || event.own || event.text.trimStart().startsWith(mark.trimEnd())) return undefined
  const answer = mark + event.text
  return Buffer.byteLength(answer) <= textBytesAtMost ? answer : undefined
}
