/** German: `../details.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const detailsWords: Catalogue['detailsWords'] = {
  open: 'Details',
  title: 'Über diese Nachricht',
  written: 'Geschrieben',
  edited: 'Geändert',
  delivery: 'Wie weit sie kam',
  close: 'Schließen',
}

export const removeWords: Catalogue['removeWords'] = {
  title: 'Diese Nachricht löschen?',
  help: 'Sie verschwindet von den Geräten aller im Raum, sobald sie wieder verbunden sind. Wer sie gelesen hat, hat sie gelesen, und wer sie kopiert hat, behält die Kopie.',
  yes: 'Für alle löschen',
  no: 'Behalten',
  privateHelp:
    'Sie wird von deinen Geräten und denen der anderen Person entfernt, sobald sie wieder verbunden sind. Wer sie gelesen hat, hat sie gelesen, und wer sie kopiert hat, behält die Kopie.',
  privateYes: 'Für beide löschen',
  failed: 'Die Nachricht wurde nicht gelöscht.',
}
