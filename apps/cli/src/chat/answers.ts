/** Longer answers of commands: who is here, which keys there are, what the server knows. */
import type { RoomSnapshot, ServerTables } from '@qsec/client'
import { clock, forTerminal, type Line, note } from './lines.ts'
import {
  byPerson,
  isYou,
  labelNames,
  labelWords,
  linkStateWords,
  memoryWords,
  type Namer,
  namerOf,
  namingWords,
  peopleWords,
  percent,
  serverWords,
  standingTag,
  tableHelp,
  tableTitle,
} from './page.ts'

export function peopleLines({ people, expected }: RoomSnapshot): Line[] {
  const groups = byPerson(people)
  const nameOf = namerOf(people)
  const rows = groups.map(({ person, devices }) => {
    const about = [
      isYou(person) ? peopleWords.you : standingTag(person.standing),
      devices.some(({ present }) => present) ? peopleWords.present : peopleWords.away,
      person.role === 'member' ? undefined : peopleWords.role(person.role),
      devices.length > 1 ? peopleWords.devices(devices.length) : undefined,
      person.silentDays === undefined ? undefined : peopleWords.silent(person.silentDays),
    ]
    const name = forTerminal(isYou(person) ? person.name : nameOf(person))
    return note(`${name}: ${about.filter((one) => one !== undefined).join(', ')}`, 'plain')
  })
  return [note(`${peopleWords.title}: ${peopleWords.count(groups.length, expected)}`), ...rows]
}

export function keysLines({ quantum, epoch, people }: RoomSnapshot): Line[] {
  const nameOf: Namer = (person) => forTerminal(isYou(person) ? namingWords.youFirst : namerOf(people)(person))
  const links = quantum.links.map(({ ends, state, qber, keyBits }) => {
    const measured = qber === undefined ? '' : `, QBER ${percent(qber)}`
    return note(
      `${ends.map(nameOf).join(' ↔ ')} (simulated): ${linkStateWords(state)}${measured}, ${keyBits} bits left`,
    )
  })
  return [
    note(`Epoch ${epoch}: ${labelNames[quantum.label]}. ${labelWords(quantum)}`, 'plain'),
    ...links,
    ...(quantum.eavesdropper.on ? [note('The simulated eavesdropper is on.', 'warning')] : []),
  ]
}

export function serverLines({ atMs, tables, others, keeps, memory }: ServerTables): Line[] {
  const stored = tables.flatMap(({ table, rows, withheld, sealedBytes }) => [
    note(forTerminal(tableTitle({ table, rows })), 'plain'),
    ...(rows === 0 ? [] : [note(`   ${tableHelp(table, keeps).join(' ')}`)]),
    ...(withheld === 0 ? [] : [note(`   ${serverWords.withheld(withheld)}`)]),
    ...(!sealedBytes ? [] : [note(`   ${serverWords.sealed(sealedBytes)}`)]),
  ])
  return [
    note(`${serverWords.title}: ${serverWords.intro} ${serverWords.fetched(clock(atMs))}`),
    ...stored,
    ...(others.length === 0 ? [] : [note(forTerminal(serverWords.others(others)))]),
    note(`${serverWords.memory}: ${serverWords.memoryHelp}`),
    ...memoryWords(memory).map((line) => note(`   ${forTerminal(line)}`)),
    note(`${serverWords.sees}:`),
    ...serverWords.seen.map((line) => note(`   ${line}`)),
    note(serverWords.seenHelp),
  ]
}
