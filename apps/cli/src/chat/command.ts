/** `qsec chat`: a room for a person in a terminal. */
import { cleanName } from '@qsec/client'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags, wholeNumber } from '../flags.ts'
import { enter } from '../room/enter.ts'
import { readLink } from '../room/link.ts'
import type { RoomEnd } from '../room/waiting.ts'
import { folderSecret, passphraseFrom, secretFlags } from '../secret-input.ts'
import { untilSignal } from '../until-signal.ts'
import { askName } from './ask-name.ts'
import { Chat } from './chat.ts'
import { note } from './lines.ts'
import { openScreen, type Screen } from './screen.ts'
import { completionsOf } from './typed.ts'
import { othersIn } from './whom.ts'

const personsAtMost = 1_000
/** So long a person who ends the program waits for what is on its way. */
const graceMs = 3_000

export const chat: Command = {
  help: `qsec chat LINK [options]: a room in this terminal. What you type is sent; what others say comes above it.

LINK is the whole invite link http://host/room/<id>#v1.<secret>, or the address of an open room
http://host/room/<word>. Quote it. It stands in the list of processes of this machine while the chat runs.

  --name NAME     how others see you; without it you are asked
  --data FOLDER   keeps your device in FOLDER, and comes back as the same person (the name too); without it the device
                  is gone with this program, and stays in the room as somebody who is away
  --plain         one line after the other, without colours and without touching what was written: for screen readers.
                  So it is too where stdin or stdout is no terminal. NO_COLOR takes the colours alone
  --passphrase-file FILE, --recovery-code-file FILE
                  what opens FOLDER, on the first line of FILE, where a passphrase protects it (qsec device protect)
  --create-token-file FILE
                  the token of whoever runs the server, on the first line of FILE, where it asks who makes rooms
  --expected N    persons expected, where you are the first in an open room
  --knock         for the address of a closed room without its link: asks to be let in, which waits for somebody's yes

Lines that begin with a slash are commands, and never sent; /help lists them all:
  /people  /to NAME TEXT  /reply TEXT  /me TEXT  /send FILE  /save FILE-NAME  /search WORDS  /invite  /verify NAME
  /keys  /server  /leave  /quit  //TEXT says /TEXT. The Tab key completes commands and names.
Own messages: [Sending], [Sent] and [Delivered] stand before the line that you type; with --plain each is a line.
✓ behind a name: you verified that person. Quantum links are simulated, and everything made by them says so.

Ctrl-C, Ctrl-D and /quit end the chat, and you stay a member; /leave leaves the room for good, which makes new keys and
ends the present invite link with them. Where stdin is no terminal, its end sends everything first.
It ends with 0; removed or refused, or once the room was ended for all, with 1, and says why.

Examples:
  qsec chat 'http://localhost:5000/room/lab1' --name Ana
  qsec chat "$LINK" --data ~/.qsec-ana
  echo 'The build is green.' | qsec chat "$LINK" --name CI --data ~/.qsec-ci`,

  async run(args) {
    const { values, positionals } = readFlags(
      'chat',
      args,
      {
        name: { type: 'string' },
        plain: { type: 'boolean', default: false },
        data: { type: 'string' },
        expected: { type: 'string' },
        'create-token-file': { type: 'string' },
        ...secretFlags,
        knock: { type: 'boolean', default: false },
      },
      1,
    )
    const [text] = positionals
    if (text === undefined) throw new UsageError('Which room? qsec chat LINK. See: qsec chat --help')
    const link = readLink(text)
    const given = values.name ?? link.name
    const name = given === undefined ? undefined : cleanName(given)
    if (name === '') throw new UsageError('--name has nothing that can be shown.')
    const expected = values.expected ?? link.expected
    const createToken = passphraseFrom('--create-token-file', values['create-token-file'])
    const { room, storage } = await enter(link, {
      name: async () => name ?? askName(),
      knocks: values.knock,
      ...(expected === undefined ? {} : { expected: wholeNumber('--expected', expected, 1, personsAtMost) }),
      ...(values.data === undefined ? {} : { folder: pathFromHere(values.data) }),
      ...(createToken === undefined ? {} : { createToken }),
      secret: () => folderSecret(values),
      locked: (values['passphrase-file'] ?? values['recovery-code-file']) !== undefined,
    })
    const screen = openScreen({
      plain: values.plain,
      complete: (line) =>
        completionsOf(
          line,
          othersIn(room.snapshot).map((person) => person.name),
        ),
    })
    const chat = new Chat(room, screen, link.relayUrl)
    const end = await talk(chat, screen)
    screen.close()
    if (end.ok && room.snapshot.phase.at !== 'left') screen.say([note(farewell(values.data !== undefined))])
    await chat.close()
    await storage.close()
    if (!end.ok) throw new CommandFailed(end.why)
    return 0
  },
}

/** Until the room is over for this device, or this person goes. */
async function talk(chat: Chat, screen: Screen): Promise<RoomEnd> {
  const signalled = untilSignal().then((): RoomEnd => ({ ok: true }))
  const read = screen.read((line) => chat.take(line))
  const gone = await Promise.race([chat.ended, signalled, read.then((): 'quit' => 'quit')])
  if (gone !== 'quit') return gone
  if (!screen.asks) return Promise.race([chat.finish(), signalled])
  // What a person says last is sent too; what cannot be for now does not keep them.
  const late = new Promise<RoomEnd>((resolve) => setTimeout(() => resolve({ ok: true }), graceMs).unref())
  return Promise.race([chat.finish().then((): RoomEnd => ({ ok: true })), signalled, late])
}

function farewell(kept: boolean): string {
  return kept
    ? 'You are still a member of the room: the same command brings you back.'
    : 'This device was not kept, so it cannot come back. Next time, --data FOLDER keeps it, and /leave takes it out of the room.'
}
