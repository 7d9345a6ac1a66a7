/** Does what somebody typed behind a slash, or says why not. Nothing of it is sent. */
import type { Typed } from '@qsec/client/commands'
import type { PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { slashWords } from '../words/commands.ts'
import { byPerson, isYou } from '../words/people.ts'
import type { RoomView } from './list.ts'

/** @returns why it was not done, in words; undefined where it was */
export async function runSlash(
  typed: Exclude<Typed, { type: 'text' }>,
  snapshot: RoomSnapshot,
  client: RoomClient,
  view: RoomView,
): Promise<string | undefined> {
  if (typed.type === 'unknown') return slashWords.unknown(typed.name)
  const { name, rest } = typed
  switch (name) {
    case 'me':
      return slashWords.meNothing
    case 'nick':
      return slashWords.nick
    case 'help':
      view.openKeys()
      return undefined
    case 'search':
      view.openSearch(rest)
      return undefined
    case 'clear':
      if (!view.cleared.on) view.cleared.switch()
      return undefined
    case 'invite':
      if (snapshot.invitePath === undefined && !snapshot.agreement?.may.admit) return slashWords.inviteNo
      view.openInvite()
      return undefined
    case 'leave':
      view.openLeave()
      return undefined
    case 'verify':
      return verify(rest, snapshot.people, view)
    case 'lock':
    case 'unlock':
      return lock(name === 'lock', snapshot, client)
    case 'title':
      return entitle(rest, snapshot, client)
  }
}

/** With a name, that person; of several of that name the list, where they are told apart. */
function verify(name: string, people: readonly PersonView[], view: RoomView): string | undefined {
  const wanted = name.replace(/^@/u, '').toLocaleLowerCase()
  const others = byPerson(people)
    .map(({ person }) => person)
    .filter((person) => !isYou(person))
  const named = others.filter((person) => person.name.toLocaleLowerCase() === wanted)
  const meant = named.length > 0 ? named : others.filter((one) => one.name.toLocaleLowerCase().startsWith(wanted))
  if (wanted !== '' && meant.length === 0) return slashWords.verifyNobody(name)
  view.openVerify(wanted !== '' && meant.length === 1 ? meant[0]!.device : undefined)
  return undefined
}

async function lock(on: boolean, { phase, agreement }: RoomSnapshot, client: RoomClient): Promise<string | undefined> {
  if (phase.at !== 'member' || !agreement) return slashWords.notNow
  if (!agreement.may.change) return slashWords.lockNo
  if (agreement.locked === on) return on ? slashWords.locked : slashWords.unlocked
  await client.changeRoom({ locked: on })
  return undefined
}

/** Without words it takes nothing away: that is done where the name stands. */
async function entitle(
  title: string,
  { phase, agreement }: RoomSnapshot,
  client: RoomClient,
): Promise<string | undefined> {
  if (phase.at !== 'member' || !agreement) return slashWords.notNow
  if (!agreement.may.change) return slashWords.titleNo
  if (title === '') return slashWords.titleNone
  await client.changeRoom({ title })
  return undefined
}
