/** French: `../language.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const languageWords: Catalogue['languageWords'] = {
  label: 'Langue',
  notLoaded: 'Les mots de cette langue n’ont pas pu être chargés. Contrôlez la connexion et réessayez.',
}
