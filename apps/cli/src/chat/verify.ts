/** `/verify`: codes to compare with somebody over another channel, and what came of it. */
import type { PersonView, RoomClient } from '@qsec/client'
import { forTerminal, type Line, note } from './lines.ts'
import { isYou, namerOf, scanWords, slashWords, verifyWords } from './page.ts'
import { whomIn } from './whom.ts'

const groupsInRow = 4

/** @param words - nothing, or a name and perhaps `same`, `different`, `pictures`, `stop` or the digits of the other side */
export async function verify(words: string, room: RoomClient): Promise<Line[]> {
  const { snapshot } = room
  if (words === '') return roomCodeLines(room)
  const meant = whomIn(words, snapshot)
  if (!meant.ok) return [note(meant.why)]
  const { person, rest } = meant
  const name = forTerminal(namerOf(snapshot.people)(person))
  const comparing = snapshot.trust.comparison?.with.person === person.person ? snapshot.trust.comparison : undefined
  switch (rest.toLowerCase()) {
    case '':
      return numberLines(room, person, name)
    case 'same':
    case 'different': {
      const matched = rest.toLowerCase() === 'same'
      if (comparing?.state.at === 'showing') await room.answerComparison(matched)
      else await room.confirm(person.device, 'number', matched)
      return matched ? [note(verifyWords.verifiedHelp)] : verifyWords.mismatchDo.map((line) => note(line))
    }
    case 'pictures':
      await (comparing?.state.at === 'asked' ? room.agreeToCompare() : room.compare(person.device))
      return []
    case 'stop':
      await room.endComparison()
      return []
    default:
      return scanned(await room.scan(person.device, rest))
  }
}

function scanned(result: Awaited<ReturnType<RoomClient['scan']>>): Line[] {
  if (result === 'match') return [note(verifyWords.verifiedHelp)]
  if (result !== 'mismatch') return [note(scanWords(result), 'warning')]
  return [verifyWords.mismatch, ...verifyWords.mismatchDo].map((line) => note(line, 'warning'))
}

function numberLines(room: RoomClient, person: PersonView, name: string): Line[] {
  const number = room.safetyNumber(person.device)
  if (!number) return [note(`The keys of ${name} have not arrived yet. Try again in a moment.`)]
  return [
    note(`${verifyWords.number} with ${name}: ${verifyWords.how(name)}`),
    ...rowsOf(number.digits).map((row) => note(`   ${row}`, 'plain')),
    note(`Are these the 60 digits that ${name} sees? /verify ${name} same, or /verify ${name} different.`),
  ]
}

function roomCodeLines({ snapshot }: RoomClient): Line[] {
  const { roomCode } = snapshot.trust
  if (!roomCode) return [note(verifyWords.roomCodeNone)]
  const nobody = !snapshot.people.some((person) => !isYou(person))
  return [
    note(`${verifyWords.roomCodeOf(roomCode.epoch)}: ${verifyWords.roomCodeHelp}`),
    ...rowsOf(roomCode.digits).map((row) => note(`   ${row}`, 'plain')),
    note(nobody ? verifyWords.nobody : `${slashWords.does.verify}`),
  ]
}

function rowsOf(digits: string): string[] {
  const groups = digits.split(' ')
  return Array.from({ length: Math.ceil(groups.length / groupsInRow) }, (_, i) =>
    groups.slice(groupsInRow * i, groupsInRow * (i + 1)).join(' '),
  )
}
