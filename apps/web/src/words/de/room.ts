/** German: `../room.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const roomWords: Catalogue['roomWords'] = {
  invite: 'Einladen',
  details: 'Raumdetails',
  side: 'Über diesen Raum',
  backToMessages: 'Zurück zu den Nachrichten',
  messages: 'Nachrichten',
  message: 'Nachricht',
  send: 'Senden',
  earlier: 'Frühere zeigen',
  latest: 'Zu den neuesten',
  toUnread: 'Zu den ungelesenen',
  unread: 'Neue Nachrichten',
  newMessages: (count) => counted(count, { one: '# neue Nachricht', other: '# neue Nachrichten' }),
  retry: 'Noch einmal',
  delete: 'Löschen',
  delivered: (to, of) =>
    `${wholeNumber(to)} von ${wholeNumber(of)} ${of === 1 ? 'Gerät' : 'Geräten'} ${to === 1 ? 'hat' : 'haben'} sie`,
  oddTime: 'Zeit des Servers',
  oddTimeHelp:
    'Die Uhr des Absenders sagt eine Zeit, die nicht sein kann; darum steht hier, wann der Server die Nachricht annahm.',
  kind: (kind, locked = false) =>
    `${kind === 'open' ? 'Offener Raum' : 'Geschlossener Raum'}${locked ? ', abgesperrt' : ''}`,
  search: 'Suchen',
  commands: 'Befehle',
  fullscreen: 'Vollbild',
  endFullscreen: 'Vollbild verlassen',
  noFullscreen: 'Der Browser gibt nicht den ganzen Bildschirm.',
  toDay: 'Zu einem anderen Tag',
  removed: 'Du wurdest entfernt',
  ended: 'Beendet',
  kindHelp: (kind) =>
    kind === 'open'
      ? 'Offener Raum: Wer die Adresse hat, wird hereingelassen, und wer den Server betreibt, könnte auch hinein.'
      : 'Geschlossener Raum: Nur der Einladungslink öffnet ihn.',
  epochTitle: (epoch) => `Epoche ${epoch}: die Schlüssel, die den Raum jetzt schützen`,
  roomLog: 'Raumprotokoll',
  roomLogHelp:
    'Was der Server über diesen Raum aufgeschrieben hat, auf Englisch: Fingerabdrücke, Zeiten und Größen. Kein Name, kein Text.',
  roomLogEmpty: 'Noch ist nichts aufgeschrieben.',
  leave: 'Raum verlassen',
  leaveTitle: 'Diesen Raum verlassen?',
  leaveHelp:
    'Seine Schlüssel und Nachrichten werden aus diesem Browser gelöscht. Zurück geht es nur mit einer Einladung, als neues Mitglied.',
  leaveAlone: 'Niemand sonst ist drinnen: Der Raum endet mit dir.',
  leaveOthers: 'Deine anderen Geräte bleiben im Raum.',
  leaveYes: 'Verlassen und löschen',
  stay: 'Bleiben',
}

export const connectionWords: Catalogue['connectionWords'] = (connection) =>
  ({ connected: 'Verbunden', reconnecting: 'Verbindet neu…', offline: 'Offline' })[connection]

export const connectionHelp: Catalogue['connectionHelp'] = (connection) =>
  ({
    connected: undefined,
    reconnecting:
      'Die Verbindung ist weg und wird neu versucht. Was du schreibst, wird aufbewahrt und geht von selbst hinaus.',
    offline: 'Kein Netz. Was du schreibst, bleibt auf diesem Gerät und geht hinaus, sobald du wieder verbunden bist.',
  })[connection]

export const catchUpWords: Catalogue['catchUpWords'] = {
  making: 'Der Server wurde neu gestartet. Die anderen werden gefragt, ob hier etwas fehlt; gleich geht es weiter.',
  asking: 'Der Server hat etwas verloren, was gesagt wurde. Es wird von jemandem geholt, der es hat.',
  waiting: 'Etwas, was gesagt wurde, fehlt, und niemand hier hat es. Es kommt, sobald jemand da ist, der es hat.',
  skip: 'Ohne das weitermachen',
}

export const notSent: Catalogue['notSent'] = {
  'too-large': 'Sie ist zu lang für den Server. Schick sie in Teilen.',
  'rate-limited': 'Der Server bekam zu viel in zu kurzer Zeit. Versuch es in einer Minute noch einmal.',
  'no-access': 'Der Server lässt dieses Gerät hier nicht mehr schreiben.',
  unavailable: 'Der Server kann jetzt keine Nachrichten annehmen. Versuch es in einer Minute noch einmal.',
  'bad-request': 'Der Server hat sie nicht verstanden. Lade die Seite neu und versuch es noch einmal.',
  internal: 'Der Server hatte einen Fehler. Versuch es noch einmal; wenn es bleibt, sag es denen, die ihn betreiben.',
  'person-gone': 'Diese Person ist nicht mehr im Raum. Niemand hat sie bekommen.',
  'not-delivered': 'Sie hat diese Person nicht erreicht. Niemand sonst hat sie bekommen.',
  lost: 'Sie ging auf dem Weg hinaus verloren. Niemand hat sie gesehen.',
}

export const stateWords: Catalogue['stateWords'] = (state) =>
  ({
    held: 'Wartet auf Quantenschlüssel',
    sending: 'Wird gesendet',
    sent: 'Gesendet',
    delivered: 'Zugestellt',
    'not-sent': 'Nicht gesendet',
    received: undefined,
  })[state]
