/** Spanish: `../room.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const roomWords: Catalogue['roomWords'] = {
  invite: 'Invitar',
  details: 'Detalles de la sala',
  side: 'Sobre esta sala',
  backToMessages: 'Volver a los mensajes',
  messages: 'Mensajes',
  message: 'Mensaje',
  send: 'Enviar',
  earlier: 'Mostrar anteriores',
  latest: 'Ir a los últimos',
  toUnread: 'Ir a los no leídos',
  unread: 'Mensajes nuevos',
  newMessages: (count) => counted(count, { one: '# mensaje nuevo', other: '# mensajes nuevos' }),
  retry: 'Reintentar',
  delete: 'Eliminar',
  delivered: (to, of) =>
    `${wholeNumber(to)} de ${wholeNumber(of)} ${of === 1 ? 'dispositivo' : 'dispositivos'} lo ${to === 1 ? 'tiene' : 'tienen'}`,
  oddTime: 'hora del servidor',
  oddTimeHelp:
    'El reloj de quien lo envió dice una hora imposible, así que esto es cuando el servidor tomó el mensaje.',
  kind: (kind, locked = false) => `${kind === 'open' ? 'Sala abierta' : 'Sala cerrada'}${locked ? ', bloqueada' : ''}`,
  search: 'Buscar',
  commands: 'Órdenes',
  fullscreen: 'Pantalla completa',
  endFullscreen: 'Salir de pantalla completa',
  noFullscreen: 'El navegador no da toda la pantalla.',
  toDay: 'Ir a otro día',
  removed: 'Te han quitado',
  ended: 'Terminada',
  kindHelp: (kind) =>
    kind === 'open'
      ? 'Sala abierta: quien tenga la dirección puede entrar, y quien administra el servidor también podría.'
      : 'Sala cerrada: solo el enlace de invitación la abre.',
  epochTitle: (epoch) => `Época ${epoch}: las claves que protegen la sala ahora`,
  roomLog: 'Registro de la sala',
  roomLogHelp:
    'Lo que el servidor anotó de esta sala, en inglés: huellas, horas y tamaños. Ningún nombre, ningún texto.',
  roomLogEmpty: 'Todavía no hay nada anotado.',
  leave: 'Salir de la sala',
  leaveTitle: '¿Salir de esta sala?',
  leaveHelp:
    'Sus claves y mensajes se borran de este navegador. Solo puedes volver con una invitación, como miembro nuevo.',
  leaveAlone: 'No hay nadie más dentro: la sala termina contigo.',
  leaveOthers: 'Tus otros dispositivos se quedan en la sala.',
  leaveYes: 'Salir y borrar',
  stay: 'Quedarme',
}

export const connectionWords: Catalogue['connectionWords'] = (connection) =>
  ({ connected: 'Conectado', reconnecting: 'Reconectando…', offline: 'Sin conexión' })[connection]

export const connectionHelp: Catalogue['connectionHelp'] = (connection) =>
  ({
    connected: undefined,
    reconnecting: 'Se perdió la conexión y se intenta de nuevo. Lo que escribes se guarda y sale solo.',
    offline: 'Sin red. Lo que escribes se guarda en este dispositivo y sale en cuanto vuelvas.',
  })[connection]

export const catchUpWords: Catalogue['catchUpWords'] = {
  making: 'El servidor se reinició. Se pregunta a los demás si aquí falta algo; los mensajes siguen en un momento.',
  asking: 'El servidor ha perdido algo que se dijo. Se está pidiendo a alguien de aquí que lo tiene.',
  waiting: 'Falta algo que se dijo, y nadie de aquí lo tiene. Llega en cuanto alguien lo tenga.',
  skip: 'Seguir sin ello',
}

export const notSent: Catalogue['notSent'] = {
  'too-large': 'Es demasiado largo para el servidor. Envíalo en partes.',
  'rate-limited': 'El servidor recibió demasiado en muy poco tiempo. Inténtalo de nuevo en un minuto.',
  'no-access': 'El servidor ya no deja que este dispositivo escriba aquí.',
  unavailable: 'El servidor no puede tomar mensajes ahora. Inténtalo de nuevo en un minuto.',
  'bad-request': 'El servidor no lo entendió. Recarga la página e inténtalo de nuevo.',
  internal: 'El servidor tuvo un fallo. Inténtalo de nuevo; si sigue, díselo a quien lo administra.',
  'person-gone': 'Esa persona ya no está en la sala. Nadie lo ha recibido.',
  'not-delivered': 'No llegó a esa persona. Nadie más lo ha recibido.',
  lost: 'Se perdió al salir. Nadie lo ha visto.',
}

export const stateWords: Catalogue['stateWords'] = (state) =>
  ({
    held: 'Espera claves cuánticas',
    sending: 'Enviando',
    sent: 'Enviado',
    delivered: 'Entregado',
    'not-sent': 'No enviado',
    received: undefined,
  })[state]
