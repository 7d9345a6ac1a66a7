/**
 * The one way in for events. Whatever a client puts on the wire ends here as an answer with a code, or in silence where
 * it gave no way to answer; nothing is dispatched to listeners by a name that a client chose.
 */
import { type Answer, type ClientEventName, clientEventNames, parseClientEvent } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import { refuse } from '../room/refuse.ts'
import { type HandlerContext, handle } from './handlers.ts'
import type { PacketEnd } from './parser.ts'
import type { Session } from './session.ts'

const names: ReadonlySet<unknown> = new Set(clientEventNames)
/** Somebody who is told this often to slow down and does not is cut off. */
const patience = 1_000

export function takePacket(context: HandlerContext, session: Session, packet: unknown[]): void {
  const end = packet.at(-1) as PacketEnd
  const [name, event] = packet
  const args = packet.length - 2
  let answered = false
  const reply = (answer: Answer<object>) => {
    if (answered) return
    answered = true
    if (!answer.ok) context.tally.refused(answer.code)
    if (end.id !== undefined) session.answer(end.id, answer)
  }
  if (context.isClosing()) {
    return void reply(refuse('unavailable', 'This relay is restarting. Connect again in a moment.'))
  }
  const nowMs = performance.now()
  if (!session.events.take(1, nowMs) || !session.bytes.take(0, nowMs)) {
    session.refusedByRate += 1
    if (session.refusedByRate > patience) session.close()
    return void reply(refuse('rate-limited', 'Too many events in too little time. Wait a moment.'))
  }
  if (names.has(name)) context.tally.took(name as ClientEventName)
  else return void reply(refuse('bad-request', 'There is no such event.'))
  if (args !== 1) return void reply(refuse('bad-request', 'An event carries exactly one object.'))
  const fail = (error: unknown) => {
    context.report({ level: 'error', event: 'handler-failed', handler: String(name), ...describeFault(error) })
    reply(refuse('internal', 'Something went wrong at the relay. It has been noted there.'))
  }
  try {
    const parsed = parseClientEvent(name as ClientEventName, event)
    if (!parsed.ok) return void reply(refuse('bad-request', parsed.message.slice(0, 300)))
    session.packetBytes = end.characters
    handle(context, session, name as ClientEventName, parsed.value, reply)?.catch(fail)
  } catch (error) {
    fail(error)
  }
}
