/** German: `../home.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const homeWords: Catalogue['homeWords'] = {
  title: 'QSEC',
  sentence:
    'Ein privater Gruppenchat im Browser. Nur die Leute in einem Raum können ihn lesen; der Server, der ihn befördert, kann es nicht.',
  name: 'Dein Name',
  nameMissing: 'Gib einen Namen ein; die anderen im Raum werden ihn sehen.',
  room: 'Raum-ID',
  roomHint: 'Ein Wort macht oder betritt einen offenen Raum. Ein Einladungslink geht hier auch.',
  roomNotUnderstood:
    'Eine Raum-ID hat 1 bis 20 Buchstaben, Ziffern, Bindestriche oder Unterstriche. Ein ganzer Einladungslink geht auch.',
  roomElsewhere: (host) =>
    `Dieser Link führt zu einem anderen Server, ${isolated(host)}. Öffne ihn in einem eigenen Tab.`,
  expected: 'Erwartete Personen',
  expectedHint: 'Mehr als diese lässt der Raum nicht herein.',
  expectedBad: 'Gib eine ganze Zahl von 1 bis 1.000 ein, oder lass das Feld leer.',
  optional: 'freiwillig',
  create: 'Raum anlegen',
  join: 'Raum betreten',
  creating: 'Die Schlüssel deines Raums werden gemacht…',
  noRoom: 'Der Raum konnte nicht angelegt werden.',
  seesTitle: 'Was der Server sieht',
  sees: 'Welche Geräte wann mit welchem Raum verbunden sind, und wie viel sie senden. Nie, was du schreibst, und nicht deinen Namen.',
  openIsOpen:
    'Ein offener Raum lässt jeden herein, der sein Wort kennt, und wer den Server betreibt, könnte auch hinein.',
  device: 'Dieses Gerät',
  about: 'Über diese Seite',
  closedIsClosed: 'Du bekommst einen geschlossenen Raum: Nur sein Link öffnet ihn.',
}
