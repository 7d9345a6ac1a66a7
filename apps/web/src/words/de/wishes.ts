/** German: `../wishes.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const wishNames: Catalogue['wishNames'] = {
  invite: 'Einen Link machen',
  'end-link': 'Einen Link beenden',
  'let-in': 'Jemanden hereinlassen',
  'put-out': 'Jemanden hinaussetzen',
  'remove-device': 'Ein Gerät von dir entfernen',
  settings: 'Den Raum ändern',
  admin: 'Ändern, wer die Verwaltung hat',
  owner: 'Den Raum übergeben',
  end: 'Den Raum beenden',
}

export const wishWords: Catalogue['wishWords'] = {
  title: 'Was auf die Verbindung wartet',
  waits: (what) => `${what}: wartet auf die Verbindung.`,
  help: 'Das geht von selbst hinaus, sobald die Verbindung wieder da ist, höchstens einen Tag lang und solange diese Seite offen bleibt.',
  cancel: 'Abbrechen',
  cancelLabel: (what) => `Abbrechen: ${what}`,
  onItsWay: 'Es ist vielleicht schon unterwegs und lässt sich nicht mehr zurücknehmen.',
}
