/** Spanish: `../asking.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'
import { isYou } from '../people.ts'

export const askingWords: Catalogue['askingWords'] = {
  ask: 'Pedir entrar',
  preview: (short) => `Sala cerrada ${short}`,
  previewHelp:
    'No tienes enlace: se pregunta a quienes están dentro si te dejan entrar. No verás lo que se dijo antes.',
  title: 'Has pedido entrar',
  help: 'Alguien de dentro tiene que aceptar. Hasta entonces, deja abierta esta página o vuelve a ella.',
  code: 'Tu código',
  compare: 'Lee este código a alguien de la sala por otro medio, por ejemplo por teléfono; ve el mismo.',
  codeIfAsked: 'Si preguntan por ti a alguien de dentro, verá este código:',
  stop: 'Dejar de esperar',
}

export const knockWords: Catalogue['knockWords'] = {
  title: 'Quién pide entrar',
  asks: 'Alguien pide entrar',
  asksByLink: 'Alguien con un enlace pide entrar',
  asksOwn: 'Un dispositivo con tus propias claves pide entrar',
  ownHelp:
    'Vino por un enlace tuyo que ya terminó, o alguien ha copiado tus claves. Déjalo entrar solo si lo tienes en la mano.',
  code: 'código',
  compare:
    'Pregunta su código a quien crees que es, por otro medio, por ejemplo por teléfono. Déjalo entrar solo si es el mismo.',
  letIn: 'Dejar entrar',
  turnAway: 'Rechazar',
  more: (people) => counted(people, { one: 'Mostrar # más', other: 'Mostrar # más' }),
}

export const endedWords: Catalogue['endedWords'] = {
  ended: (by, name) =>
    by === undefined ? 'Esta sala ha terminado.' : isYou(by) ? 'Terminaste esta sala.' : `${name} terminó esta sala.`,
  help: 'Lo que se dijo aún puede leerse en este dispositivo. Ya no se puede decir nada más.',
  removed: 'Te han quitado de esta sala',
  removedHelp:
    'Los demás han hecho claves nuevas, y este dispositivo ha eliminado las suyas: lo que escriban desde ahora no puede leerse aquí. Lo que se dijo antes sigue siendo legible en este dispositivo hasta que lo borres.',
  erase: 'Borrar esta sala de este dispositivo',
  eraseTitle: '¿Borrar esta sala de este dispositivo?',
  eraseHelp:
    'Lo que se dijo aquí ya no podrá leerse en este dispositivo. Los demás dispositivos conservan lo que tienen.',
  eraseYes: 'Borrar',
  keep: 'Conservarla',
  noErase: 'No se pudo borrar la sala.',
}
