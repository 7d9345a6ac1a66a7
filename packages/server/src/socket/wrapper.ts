/**
 * The one way in for events. Whatever a client puts on the wire ends here as an answer with a code, or in silence where
 * it gave no way to answer; nothing is dispatched to listeners by a name that a client chose.
 */
import { type Answer, type ClientEventName, clientEventNames, parseClientEvent } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import { refuse } from '../room/refuse.ts'
import { type HandlerContext, handle } from './handlers.ts'
import type { Session } from './session.ts'

const names: ReadonlySet<unknown> = new Set(clientEventNames)
/** Somebody who is told this often to slow down and does not is cut off. */
const patience = 1_000

export async function takePacket(context: HandlerContext, session: Session, packet: unknown[]): Promise<void> {
  const last = packet.at(-1)
  const ack = typeof last === 'function' ? (last as (answer: unknown) => void) : undefined
  const [name, ...args] = ack ? packet.slice(0, -1) : packet
  let answered = false
  const reply = (answer: Answer<object>) => {
    if (answered) return
    answered = true
    ack?.(answer)
  }
  if (context.isClosing()) return reply(refuse('unavailable', 'This relay is restarting. Connect again in a moment.'))
  const nowMs = performance.now()
  if (!session.events.take(1, nowMs) || !session.bytes.take(0, nowMs)) {
    session.refusedByRate += 1
    if (session.refusedByRate > patience) session.close()
    return reply(refuse('rate-limited', 'Too many events in too little time. Wait a moment.'))
  }
  if (!names.has(name)) return reply(refuse('bad-request', 'There is no such event.'))
  if (args.length !== 1) return reply(refuse('bad-request', 'An event carries exactly one object.'))
  try {
    const parsed = parseClientEvent(name as ClientEventName, args[0])
    if (!parsed.ok) return reply(refuse('bad-request', parsed.message.slice(0, 300)))
    await handle(context, session, name as ClientEventName, parsed.value, reply)
  } catch (error) {
    context.report({ level: 'error', event: 'handler-failed', handler: String(name), ...describeFault(error) })
    reply(refuse('internal', 'Something went wrong at the relay. It has been noted there.'))
  }
}
