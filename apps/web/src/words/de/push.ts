/** German: `../push.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const pushWords: Catalogue['pushWords'] = {
  on: 'Rufe mich, wenn diese Seite geschlossen ist',
  help: 'Für diesen Raum auf diesem Gerät. Wenn jemand schreibt, während die Seite geschlossen ist, lässt der Server diesen Browser vom Push-Dienst seines Herstellers rufen. Das geht, solange der Browser im Hintergrund laufen darf.',
  learns: 'Wer was erfährt, solange das an ist',
  service: 'Der Push-Dienst des Browser-Herstellers erfährt, dass dieser Server diesen Browser ruft, und wann.',
  server:
    'Der Server erfährt die Push-Adresse dieses Browsers. Sie ist in allen Räumen dieselbe, in denen du das hier einschaltest. Solange irgendjemand im Raum es an hat, erfährt er auch, welche versiegelten Nachrichten Menschen selbst geschrieben haben.',
  nobody:
    'Niemand erfährt dadurch Worte, Namen oder den Raum. Der Ruf ist leer, und die Benachrichtigung sagt nur, dass es neue Nachrichten gibt.',
  mentions:
    'Der Server kann nicht lesen, wer erwähnt wird: Du wirst bei jeder Nachricht gerufen, nicht nur bei Erwähnungen.',
  failed: 'Das konnte nicht umgeschaltet werden.',
  faults: {
    impossible:
      'Dieser Browser kann für diese Seite nicht gerufen werden: Er behält keine Kopie der Seite, oder er hat kein Push.',
    'old-page':
      'In diesem Browser läuft noch eine ältere Version dieser Seite. Schließe alle ihre Tabs, öffne sie neu und schalte das dann ein.',
    'no-service': 'Dieser Browser hat keine Verbindung zu einem Push-Dienst oder will keine.',
  },
  called: 'Neue Nachrichten in einem QSEC-Raum',
}
