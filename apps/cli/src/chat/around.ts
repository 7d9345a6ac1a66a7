/** What stands around the conversation, as lines: the way in, the connection, keys, and what asks for a decision. */
import type { KnockView, RoomSnapshot } from '@qsec/client'
import { forTerminal, type Line, note } from './lines.ts'
import {
  byPerson,
  comparisonWords,
  connectionHelp,
  doorWords,
  holdWords,
  isYou,
  labelNames,
  labelWords,
  listPeople,
  type Namer,
  namerOf,
  phaseWords,
  roomWords,
  trustWords,
} from './page.ts'

export function phaseLine({ phase }: RoomSnapshot): Line[] {
  switch (phase.at) {
    case 'connecting':
      return [note(phaseWords.connecting)]
    case 'waiting':
      return [
        phase.anyoneHere
          ? note(`${phaseWords.waiting}.`)
          : note(`${phaseWords.waitingAlone}. ${phaseWords.waitingAloneHelp}`),
      ]
    case 'knocking':
      return [note(`Asked to be let in. Read this code to somebody in the room over another channel: ${phase.code}`)]
    case 'rejoining':
      return [
        phase.anyoneHere
          ? note(`${phaseWords.rejoining}. ${phaseWords.rejoiningHelp}`)
          : note(`${phaseWords.rejoiningAlone}. ${phaseWords.rejoiningAloneHelp}`),
      ]
    case 'left':
      return [note(`${phaseWords.left}. Its keys and messages are erased here.`)]
    case 'member':
    case 'removed':
    case 'ended':
    case 'refused':
      return [] // said once inside, and at the end of the program
  }
}

/** Said once, when this device is in the room. */
export function entryLines({ kind, address, self, quantum }: RoomSnapshot, where: string): Line[] {
  const title = kind === 'open' ? doorWords.preview(kind, address) : `Closed room ${address.slice(0, 6)}`
  return [
    note(`${title} at ${where}. You are ${self.name}.`, 'plain'),
    note(roomWords.kindHelp(kind)),
    note(`Keys: ${labelNames[quantum.label]}. ${labelWords(quantum)}`),
    note('A line that you type is sent to everyone here. /help lists what else can be done, Ctrl-C ends.'),
  ]
}

/** Who is here already. */
export function companyLine({ people }: RoomSnapshot): Line {
  const others = byPerson(people)
    .map(({ person }) => person)
    .filter((person) => !isYou(person))
  if (others.length === 0) return note('Nobody else is here yet. /invite shows what to send to others.', 'plain')
  return note(`In the room with you: ${forTerminal(listPeople(others, namerOf(people), 12))}.`, 'plain')
}

/** Lost, and there again. Before the first entry, the phase says enough. */
export function connectionLine({ connection, phase }: RoomSnapshot, entered: boolean): Line[] {
  const inside = phase.at === 'member' || phase.at === 'rejoining'
  if (!entered || !inside) return []
  return [note(connectionHelp(connection) ?? 'Connected again.', connection === 'connected' ? 'quiet' : 'warning')]
}

export function labelLine(label: RoomSnapshot['quantum']['label']): Line {
  return note(`Keys of the room now: ${labelNames[label]}.`)
}

export function holdLine({ quantum: { hold } }: RoomSnapshot, nameOf: Namer, first: boolean): Line[] {
  if (hold) return [note(forTerminal(holdWords(hold, nameOf)), 'warning')]
  return first ? [] : [note('The room has its quantum keys (simulated): messages go out again.')]
}

export function trustLines({ trust }: RoomSnapshot, nameOf: Namer): Line[] {
  return trust.blockedBy.map((person) => {
    const name = forTerminal(nameOf(person))
    const todo = `/verify ${person.name} shows what to compare, /accept ${person.name} goes on without.`
    return note(`${trustWords.blocked(name)} ${trustWords.blockedHelp} ${todo}`, 'warning')
  })
}

/** Somebody compares six pictures with this person: the signs have names, and those can be said. */
export function comparisonLines({ trust: { comparison } }: RoomSnapshot, nameOf: Namer): Line[] {
  if (!comparison) return []
  const { state } = comparison
  const name = forTerminal(nameOf(comparison.with))
  const words = note(forTerminal(comparisonWords(comparison)), 'plain')
  switch (state.at) {
    case 'asked':
      return [words, note(`${trustWords.asksHelp} /verify ${name} pictures begins, /verify ${name} stop declines.`)]
    case 'showing':
      return [
        note(`Six pictures: ${state.pictures.map(({ sign, name }) => `${sign} ${name}`).join(', ')}`, 'plain'),
        note(`Say their names to each other. /verify ${name} same, or /verify ${name} different.`),
      ]
    case 'committed':
      return []
    case 'waiting':
    case 'answered':
    case 'over':
      return [words]
  }
}

export function knockLines({ code, own }: KnockView, { agreement }: RoomSnapshot): Line[] {
  const who = own ? 'A device with your own keys asks to come in' : 'Somebody asks to come in'
  const may = agreement?.may.admit ?? false
  const todo = may ? ` /admit ${code} lets them in, /turn-away ${code} does not.` : ''
  return [note(`${who}. Their screen shows the code ${code}: compare it over another channel.${todo}`, 'plain')]
}
