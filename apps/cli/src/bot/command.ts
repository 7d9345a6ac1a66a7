/** `qsec bot`: a room for programs, one JSON line for each event and each order. */
import { createInterface } from 'node:readline'
import { cleanName } from '@qsec/client'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags, wholeNumber } from '../flags.ts'
import { say, sayError } from '../output.ts'
import { enter } from '../room/enter.ts'
import { readLink } from '../room/link.ts'
import type { RoomEnd } from '../room/waiting.ts'
import { folderSecret, passphraseFrom, secretFlags } from '../secret-input.ts'
import { untilSignal } from '../until-signal.ts'
import { Bot } from './bot.ts'
import type { BotEvent } from './events.ts'
import { readJsonLine, readTextLine } from './orders.ts'
import { eventWords } from './words.ts'

const personsAtMost = 1_000

export const bot: Command = {
  help: `qsec bot LINK [options]: joins a room, tells what happens on stdout, and sends what it reads on stdin.

LINK is the whole invite link http://host/room/<id>#v1.<secret>, or the address of an open room
http://host/room/<word>. Quote it. It stands in the list of processes of this machine while the bot runs.

  --name NAME     how others see it (default Bot)
  --json          JSON lines on stdout and stdin instead of text
  --echo          answers each message of others with "echo: " and its text; never one that begins with "echo:"
  --once          ends when stdin has ended, everything read from it was sent and somebody has taken the files
  --data FOLDER   keeps the device in FOLDER, and comes back as the same device (its name too)
  --passphrase-file FILE, --recovery-code-file FILE
                  what opens FOLDER, on the first line of FILE, where a passphrase protects it (qsec device protect)
  --create-token-file FILE
                  the token of whoever runs the server, on the first line of FILE, where it asks who makes rooms
  --expected N    persons expected, where this bot is the first in an open room
  --knock         for the address of a closed room without its link: asks to be let in, which waits for somebody's yes

Events, with --json one a line, each with "event" and:
  connection  state: connected | reconnecting | offline
  phase       at: connecting | waiting (anyoneHere) | knocking (code) | member | rejoining | left | removed | ended |
              refused (code, message)
  message     key, from {device, name}, own, text, atMs (by the author's clock), state: received | held | sending | …;
              lifetimeS where it disappears: seconds after it was told here, or sent
  note        key, with, from {device, name}, own, text, atMs, state: received | sending | sent | delivered |
              not-delivered; words for one
              person alone. Told again when the state changes
  note-refused  to, problem: such words were not taken
  file        id, name, state: absent | coming | here | failed (reason): how far a file of a message has come on this
              device. Small files come by themselves. A message has files [{id, name, size, kind}]
  file-saved  id, path
  file-refused  problem: an order about a file was not carried out
  state       an own message has come further: key, state: sent | delivered | not-sent (problem), deliveredTo, meantFor
  system      type, atMs and who: created, you-joined, joined, let-in, device-added, device-removed, left, removed,
              rejoined, keys-refreshed (label), eavesdropper-switched (on), eavesdropper-detected (link, qber), gap
              (fromSeq, toSeq), unreadable (reason), split-view, keys-changed (person, wasVerified), compared (matched),
              relay-restarted, relay-restored, relay-restarting, caught-up (from), room-locked (on), admit-by-set
              (admitBy), earlier-given (to, count), log-deleted (lines),
              capacity-set (capacity), keep-sealed-set (days), lifetime-set (seconds), title-set (title), gone-unseen,
              quantum-policy-set (quantum: offered | required),
              admin-set (on), owner-set, room-ended, successor
  successor   by, path: who led this open room closed it and invites the bot to the closed room at path, a link for this
              bot alone. It holds a secret: keep it out of logs. Text output never has it
  knocks      knocks [{device, code, byLink, own}]: who waits for somebody's yes, as their own screens show the code
  people      people [{device, name, self, present, trust}]; a name is empty until its owner's signature has arrived;
              trust: self | new | seen | verified | changed
  room-code   epoch, digits: the same on all screens of that epoch, for comparing over another channel
  hold        waitsFor: others | fewer | away | exchange | nothing, people: the room requires quantum keys
              (simulated) and has none
  label       label: post-quantum | quantum (simulated) | quantum (hardware), linksCovered, linksInAll
  link        between [{device, name}, …], state: none | waiting | running | completed | aborted (reason), qber (ratio),
              qberInterval, keyBits
  server      atMs, tables [{table, rows, withheld, sealedBytes}], others, keeps, memory, owner: what the server says
              that it has stored about the room, and for how long (docs/protocol.md, fetch_room_tables)
  server-rows  table, columns, rows, more: up to 1,000 rows of one of those tables, as its database has them
  server-refused  problem: it did not tell
More events and more fields may come in later versions: pass over what you do not know.

Without --json each line is a message, and "/to NAME TEXT" one for that person alone. Orders, with --json one a line:
  {"file":"path"}   {"file":"path","text":"words to it"}   {"save":"<file id>","to":"new file, or folder"}
  {"text":"hello"}   {"text":"for you","to":"<device>"}   {"text":"soon gone","lifetimeS":3600}
  {"eavesdropper":true}   {"keyExchange":true}   {"leave":true}
  {"server":true}   {"server":"<table>"}   what the server has stored about the room
A line that is not understood is named on stderr, and the bot goes on. Lines wait until the bot is in the room.

Ctrl-C and SIGTERM end it with 0; the device stays a member, which without --data can never come back, so {"leave":true}
is the polite end of such a bot. Leaving makes new keys, and ends the present invite link with them.
Removed or refused, or once the room was ended for all, it ends with 1 and says why.

Examples:
  qsec bot 'http://localhost:5000/room/lab1' --name Echo --echo
  echo 'The build is green.' | qsec bot "$LINK" --name CI --once --data ~/.qsec-ci
  qsec bot "$LINK" --json | jq -r 'select(.event == "message") | .from.name + ": " + .text'`,

  async run(args) {
    const { values, positionals } = readFlags(
      'bot',
      args,
      {
        name: { type: 'string' },
        json: { type: 'boolean', default: false },
        echo: { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        data: { type: 'string' },
        expected: { type: 'string' },
        'create-token-file': { type: 'string' },
        ...secretFlags,
        knock: { type: 'boolean', default: false },
      },
      1,
    )
    const [text] = positionals
    if (text === undefined) throw new UsageError('Which room? qsec bot LINK. See: qsec bot --help')
    const link = readLink(text)
    const name = cleanName(values.name ?? link.name ?? 'Bot')
    if (name === '') throw new UsageError('--name has nothing that can be shown.')
    const expected = values.expected ?? link.expected
    const createToken = passphraseFrom('--create-token-file', values['create-token-file'])
    const signalled = untilSignal().then((): RoomEnd => ({ ok: true }))
    const { room, storage } = await enter(link, {
      name: async () => name,
      knocks: values.knock,
      ...(expected === undefined ? {} : { expected: wholeNumber('--expected', expected, 1, personsAtMost) }),
      ...(values.data === undefined ? {} : { folder: pathFromHere(values.data) }),
      ...(createToken === undefined ? {} : { createToken }),
      secret: () => folderSecret(values),
      locked: (values['passphrase-file'] ?? values['recovery-code-file']) !== undefined,
    })
    const bot = new Bot(room, values.json ? sayJson : sayWords, values.echo)
    const read = obey(bot, values.json)
    const end = await Promise.race([bot.ended, signalled, ...(values.once ? [read.then(() => bot.settled())] : [])])
    await bot.close()
    await storage.close()
    if (!end.ok) throw new CommandFailed(end.why)
    return 0
  },
}

function sayJson(event: BotEvent): void {
  say(JSON.stringify(event))
}

function sayWords(event: BotEvent): void {
  const words = eventWords(event)
  if (words !== undefined) say(words)
}

/** Resolves once stdin has ended and all of its orders were carried out. */
async function obey(bot: Bot, json: boolean): Promise<void> {
  let number = 0
  process.stdin.on('error', () => process.stdin.destroy()) // a stdin that breaks has ended
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    const order = json ? readJsonLine(line) : readTextLine(line)
    if (order.type === 'not-understood') sayError(`Line ${number} was left out: ${order.problem}.`)
    await bot.take(order)
  }
}
