/** German: `../language.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const languageWords: Catalogue['languageWords'] = {
  label: 'Sprache',
  notLoaded: 'Die Wörter dieser Sprache konnten nicht geladen werden. Prüfe die Verbindung und versuch es noch einmal.',
}
