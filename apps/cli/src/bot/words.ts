/** The bot's events for people, who talk through it in a terminal. */
import { harmless } from '../output.ts'
import type { BotEvent, Who } from './events.ts'

/** One line for people; undefined for what only programs want to know. */
export function eventWords(event: BotEvent): string | undefined {
  switch (event.event) {
    case 'connection':
      return `* ${{ connected: 'Connected', reconnecting: 'Connecting…', offline: 'Offline, still trying' }[event.state]}`
    case 'phase':
      return phaseWords(event)
    case 'message':
      return event.own
        ? undefined
        : `${time(event.atMs)} ${nameOf(event.from)}${going(event)}: ${indented(withFiles(event))}`
    case 'note':
      return event.own
        ? undefined
        : `${time(event.atMs)} ${nameOf(event.from)}, to you alone${going(event)}: ${indented(event.text)}`
    case 'note-refused':
      return `* Words for one person were not taken: ${event.problem}`
    case 'file':
      return event.state === 'failed' ? `* ${harmless(event.name)} could not be fetched` : undefined
    case 'file-saved':
      return `* Saved: ${harmless(event.path)}`
    case 'file-refused':
      return `* A file was not sent or saved: ${event.problem}`
    case 'hold':
      return holdWords(event)
    case 'state':
      return event.state === 'not-sent' ? '* A message was not sent' : undefined
    case 'system':
      return `* ${systemWords(event)}`
    case 'knocks':
      return event.knocks.length === 0
        ? undefined
        : `* Asking to come in, with the code that their screen shows: ${event.knocks.map(({ code }) => code).join(', ')}`
    case 'server':
      return event.tables.map(({ table, rows }) => `* The server says that it has ${rows} of ${table}`).join('\n')
    case 'server-rows':
      return `* ${event.rows.length} rows of ${event.table}`
    case 'server-refused':
      return `* The server did not tell what it has stored: ${event.problem}`
    case 'successor': // said by the system event, without the link
    case 'label':
    case 'link':
    case 'people':
    case 'room-code':
      return undefined
  }
}

function phaseWords(event: BotEvent & { event: 'phase' }): string | undefined {
  switch (event.at) {
    case 'waiting':
      return event.anyoneHere ? '* Waiting to be let in' : '* Waiting for someone in the room'
    case 'rejoining':
      return '* Coming back in'
    case 'knocking':
      return `* Asked to be let in. Read this code to somebody in the room over another channel: ${event.code}`
    case 'member':
      return '* In the room: what you type is sent'
    case 'connecting':
    case 'left':
    case 'removed':
    case 'ended':
    case 'refused':
      return undefined // the end is said where the program ends
  }
}

function systemWords(event: BotEvent & { event: 'system' }): string {
  switch (event.type) {
    case 'created':
      return `${nameOf(event.by)} created the room`
    case 'you-joined':
      return 'You came in here; what was said before cannot be read'
    case 'joined':
      return `${names(event.people)} joined, let in by ${nameOf(event.by)}`
    case 'let-in':
      return `${nameOf(event.by)} let ${names(event.people)} in`
    case 'left':
      return `${nameOf(event.person)} left`
    case 'removed':
      return `${nameOf(event.by)} removed ${names(event.people)}`
    case 'device-added':
      return `${nameOf(event.person)} came in with another device`
    case 'device-removed':
      return `One device of ${nameOf(event.person)} is out of the room`
    case 'rejoined':
      return `${names(event.people)} came back in`
    case 'keys-refreshed':
      return event.label === 'post-quantum'
        ? 'Keys refreshed (post-quantum)'
        : `Keys refreshed with a quantum-link key (${event.label.slice('quantum ('.length, -1)})`
    case 'eavesdropper-switched':
      return `${nameOf(event.by)} switched the simulated eavesdropper ${event.on ? 'on' : 'off'}`
    case 'eavesdropper-detected':
      return `Eavesdropper detected between ${names(event.link)} (QBER ${(100 * event.qber).toFixed(1)} %): no key made`
    case 'gap':
      return `Items ${event.fromSeq} to ${event.toSeq} of the room are lost for this device`
    case 'unreadable':
      return `Something could not be opened (${harmless(event.reason)})`
    case 'split-view':
      return `Warning: the server shows you and ${nameOf(event.with)} different histories`
    case 'keys-changed':
      return event.wasVerified
        ? `Warning: ${nameOf(event.person)} has a name like somebody you verified, and other keys`
        : `${nameOf(event.person)} has other keys than somebody of that name who was here before`
    case 'compared':
      return event.matched
        ? `You verified ${nameOf(event.person)}`
        : `You compared codes with ${nameOf(event.person)}, and they did not match`
    case 'relay-restarted':
      return 'The server was restarted'
    case 'relay-restored':
      return 'The server was set back to an older backup; the room goes on from what its devices have'
    case 'relay-restarting':
      return 'The server restarts'
    case 'caught-up':
      return `Caught up from what ${names(event.from)} had kept`
    case 'room-locked':
      return `${nameOf(event.by)} ${event.on ? 'locked the room: nobody new comes in' : 'unlocked the room'}`
    case 'admit-by-set':
      return `${nameOf(event.by)} changed who lets people in: ${event.admitBy === 'everyone' ? 'everyone' : 'the owner and admins'}`
    case 'capacity-set':
      return event.capacity === undefined
        ? `${nameOf(event.by)} lifted the limit on the number of people`
        : `${nameOf(event.by)} limited the room to ${event.capacity} people`
    case 'quantum-policy-set':
      return event.quantum === 'required'
        ? `${nameOf(event.by)} made quantum keys (simulated) required: nothing is sent without them`
        : `${nameOf(event.by)} made quantum keys optional`
    case 'keep-sealed-set':
      return event.days === undefined
        ? `${nameOf(event.by)} ended the keeping of sealed messages: the server's disk has none any more`
        : `${nameOf(event.by)} has the server keep sealed messages on its disk until every device has them, for ${event.days} days at most`
    case 'lifetime-set':
      return event.seconds === undefined
        ? `${nameOf(event.by)} lets messages stay from now on`
        : `${nameOf(event.by)} lets messages disappear ${lifetimeWords(event.seconds)} after they were seen`
    case 'title-set':
      return event.title === undefined
        ? `${nameOf(event.by)} took the room's name away`
        : `${nameOf(event.by)} named the room "${event.title}"`
    case 'gone-unseen':
      return `A disappearing message from ${nameOf(event.from)} went before it was seen here`
    case 'admin-set':
      return event.on
        ? `${nameOf(event.by)} made ${nameOf(event.person)} an admin`
        : `${nameOf(event.by)} took the admin role from ${nameOf(event.person)}`
    case 'owner-set':
      return `${nameOf(event.by)} handed the room over to ${nameOf(event.person)}`
    case 'log-deleted':
      return `${nameOf(event.by)} had the server delete its log of the room (${event.lines} lines)`
    case 'room-ended':
      return `${nameOf(event.by)} ended the room`
    case 'earlier-given':
      return `${nameOf(event.by)} gave ${nameOf(event.to)} the last ${event.count} messages from before they came in`
    case 'successor':
      return `${nameOf(event.by)} closed this room and invites this bot to a private one; with --json, the event "successor" has the link`
  }
}

function nameOf({ name, device }: Who): string {
  return harmless(name || device.slice(0, 6))
}

/** Files are saved by an order that names them: with `--json`. */
function withFiles({ text, files = [] }: Extract<BotEvent, { event: 'message' }>): string {
  return [text, ...files.map(({ name, size }) => `[${name}, ${size} bytes]`)].filter((part) => part !== '').join(' ')
}

function going({ lifetimeS }: { lifetimeS?: number }): string {
  return lifetimeS === undefined ? '' : ` (disappears after ${lifetimeWords(lifetimeS)})`
}

const units = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const

/** `1 hour`, `90 seconds`: in the largest unit of which it is a whole number. */
export function lifetimeWords(lifetimeS: number): string {
  const { unit, seconds } = units.find((one) => lifetimeS % one.seconds === 0)!
  const count = lifetimeS / seconds
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function names(people: readonly Who[]): string {
  return people.map(nameOf).join(', ')
}

function indented(text: string): string {
  return harmless(text).replaceAll('\n', '\n         ')
}

function time(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('sv-SE')
}

function holdWords({ waitsFor, people }: Extract<BotEvent, { event: 'hold' }>): string {
  const rule = '* This room requires quantum keys (simulated). Messages wait for'
  switch (waitsFor) {
    case 'away':
      return `${rule} devices that are away: ${names(people)}`
    case 'others':
      return `${rule} somebody to make a key with`
    case 'fewer':
      return `${rule} fewer devices: quantum links reach 17 at most`
    case 'exchange':
      return `${rule} the key exchange`
    case 'nothing':
      return '* Messages go out again'
  }
}
