/** German: `../lifetime.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { durationWords, leftWords } from '../lifetime.ts'

/** *6 Tagen*: in the dative, as behind *in* and *nach*. The other units have it alike. */
const dative = (duration: string): string => duration.replace(/\bTage$/, 'Tagen')

export const lifetimeWords: Catalogue['lifetimeWords'] = {
  label: 'Verschwindet',
  never: 'Nie',
  after: (duration) => `Nach ${dative(duration)}`,
  byRoom: (duration) => `Nach ${dative(duration)}, wie in diesem Raum`,
  waits: (duration) => `Verschwindet nach dem Sehen: ${duration}`,
  waitsOwn: (duration) => `Verschwindet nach dem Senden: ${duration}`,
  goes: (leftMs) => `Verschwindet in ${dative(leftWords(leftMs, 'long'))}`,
  goesShort: (leftMs) => leftWords(leftMs, 'narrow'),
  room: 'Verschwindende Nachrichten',
  roomOff: 'Aus',
  roomHelp:
    'Eine Nachricht wird so lange, nachdem sie gesehen wurde, gelöscht, auf jedem Gerät für sich, und eine Woche später, wo niemand sie sieht. Es gilt für das, was von nun an gesagt wird. Es kann nicht zurückholen, was jemand kopiert, fotografiert oder exportiert, und erreicht kein Gerät mit einem veränderten Programm.',
  roomSentence: (lifetimeS) =>
    `Nachrichten verschwinden, nachdem sie gesehen wurden und diese Zeit um ist: ${durationWords(lifetimeS)}.`,
}
