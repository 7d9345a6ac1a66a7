/** Spanish: `../earlier.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'

export const lastMessages = (count: number): string =>
  counted(count, { one: 'el último mensaje', other: 'los últimos # mensajes' })

export const messagesWords: Catalogue['messagesWords'] = (count) =>
  counted(count, { one: 'mensaje', other: '# mensajes' })

export const earlierWords: Catalogue['earlierWords'] = {
  title: 'Mensajes anteriores',
  missing: 'Lo que se dijo antes de que entraras no está en este dispositivo.',
  missingHelp: 'Alguien de la sala puede darte los últimos mensajes, si está de acuerdo.',
  alone: 'Nadie más de los que están aquí podría dártelos.',
  count: 'Cuántos',
  choice: (count) => `Los últimos ${wholeNumber(count)}`,
  ask: 'Pedir mensajes anteriores',
  asked: (count) => `Pediste ${lastMessages(count)}. Alguien de aquí tiene que aceptar.`,
  askOver: 'Nadie los dio a tiempo.',
  wait: 'Puedes volver a pedirlos en un minuto.',
  takeBack: 'Retirar la petición',

  requests: 'Mensajes anteriores que alguien pide u ofrece',
  asks: (name, count) => `${name} pide ${lastMessages(count)}.`,
  asksHave: (have) =>
    counted(have, { one: 'Este dispositivo tiene uno de ellos.', other: 'Este dispositivo tiene # de ellos.' }),
  asksHelp: 'Allí se muestran como una cita tuya. Toda la sala se entera de que los diste.',
  give: 'Dar',
  notNow: 'Ahora no',
  offers: (name, count) => `${name} te ofrece ${lastMessages(count)} de antes de que entraras.`,
  offersHelp: 'Se muestran como una cita de esa persona.',
  accept: 'Aceptar',
  offered: (name, count) => `Ofreciste a ${name} ${lastMessages(count)}. Tiene que aceptar.`,
  giving: (name, taken, count) => `${name} tiene ${wholeNumber(taken)} de ${wholeNumber(count)} mensajes anteriores.`,
  stop: 'Parar',
  more: (count) => `Mostrar ${wholeNumber(count)} más`,

  offer: 'Dar mensajes anteriores',
  offerHelp: (name) => `Mensajes de antes de que entrara ${name}. Se le pregunta primero, y toda la sala se entera.`,
  offerDone: 'Ofrecido. Tiene que aceptar.',

  sharedBy: 'Compartido por',
  asTheyHave: (name) => `, tal como lo tiene el dispositivo de ${isolated(name)}.`,
  asYouHave: ', tal como lo tiene tu otro dispositivo.',
  unchecked: 'QSEC no puede comprobar quién los escribió.',
  says: 'dice',
  alsoBy: (names) => `compartido también por ${names}`,
  otherKeys: (name) => `otras claves que ${isolated(name)} aquí`,
  oddTime: 'hora imposible',
  coming: (taken, total) => `Han llegado ${wholeNumber(taken)} de ${wholeNumber(total)}.`,
  stopped: (taken, total) => `Parado: llegaron ${wholeNumber(taken)} de ${wholeNumber(total)}.`,
  sharedBefore: (count) =>
    counted(count, {
      one: 'Uno de ellos ya está arriba, con las mismas palabras.',
      other: '# de ellos ya están arriba, con las mismas palabras.',
    }),
  remove: 'Quitar de este dispositivo',
}
