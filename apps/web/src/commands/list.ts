/** All that can be done in a room, by name: what the palette lists and what slash commands call. */
import { bare } from '../bare.ts'
import type { PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { commandWords } from '../words/commands.ts'
import { byPerson, isYou, type Namer } from '../words/people.ts'
import { roomWords } from '../words/room.ts'
import { chooseEnter, enterSends } from './enter.ts'
import type { Fullscreen } from './fullscreen.ts'
import type { ShortcutId } from './shortcuts.ts'

type Device = PersonView['device']

/** What the page does for commands. */
export interface RoomView {
  openSearch(query?: string): void
  openDay(): void
  openInvite(): void
  openVerify(device?: Device): void
  openPerson(device: Device): void
  openKeys(): void
  openLeave(): void
  openCloseRoom(): void
  /** Absent where the page has no such place. */
  openDevice?: (() => void) | undefined
  openExport?: (() => void) | undefined
  editLast(): void
  details: { on: boolean; switch(): void }
  cleared: { on: boolean; switch(): void }
  latest(): void
}

export interface Command {
  id: string
  name: string
  shortcut?: ShortcutId
  /** Listed only where something is looked for: there may be hundreds. */
  many?: true
  /** What rejects is told to the person. */
  run(): unknown
}

export function roomCommands(
  snapshot: RoomSnapshot,
  client: RoomClient,
  view: RoomView,
  fullscreen: Fullscreen | undefined,
  nameOf: Namer,
): Command[] {
  const { phase, agreement, quantum, reading, trust, kind } = snapshot
  const inside = phase.at === 'member'
  const ended = phase.at === 'ended'
  const list: (Command | false | undefined)[] = [
    { id: 'search', name: commandWords.search, shortcut: 'search', run: () => view.openSearch() },
    { id: 'day', name: commandWords.day, run: view.openDay },
    { id: 'latest', name: commandWords.latest, run: view.latest },
    inside && { id: 'edit', name: commandWords.editLast, run: view.editLast },
    !ended && { id: 'invite', name: commandWords.invite, run: view.openInvite },
    !ended && {
      id: 'details',
      name: view.details.on ? commandWords.closeDetails : commandWords.openDetails,
      run: view.details.switch,
    },
    inside && { id: 'verify', name: commandWords.verify, run: () => view.openVerify() },
    { id: 'keys', name: commandWords.keys, shortcut: 'keys', run: view.openKeys },
    fullscreen && {
      id: 'fullscreen',
      name: fullscreen.on ? roomWords.endFullscreen : roomWords.fullscreen,
      run: fullscreen.switch,
    },
    {
      id: 'enter',
      name: enterSends() ? commandWords.enterBreaks : commandWords.enterSends,
      run: () => chooseEnter(!enterSends()),
    },
    {
      id: 'clear',
      name: view.cleared.on ? commandWords.unclear : commandWords.clear,
      run: view.cleared.switch,
    },
    inside &&
      agreement?.may.change && {
        id: 'lock',
        name: agreement.locked ? commandWords.unlock : commandWords.lock,
        run: () => client.changeRoom({ locked: !agreement.locked }),
      },
    inside &&
      snapshot.people.length > 1 && {
        id: 'exchange',
        name: commandWords.exchange,
        run: () => client.runKeyExchange(),
      },
    inside && {
      id: 'eavesdropper',
      name: quantum.eavesdropper.on ? commandWords.eavesdropperOff : commandWords.eavesdropperOn,
      run: () => client.switchEavesdropper(!quantum.eavesdropper.on),
    },
    inside && {
      id: 'typing',
      name: reading.tellsTyping ? commandWords.typingOff : commandWords.typingOn,
      run: () => client.tellAware('typing', !reading.tellsTyping),
    },
    inside && {
      id: 'read',
      name: reading.tellsRead ? commandWords.readOff : commandWords.readOn,
      run: () => client.tellAware('read', !reading.tellsRead),
    },
    inside && {
      id: 'profile',
      name: trust.tellsProfile ? commandWords.profileOff : commandWords.profileOn,
      run: () => client.tellProfile(!trust.tellsProfile),
    },
    inside && {
      id: 'link',
      name: commandWords.linkDevice,
      run: async () => {
        await client.linkDevice()
        if (!view.details.on) view.details.switch()
      },
    },
    view.openExport && { id: 'export', name: commandWords.exportRoom, run: view.openExport },
    view.openDevice && { id: 'device', name: commandWords.device, run: view.openDevice },
    inside &&
      kind === 'open' &&
      agreement?.may.lead && { id: 'close', name: commandWords.closeRoom, run: view.openCloseRoom },
    !ended && { id: 'leave', name: commandWords.leave, run: view.openLeave },
    ...(inside ? byPerson(snapshot.people) : [])
      .filter(({ person }) => !isYou(person))
      .flatMap(({ person }): Command[] => [
        {
          id: `person ${person.device}`,
          name: commandWords.person(nameOf(person)),
          many: true,
          run: () => view.openPerson(person.device),
        },
        {
          id: `verify ${person.device}`,
          name: commandWords.verifyPerson(nameOf(person)),
          many: true,
          run: () => view.openVerify(person.device),
        },
      ]),
  ]
  return list.filter((one) => one !== false && one !== undefined)
}

/** Those whose names hold every word, the best first: that begin with it, then with a word that does. */
export function matching(commands: readonly Command[], query: string): readonly Command[] {
  const words = bare(query).split(/\s+/u).filter(Boolean)
  if (words.length === 0) return commands.filter(({ many }) => !many)
  const ranked = commands.flatMap((command, at) => {
    const name = bare(command.name)
    if (!words.every((word) => name.includes(word))) return []
    const rank = name.startsWith(words[0]!) ? 0 : name.includes(` ${words[0]!}`) ? 1 : 2
    return [{ command, rank, at }]
  })
  return ranked.sort((a, b) => a.rank - b.rank || a.at - b.at).map(({ command }) => command)
}
