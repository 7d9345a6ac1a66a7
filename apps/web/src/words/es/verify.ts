/** Spanish: `../verify.ts`. */
import type { VerifiedHow } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { dateOf } from '../time.ts'
import { trustWords } from './trust.ts'

export const verifyWords: Catalogue['verifyWords'] = {
  close: 'Cerrar',
  back: 'Volver',
  fingerprint: 'Huella de las claves',
  lookalike: 'Otra persona aquí tiene un nombre que se parece a este. Distínguelas por la huella.',
  whom: '¿A quién quieres verificar?',
  nobody: 'Todavía no hay nadie más aquí.',
  how: (name) =>
    `Queda con ${isolated(name)}, o llama de modo que reconozcas su voz. Comparar por mensajes en esta sala no prueba nada.`,
  roomCode: 'Código de la sala',
  roomCodeOf: (epoch) => `Código de la sala de la época ${epoch}`,
  roomCodeHelp:
    'Toda la sala ve ahora este código. Si el de alguien es distinto, el servidor os muestra salas distintas: no digas nada secreto, y crea una sala nueva.',
  roomCodeNone: 'Hay un código una vez que estás en la sala.',
  roomMoved: (epoch) =>
    `La sala ha pasado a la época ${epoch}. Cierra esto y ábrelo de nuevo para comparar el código nuevo.`,
  pictures: 'Comparar seis imágenes',
  picturesHelp: 'Lo más rápido en una llamada. Ambos veis seis imágenes; decíos sus nombres.',
  picturesStart: 'Comparar imágenes',
  six: 'Seis imágenes',
  match: 'Coinciden',
  noMatch: 'No coinciden',
  stop: 'Parar',
  scan: 'Escanear un código',
  scanHelp: 'Lo mejor si estáis juntos. Una persona muestra este código, la otra lo escanea; luego al revés.',
  scanStart: 'Escanear su código',
  scanStop: 'Parar la cámara',
  camera: 'Imagen de la cámara',
  noCamera: 'No se puede usar la cámara (falta, está ocupada, o esta página no tiene permiso). Comparad el número.',
  number: 'Comparar un número',
  numberHelp: 'Ambos veis estas 60 cifras. Leéoslas, o pega lo que la otra parte envió por otro medio.',
  numberOfBoth: 'Vuestro número común',
  theirs: 'Su número',
  check: 'Comprobar',
  theySaySame: (name) => `${isolated(name)} dice que coinciden.`,
  theySayOther: (name) => `${isolated(name)} dice que no coinciden. Parad, y mirad otra vez juntos.`,
  verifiedNow: (name) => `Has verificado a ${isolated(name)}.`,
  verifiedHelp:
    'Queda anotado solo en este dispositivo: la otra parte te verifica también. Aquí se queda mientras sus claves sean las mismas.',
  elsewhere: 'Para conoceros también en otras salas, ambos podéis decírselo a esas salas, en sus detalles.',
  mismatch: 'Los códigos no coinciden.',
  mismatchDo: [
    'Comprobad que cada uno mira el nombre del otro en esta sala, e intentadlo una vez más.',
    'Si vuelve a fallar, puede que haya alguien entre vosotros: no escribas aquí nada secreto.',
    'Enviaos un enlace de invitación nuevo por otro medio, y verificad allí.',
  ],
  unlinked: 'No decir a esta sala que soy yo',
  unlinkedHelp:
    'Activado: nadie puede relacionarte con tus otras salas. Desactivado: quien te verificó en otro lugar te conoce aquí; los miembros conservan lo que se les dijo, y el servidor nunca lo sabe.',
}

const how: Readonly<Record<VerifiedHow, string>> = {
  scan: 'escaneando un código',
  number: 'comparando un número',
  pictures: 'comparando imágenes',
}

export const standingWords: Catalogue['standingWords'] = ({ name, standing }) => {
  const { trust, verification, sinceMs } = standing
  switch (trust) {
    case 'self':
      return 'Eres tú.'
    case 'new':
      return `Te encuentras con ${isolated(name) || 'esta persona'} por primera vez. Todavía nada dice si el nombre es cierto.`
    case 'seen':
      return `Son las claves que conoces desde el ${dateOf(sinceMs ?? Date.now())}. No has verificado de quién son.`
    case 'verified':
      return verification
        ? `Verificaste estas claves el ${dateOf(verification.atMs)} ${how[verification.how]}.`
        : 'Es tu propio navegador, en otra pestaña.'
    case 'changed':
      return standing.wasVerified === true
        ? 'Verificaste a alguien con un nombre como este. Estas son otras claves: un navegador nuevo de la misma persona, u otra persona.'
        : 'Alguien con un nombre como este estuvo aquí antes, con otras claves: la misma persona con un navegador nuevo, u otra persona.'
  }
}

export const comparisonWords: Catalogue['comparisonWords'] = ({ state, with: { name } }) => {
  switch (state.at) {
    case 'asked':
      return trustWords.asks(name)
    case 'waiting':
      return `Esperando a que ${isolated(name)} acepte…`
    case 'committed':
      return 'Ya casi…'
    case 'showing':
      return `¿Ve ${isolated(name)} las mismas seis, en este orden?`
    case 'answered':
      return state.matched ? verifyWords.verifiedNow(name) : verifyWords.mismatch
    case 'over':
      return {
        cancelled: `${isolated(name)} lo dejó, o la sala siguió adelante. Intentadlo de nuevo.`,
        expired: 'Nadie respondió en cinco minutos. Intentadlo de nuevo.',
        broken:
          'Lo que vino del otro lado no era lo que había prometido. Intentadlo de nuevo; si vuelve a pasar, no te fíes de estas claves.',
      }[state.reason]
  }
}

export const scanWords: Catalogue['scanWords'] = (result) =>
  result === 'other-room'
    ? 'Ese código es de otra sala. Que la otra persona abra el de esta.'
    : 'Ese no es un código de QSEC. Tiene 60 cifras, o es la imagen de la ventana «Verificar» de la otra persona.'
