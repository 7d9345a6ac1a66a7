/** Spanish: `../commands.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const commandWords: Catalogue['commandWords'] = {
  title: 'Órdenes',
  field: 'Orden',
  list: 'Lo que se puede hacer aquí',
  slashes: 'Órdenes en el campo del mensaje',
  count: (count) => counted(count, { one: '# orden', other: '# órdenes' }),
  none: 'Ninguna orden con ese nombre.',
  close: 'Cerrar',
  search: 'Buscar en los mensajes',
  day: 'Ir a un día',
  latest: 'Ir a los últimos',
  invite: 'Invitar a gente',
  editLast: 'Cambiar mi último mensaje',
  openDetails: 'Abrir detalles y ajustes de la sala',
  closeDetails: 'Cerrar los detalles de la sala',
  verify: 'Verificar quién está aquí',
  verifyPerson: (name) => `Verificar a ${name}`,
  person: (name) => `Quién es ${name}`,
  keys: 'Atajos de teclado',
  enterSends: 'Que Intro envíe el mensaje',
  enterBreaks: 'Que Intro salte de línea',
  clear: 'Vaciar la vista',
  unclear: 'Mostrar de nuevo los mensajes ocultos',
  lock: 'Bloquear la sala',
  unlock: 'Desbloquear la sala',
  exchange: 'Iniciar intercambio de claves',
  eavesdropperOn: 'Simular un espía',
  eavesdropperOff: 'Dejar de simular el espía',
  typingOn: 'Mostrar a los demás cuándo escribo',
  typingOff: 'No mostrar a los demás cuándo escribo',
  readOn: 'Mostrar a los demás lo que he leído',
  readOff: 'No mostrar a los demás lo que he leído',
  profileOn: 'Decir a esta sala que soy yo',
  profileOff: 'No decir a esta sala que soy yo',
  linkDevice: 'Vincular otro dispositivo',
  exportRoom: 'Exportar los mensajes de esta sala',
  closeRoom: 'Cerrar esta sala y seguir en una cerrada',
  device: 'Este dispositivo: almacenamiento, frase de contraseña, copia',
  leave: 'Salir de la sala',
  failed: 'No se hizo.',
  enterSwitch: 'Intro envía el mensaje',
  enterHelp:
    'Si no, Intro salta de línea. Ctrl o Cmd con Intro envía siempre, Mayús con Intro nunca. Se recuerda en este navegador.',
}

export const slashWords: Catalogue['slashWords'] = {
  list: 'Órdenes',
  count: (count) => counted(count, { one: '# orden coincide', other: '# órdenes coinciden' }),
  unknown: (name) =>
    `No hay ninguna orden /${name}, así que no se envió nada. Para enviar el texto tal cual, empiézalo con dos barras.`,
  meNothing: 'Di lo que haces, como en «/me saluda». No se envió nada.',
  nick: 'Tu nombre está firmado con tus claves y se queda como está en esta sala. Para tener otro, sal de la sala y vuelve con una invitación.',
  lockNo: 'Solo quien puede cambiar los ajustes de la sala puede bloquearla. No se envió nada.',
  titleNo: 'Solo quien puede cambiar los ajustes de la sala puede darle nombre. No se envió nada.',
  titleNone: 'Escribe el nombre detrás: /title Club de lectura. No se envió nada.',
  locked: 'La sala ya está bloqueada.',
  unlocked: 'La sala no está bloqueada.',
  verifyNobody: (name) => `Nadie aquí se llama ${name}.`,
  inviteNo: 'Ahora no hay ningún enlace que dar a otros.',
  notNow: 'Eso no se puede hacer mientras no estés en la sala.',
  does: {
    help: 'Mostrar teclas y órdenes',
    me: 'Decir lo que haces: /me saluda',
    search: 'Buscar en los mensajes: /search palabras',
    clear: 'Vaciar la vista de esta pantalla',
    invite: 'Mostrar el enlace de invitación',
    verify: 'Verificar a alguien: /verify nombre',
    lock: 'Bloquear la sala: no entra nadie nuevo',
    unlock: 'Desbloquear la sala',
    title: 'Dar nombre a la sala: /title Club de lectura',
    leave: 'Salir de la sala',
    nick: 'Por qué tu nombre se queda como está',
  },
}

export const clearedWords: Catalogue['clearedWords'] = {
  title: 'Vaciaste la vista.',
  help: 'No se eliminó nada: los mensajes siguen en este dispositivo y en los de los demás. Se muestran de nuevo al recargar.',
  show: 'Mostrarlos de nuevo',
}

export const shortcutWords: Catalogue['shortcutWords'] = {
  keys: 'Mostrar esta lista',
  search: 'Buscar en los mensajes; otra vez allí: la búsqueda del navegador',
  palette: 'Todas las órdenes por su nombre',
  send: 'Enviar',
  newLine: 'Línea nueva',
  slash: 'Al principio de un mensaje: una orden; dos barras envían una',
}
