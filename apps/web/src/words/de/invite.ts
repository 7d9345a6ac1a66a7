/** German: `../invite.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const inviteWords: Catalogue['inviteWords'] = {
  title: 'Leute einladen',
  link: 'Einladungslink',
  copy: 'Link kopieren',
  copied: 'Kopiert',
  notCopied: 'Dieser Browser lässt die Seite nicht kopieren. Der Link ist markiert: Kopiere ihn mit der Tastatur.',
  qr: 'QR-Code',
  noQr: 'Der QR-Code konnte nicht gezeichnet werden; der Link selbst geht.',
  close: 'Schließen',
  waiting: 'Es wird auf jemanden gewartet',
  waitingHelp: 'Schick diesen Link denen, die du hier haben willst. Diese Seite wird zum Chat, sobald jemand kommt.',
  localhostOnly: 'Nur dieser Computer kann diesen Link öffnen: Seine Adresse ist localhost.',
  localhostHelp:
    'Für Leute in diesem Netz starte den Server mit `npm start -- --lan`, für andere mit `npm start -- --public`, und öffne den Raum dort.',
  guide: 'Telefone und Computer, die noch nie hier waren, öffnen zuerst einmal diese Adresse:',
  none: 'Dieser Raum hat gerade keinen gültigen Einladungslink. Jemand wurde entfernt, oder der Link ist beendet; ein neuer wird gemacht.',
  gives: (kind) =>
    kind === 'open'
      ? 'Das ist ein offener Raum: Seine Adresse ist alles, was man braucht, um hereinzukommen, und wer den Server betreibt, könnte auch hinein.'
      : 'Wer diesen Link hat, kann hereinkommen und liest von da an mit, nicht was vorher gesagt wurde. Er lässt viele Leute herein und endet nach 7 Tagen.',
  keep: 'Was hinter # steht, ist der Schlüssel. Er erreicht den Server nie; schick den Link also über einen Weg, dem du vertraust.',
}
