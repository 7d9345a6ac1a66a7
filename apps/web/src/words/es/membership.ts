/** Spanish: `../membership.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { expiryWords } from '../membership.ts'
import { lifetimeWords } from './lifetime.ts'
import { daysWords } from './time.ts'

export const linkWords: Catalogue['linkWords'] = {
  title: 'Enlaces válidos',
  end: 'Terminar este enlace',
  endAsk: 'Quien lo tenga y aún no esté dentro se queda fuera.',
  endYes: 'Terminarlo',
  keep: 'Conservarlo',
  newLink: 'Enlace nuevo',
  who: 'Quién puede entrar con él',
  anyone: 'Cualquiera que lo tenga',
  one: 'Una persona',
  asked: 'Se pregunta por cada persona',
  ends: 'Termina tras',
  make: 'Hacer enlace',
  cancel: 'Cancelar',
  locked: 'La sala está bloqueada. Ningún enlace deja entrar a nadie hasta que se desbloquee en «Detalles de la sala».',
  notYou: (owner) =>
    owner === undefined
      ? 'Aquí solo la dirección de la sala deja entrar a gente. Pídeselo a alguien de ella.'
      : `Aquí solo la dirección de la sala deja entrar a gente. Pídeselo a ${owner}.`,
}

export const linkLifetimeWords: Catalogue['linkLifetimeWords'] = { hour: '1 hora', day: '1 día', week: '7 días' }

export const usesWords: Catalogue['usesWords'] = (usesLeft) =>
  usesLeft === undefined
    ? 'cualquier número de personas'
    : counted(usesLeft, { one: 'queda # uso', other: 'quedan # usos' })

export const endsWords: Catalogue['endsWords'] = {
  ended: 'ha terminado',
  ends: (inTime) => `termina ${inTime}`,
}

export const givesWords: Catalogue['givesWords'] = (invite, nowMs) => {
  const ends = `El enlace ${expiryWords(invite.expiresMs, nowMs)}.`
  if (invite.mode === 'approve') {
    return `Quien abra este enlace pide entrar, y alguien de aquí dice sí o no. Quien entra lee desde entonces, no lo que se dijo antes. ${ends}`
  }
  if (invite.usesLeft === 1) {
    return `La primera persona que abra este enlace entra y lee desde entonces, no lo que se dijo antes. ${ends}`
  }
  return `Quien tenga este enlace puede entrar y lee desde entonces, no lo que se dijo antes. ${ends}`
}

export const personWords: Catalogue['personWords'] = {
  remove: (name) => `Quitar a ${name} de la sala`,
  removeShort: 'Quitar…',
  removeTitle: (name) => `¿Quitar a ${name} de esta sala?`,
  removeHelp: (name) => [
    `Se hacen claves nuevas para todos los demás: lo que se diga desde entonces, ${name} no puede leerlo.`,
    'Terminan todos los enlaces, y se hace uno nuevo.',
    `Lo que ${name} ya leyó, lo conserva. Solo puede volver si alguien le deja entrar.`,
  ],
  removeYes: 'Quitar y hacer claves nuevas',
  makeAdmin: (name) => `Dar la administración a ${name}`,
  noAdmin: (name) => `Quitar la administración a ${name}`,
  handOver: (name) => `Entregar la sala a ${name}`,
  handOverTitle: (name) => `¿Entregar la sala a ${name}?`,
  handOverHelp: (name) => [
    `La sala pasa a ser de ${name}: podrá dar la administración, terminar la sala y sacarte de ella.`,
    `Conservas la administración. Solo ${name} puede devolverte la sala.`,
  ],
  handOverYes: 'Entregar',
  cancel: 'Cancelar',
}

export const settingsWords: Catalogue['settingsWords'] = {
  title: 'Ajustes de la sala',
  lock: 'Bloquear la sala',
  lockHelp: 'No entra nadie nuevo, con ningún enlace, hasta que se desbloquee. Quienes están dentro se quedan.',
  admit: 'Quién deja entrar a gente',
  admitHelp: 'Hace y termina enlaces, y dice sí a quienes piden entrar.',
  everyone: 'Toda la sala',
  admins: 'La dirección de la sala',
  name: 'Nombre de la sala',
  nameNote: 'vacío: ninguno',
  nameHelp: 'Lo ven todos los de la sala. El servidor, no.',
  nameSet: 'Poner nombre',
  capacity: 'Personas como máximo',
  capacityNote: 'vacío: sin límite',
  capacityBad: (fewest, most) => `Escribe un número entero de ${wholeNumber(fewest)} a ${wholeNumber(most)}, o nada.`,
  capacitySet: 'Poner límite',
  quantum: 'Exigir claves cuánticas',
  quantumHelp:
    'No se envía nada hasta que cada dispositivo de aquí tenga una clave de un enlace cuántico. Uno que esté fuera detiene a todos hasta que vuelva o se quite. En esta versión los fotones son simulados, así que esto no añade seguridad: muestra cómo funciona una sala así.',
  keep: 'Guardar los mensajes sellados hasta su entrega',
  keepHelp: (days) =>
    `Quien esté fuera días enteros no se pierde nada, aunque se reinicie el servidor. Durante ${daysWords(days)} como máximo, el disco del servidor contiene entonces lo que algún dispositivo aún no tiene: sellado, de modo que nadie allí puede leerlo. Sí muestra cuántos mensajes hay, de qué tamaño, cuándo y de qué dispositivo, y las copias del disco pueden conservarlos más tiempo.`,
  end: 'Terminar la sala para todos',
  endTitle: '¿Terminar esta sala para todos?',
  endHelp: [
    'Nadie puede ya escribir aquí ni entrar, y nadie puede deshacerlo.',
    'Lo que se dijo sigue siendo legible en los dispositivos que lo tienen, hasta que se borre allí.',
  ],
  endSure: 'Quiero que esta sala termine para todos los que están en ella.',
  endNotSure: 'Marca primero la línea de arriba.',
  endYes: 'Terminar la sala',
  cancel: 'Cancelar',
}

export const settingsSentences: Catalogue['settingsSentences'] = (
  { locked, admitBy, capacity, quantum, keepSealed, lifetimeS },
  kind,
) => [
  locked ? 'La sala está bloqueada: no entra nadie nuevo.' : 'La sala no está bloqueada.',
  ...(kind === 'closed'
    ? [admitBy === 'everyone' ? 'Toda la sala deja entrar a gente.' : 'La dirección de la sala deja entrar a gente.']
    : []),
  ...(quantum === 'required' ? ['Se exigen claves cuánticas (simuladas): sin ellas no se envía nada.'] : []),
  ...(lifetimeS === undefined ? [] : [lifetimeWords.roomSentence(lifetimeS)]),
  capacity === undefined
    ? 'No hay límite en el número de personas.'
    : counted(capacity, { one: 'Admite # persona como máximo.', other: 'Admite # personas como máximo.' }),
  keepSealed === undefined
    ? 'El servidor no guarda mensajes en su disco.'
    : `El servidor guarda los mensajes sellados en su disco ${daysWords(keepSealed)} como máximo, hasta que cada dispositivo los tenga.`,
]

export const leaderWords: Catalogue['leaderWords'] = (owner) =>
  owner === undefined
    ? 'Quien tenía la propiedad se ha ido; la administración dirige esta sala.'
    : `Esta sala es de ${owner}. Solo la dirección de la sala cambia lo que está aquí.`
