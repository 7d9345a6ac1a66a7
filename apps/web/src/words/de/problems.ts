/** German: `../problems.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const problemWords: Catalogue['problemWords'] = {
  unexpected: 'Auf dieser Seite ist etwas schiefgegangen. Wenn es nicht weitergeht, lade die Seite neu.',
  dismiss: 'Ausblenden',
  broken: 'Diese Seite ist stehen geblieben',
  brokenHelp:
    'Ein Fehler in der Seite selbst. Was du gesendet hast, ist sicher gespeichert; nach dem Neuladen bist du wieder im Raum.',
  reload: 'Seite neu laden',
  noVerify: 'Die Prüfung konnte nicht vermerkt werden.',
  noTell: 'Der Schalter ließ sich nicht umlegen.',
  noSend: 'Die Nachricht konnte nicht gespeichert werden und steht darum wieder im Feld.',
  noRetry: 'Die Nachricht konnte nicht noch einmal gesendet werden.',
  noDelete: 'Die Nachricht konnte nicht gelöscht werden.',
  noSwitch: 'Das Abhören konnte nicht umgeschaltet werden.',
  noLeave: 'Der Raum konnte nicht verlassen werden.',
  noPart:
    'Ein Teil dieser Seite konnte nicht geladen werden, oder er wurde verändert und läuft darum nicht. Prüfe die Verbindung und lade die Seite neu. Wenn es so bleibt, sag es denen, die diesen Server betreiben.',
  noRun: 'Der Schlüsselaustausch konnte nicht gestartet werden.',
}
