/** Spanish: `../people.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const namingWords: Catalogue['namingWords'] = {
  you: 'tú',
  youFirst: 'Tú',
  otherDevice: 'Tú (otro dispositivo)',
  somebody: 'Alguien',
  someone: (shortId) => `Alguien (${shortId})`,
  others: (count) => counted(count, { one: '# persona más', other: '# más' }),
}

export const peopleWords: Catalogue['peopleWords'] = {
  title: 'Personas',
  count: (people, expected) =>
    expected === undefined ? wholeNumber(people) : `${wholeNumber(people)} de ${wholeNumber(expected)}`,
  you: 'tú',
  present: 'aquí',
  away: 'fuera',
  role: (role) => ({ owner: 'Propiedad', admin: 'Administración', member: 'Miembro' })[role],
  devices: (count) => counted(count, { one: '# dispositivo', other: '# dispositivos' }),
  silent: (days) => counted(days, { one: 'en silencio desde hace # día', other: 'en silencio desde hace # días' }),
  propose: (days) =>
    counted(days, {
      one: 'En silencio desde hace # día. ¿Quitar de la sala?',
      other: 'En silencio desde hace # días. ¿Quitar de la sala?',
    }),
  actions: (name) => `Acciones para ${name}`,
  waiting: (devices) => counted(devices, { one: 'Una persona pide entrar', other: '# personas piden entrar' }),
}
