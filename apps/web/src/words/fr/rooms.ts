/** French: `../rooms.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const roomsWords: Catalogue['roomsWords'] = {
  title: 'Vos salons',
  open: 'Ouvrir',
  alone: 'Personne d’autre n’y est encore',
  withPeople: (names) => `avec ${names}`,
  others: (count) => counted(count, { one: '# autre', other: '# autres' }),
  elsewhere: 'Ouvert dans un autre onglet',
  failed: 'Vos salons n’ont pas pu être lus.',
}
