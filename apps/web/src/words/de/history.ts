/** German: `../history.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated } from '../locale.ts'

export const historyWords: Catalogue['historyWords'] = {
  openRoom: (room) => `Offener Raum ${isolated(room)}`,
  closedRoom: (room) => `Geschlossener Raum ${isolated(room)}`,
  notice: 'Aus QSEC exportiert. Diese Datei ist nicht verschlüsselt: Wer sie hat, kann sie lesen.',
  writtenBy: (name, date) =>
    `Geschrieben vom Gerät von ${isolated(name)} am ${date}. Die Zeiten sind UTC, nach den Uhren der Verfasser.`,
  sharedBy: (sharer) => `(sagt ${isolated(sharer)}, von wem es kommt; nicht geprüft)`,
  deleted: 'Von der Person gelöscht, die es geschrieben hat.',
  edited: 'geändert',
  disappears: (seconds) =>
    counted(seconds, {
      one: 'Verschwindet im Raum # Sekunde, nachdem sie gesehen wurde.',
      other: 'Verschwindet im Raum # Sekunden, nachdem sie gesehen wurde.',
    }),
  privateFrom: (name) => `Privat, von ${isolated(name)}: Niemand sonst im Raum konnte das lesen.`,
  privateWith: (name) => `Privat, mit ${isolated(name)}: Niemand sonst im Raum konnte das lesen.`,
  notHere: 'Eine Nachricht, die nicht in dieser Datei steht.',
  reactions: 'Reaktionen',
}
