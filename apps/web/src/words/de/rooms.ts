/** German: `../rooms.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const roomsWords: Catalogue['roomsWords'] = {
  title: 'Deine Räume',
  open: 'Öffnen',
  alone: 'Noch ist niemand sonst darin',
  withPeople: (names) => `mit ${names}`,
  others: (count) => counted(count, { one: '# weiteren Person', other: '# weiteren' }),
  elsewhere: 'In einem anderen Tab geöffnet',
  failed: 'Deine Räume konnten nicht gelesen werden.',
}
