/** German: `../devices.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { clock } from '../devices.ts'
import { dateAndTime } from '../time.ts'

export const devicesWords: Catalogue['devicesWords'] = {
  title: 'Deine Geräte',
  help: 'Jedes liest und schreibt hier unter deinem Namen, mit eigenen Schlüsseln.',
  list: 'Deine Geräte in diesem Raum',
  this: 'Dieses Gerät',
  other: 'Ein anderes Gerät',
  code: 'Code',
  facts: (state, when, label) => `${state}, ${when}, ${label}`,
  added: (atMs) => `hinzugefügt ${dateAndTime(atMs)}`,
  remove: 'Dieses Gerät entfernen',
  removeOf: (code) => `Dieses Gerät entfernen, Code ${code}`,
  removeTitle: 'Dieses Gerät aus dem Raum entfernen?',
  removeHelp: (code) => [
    `Das Gerät mit dem Code ${code} ist sofort aus diesem Raum und löscht, was es von ihm hat, sobald es davon erfährt.`,
    'Für alle anderen werden neue Schlüssel gemacht, und alle Einladungslinks enden.',
  ],
  removeYes: 'Entfernen und neue Schlüssel machen',
  cancel: 'Abbrechen',
  link: 'Ein anderes Gerät verbinden',
}

export const linkDeviceWords: Catalogue['linkDeviceWords'] = {
  title: 'Ein anderes Gerät verbinden',
  help: 'Öffne diesen Link auf deinem anderen Gerät, oder scanne den Code mit seiner Kamera. Es kommt unter deinem Namen in diesen Raum.',
  danger: 'Wer ihn zuerst öffnet, wird in diesem Raum zu dir. Zeig ihn niemandem und schick ihn niemandem.',
  making: 'Der Link wird gemacht…',
  field: 'Gerätelink',
  gives: 'Er gilt für ein Gerät und endet, wenn du dies hier schließt.',
  left: (ms) => `Endet in ${clock(ms)}`,
  taken: 'Dein anderes Gerät hat den Link genommen und bittet um Einlass',
  takenHelp: 'Warst du das nicht? Drück auf „Abbrechen“: Dann kommt mit diesem Link niemand herein.',
  in: 'Es ist da',
  inHelp: 'Dein anderes Gerät liest und schreibt hier von nun an mit. Was vorher gesagt wurde, bleibt auf diesem.',
  over: 'Der Link ist beendet',
  overHelp: 'Ein Link gilt zehn Minuten lang und für ein Gerät.',
  again: 'Einen neuen Link machen',
  cancel: 'Abbrechen',
  close: 'Schließen',
}
