/** German: `../find.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const findWords: Catalogue['findWords'] = {
  title: 'Nachrichten durchsuchen',
  field: 'Gesuchte Wörter',
  hint: 'Wörter oder Namen; „in Anführungszeichen“ für Wörter nebeneinander.',
  results: 'Gefundene Nachrichten',
  close: 'Schließen',
  stop: 'Anhalten',
  again: 'Noch einmal versuchen',
  more: 'Weitere Ergebnisse zeigen',
  since: (day) => `Umfasst Nachrichten seit ${day} auf diesem Gerät.`,
  stays: 'Die Suche läuft hier: Der Server erfährt nichts davon.',
  sinceNothing: 'Dieses Gerät hat noch keine Nachrichten dieses Raums.',
  quotedToo: 'Was andere aus der Zeit vor deinem Kommen geteilt haben, wird nicht durchsucht.',
  looking: 'Es wird gesucht',
  looked: (looked, of) => `${wholeNumber(looked)} von ${wholeNumber(of)} Nachrichten durchsucht`,
  foundSoFar: (count) => counted(count, { one: 'Bisher # Nachricht gefunden', other: 'Bisher # Nachrichten gefunden' }),
  found: (count) => counted(count, { one: '# Nachricht gefunden', other: '# Nachrichten gefunden' }),
  stopped: (count) =>
    counted(count, { one: 'Angehalten. # Nachricht gefunden', other: 'Angehalten. # Nachrichten gefunden' }),
  nothing: 'Nichts gefunden.',
  nothingHelp:
    'Versuch es mit weniger Wörtern oder einem Teil eines Worts. Akzente und Großschreibung spielen keine Rolle.',
  failed: 'Die Nachrichten auf diesem Gerät konnten nicht gelesen werden.',
  coming: 'Die Nachricht wird von diesem Gerät geholt…',
  gone: 'Diese Nachricht ist nicht mehr auf diesem Gerät.',
  day: 'Zu einem Tag springen',
  dayField: 'Tag',
  dayGo: 'Zu diesem Tag gehen',
  dayMissing: 'Wähle zuerst einen Tag.',
  dayNext: (wanted, next) => `Am ${wanted} wurde nichts geschrieben. Die nächste Nachricht ist vom ${next}.`,
  dayNextGo: (next) => `Zum ${next} gehen`,
  dayNothing: (wanted) => `Am ${wanted} oder später wurde nichts geschrieben.`,
  dayOf: (day) => `${day}: zu einem anderen Tag springen`,
}
