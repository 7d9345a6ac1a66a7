/** Spanish: `../language.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const languageWords: Catalogue['languageWords'] = {
  label: 'Idioma',
  notLoaded: 'No se pudieron cargar las palabras de ese idioma. Mira la conexión e inténtalo de nuevo.',
}
