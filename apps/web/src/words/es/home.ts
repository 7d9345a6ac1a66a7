/** Spanish: `../home.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const homeWords: Catalogue['homeWords'] = {
  title: 'QSEC',
  sentence:
    'Un chat de grupo privado en el navegador. Solo quienes están en una sala pueden leerlo; el servidor que lo lleva no puede.',
  name: 'Tu nombre',
  nameMissing: 'Escribe un nombre; los demás en la sala lo verán.',
  room: 'ID de la sala',
  roomHint: 'Una palabra crea una sala abierta o entra en ella. Aquí también vale un enlace de invitación.',
  roomNotUnderstood:
    'Un ID de sala tiene de 1 a 20 letras, cifras, guiones o guiones bajos. También vale un enlace de invitación entero.',
  roomElsewhere: (host) => `Ese enlace lleva a otro servidor, ${isolated(host)}. Ábrelo en su propia pestaña.`,
  expected: 'Personas esperadas',
  expectedHint: 'La sala no deja entrar a más.',
  expectedBad: 'Escribe un número entero de 1 a 1000, o deja el campo vacío.',
  optional: 'opcional',
  create: 'Crear sala',
  join: 'Entrar en la sala',
  creating: 'Haciendo las claves de tu sala…',
  noRoom: 'No se pudo crear la sala.',
  seesTitle: 'Lo que ve el servidor',
  sees: 'Qué dispositivos están conectados a qué sala, cuándo, y cuánto envían. Nunca lo que escribes, ni tu nombre.',
  openIsOpen:
    'Una sala abierta deja entrar a quien sepa su palabra, y quien administra el servidor también podría entrar.',
  device: 'Este dispositivo',
  about: 'Sobre esta página',
  closedIsClosed: 'Obtienes una sala cerrada: solo su enlace la abre.',
}
