/** Spanish: `../rooms.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const roomsWords: Catalogue['roomsWords'] = {
  title: 'Tus salas',
  open: 'Abrir',
  alone: 'Todavía no hay nadie más',
  withPeople: (names) => `con ${names}`,
  others: (count) => counted(count, { one: '# persona más', other: '# personas más' }),
  elsewhere: 'Abierta en otra pestaña',
  failed: 'No se pudieron leer tus salas.',
}
