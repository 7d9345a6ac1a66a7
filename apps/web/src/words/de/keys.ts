/** German: `../keys.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const keyWords: Catalogue['keyWords'] = {
  title: 'Tastatur',
  close: 'Schließen',
  open: 'Tastenkürzel',
  names: { Ctrl: 'Strg', Shift: 'Umschalt', Enter: 'Eingabe' },
  keys: [
    [['↑'], 'In einer leeren Nachricht: die letzte eigene ändern'],
    [['Esc'], 'Eine Änderung verlassen, dann eine Antwort; in den Nachrichten: alles ist gelesen'],
    [['@'], 'Jemanden nennen; ↑ ↓ wählen, Tab nimmt'],
    [['↑', '↓'], 'In den Nachrichten: von einer zur nächsten'],
    [['Eingabe'], 'Bei einer Nachricht: reagieren, antworten, ändern, mehr; ← → gehen entlang'],
    [['Bild auf', 'Bild ab'], 'In den Nachrichten: eine Seite hinauf oder hinab'],
  ],
}
