/** Spanish: `../server.ts`. */
import type { ServerTables } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { rawNames, spanWords } from '../server.ts'
import { sizeWords } from '../sizes.ts'

type Keeps = ServerTables['keeps']

export const serverWords: Catalogue['serverWords'] = {
  title: 'Lo que sabe el servidor',
  intro:
    'Esto es todo lo que el servidor dice tener ahora sobre esta sala en su base de datos, tabla por tabla. Aquí nadie puede comprobar que sea todo.',
  fetching: 'Preguntando al servidor…',
  fetched: (time) => `El servidor respondió esto a las ${time}.`,
  refresh: 'Actualizar',
  failed: 'El servidor no dijo qué tiene guardado.',
  stored: 'En su base de datos',
  empty: 'Nada por el momento.',
  others: (tables) => `Estas tablas no tienen nada sobre ninguna sala: ${rawNames(tables)}.`,
  table: (name, rows) => `${name}: ${counted(rows, { one: '# fila', other: '# filas' })}`,
  unknownTable: 'Esta versión de la página no sabe para qué es esta tabla.',
  withheldOthers: (rows) =>
    counted(rows, {
      one: '# fila es de otro dispositivo. Se cuenta y no se muestra.',
      other: '# filas son de otros dispositivos. Se cuentan y no se muestran.',
    }),
  withheld: (rows) =>
    counted(rows, {
      one: '# fila es de una línea entre otras personas. Está contada y no se muestra, porque te diría quién habla con quién.',
      other:
        '# filas son de líneas entre otras personas. Están contadas y no se muestran, porque te dirían quién habla con quién.',
    }),
  sealed: (bytes) => `Sellado en estas filas: ${sizeWords(bytes)}. El servidor no puede abrirlo.`,
  noRows: 'No se pudieron traer las filas.',
  moreRows: 'Mostrar más filas',
  cut: (start, length) => `${start}… (${wholeNumber(length)} caracteres)`,
  bytes: (count) => `${sizeWords(count)}, sellado`,
  nothing: 'nada',
  memory: 'En su memoria',
  memoryHelp: 'Esto desaparece cuando el servidor se detiene.',
  sees: 'Qué más ve',
  seen: [
    'La dirección de internet desde la que se conecta cada dispositivo, y cuándo viene y se va.',
    'El tamaño y la hora de todo lo que pasa, y de qué dispositivo viene.',
    'Entre qué dispositivos se hacen claves cuánticas.',
    'Que una línea privada lleva algo, y para qué dispositivos.',
  ],
  seenHelp:
    'Lo necesita para pasar las cosas, y quien administra el servidor podría anotarlo en otra parte. No ve nombres, textos, el título de la sala ni ninguna clave.',
  deleteLog: 'Eliminar el registro del servidor',
  deleteHelp: 'La sala es tuya, así que puedes hacer que el servidor elimine su registro de ella.',
  deleteTitle: '¿Eliminar el registro del servidor sobre esta sala?',
  deleteWhat: [
    'El servidor elimina cada línea que ha anotado hasta ahora sobre esta sala. Los mensajes se quedan donde están.',
    'A toda la sala se le dice que lo hiciste tú. Lo que alguien haya leído o copiado antes no se puede recuperar, y desde ahí se escriben líneas nuevas.',
  ],
  deleteYes: 'Eliminar el registro',
  deleteNo: 'Conservarlo',
  deleteFailed: 'El registro no se eliminó.',
}

const whileRoom = 'Se queda tanto como la sala.'
const whileSealed = ({ sealedMs }: Keeps): string =>
  sealedMs === undefined
    ? 'Esta sala no guarda mensajes sellados en el servidor.'
    : `Se elimina en cuanto cada dispositivo lo tiene, y a más tardar tras ${spanWords(sealedMs)}.`

export const tableWords: Catalogue['tableWords'] = {
  rooms: {
    name: 'La sala',
    holds:
      'Su dirección, cuándo se hizo, el dispositivo al que pertenece, el número de personas que se espera y las claves públicas de sus enlaces.',
    kept: () => whileRoom,
  },
  members: {
    name: 'Dispositivos en la sala',
    holds: 'La huella de cada dispositivo, sus claves públicas y si se ha ido. Ningún nombre.',
    kept: () =>
      'Se queda tanto como la sala, también de los dispositivos que se han ido: los demás lo necesitan para comprobar claves antiguas.',
  },
  join_requests: {
    name: 'Peticiones de entrada',
    holds: 'Dispositivos que pidieron entrar y esperan, con sus claves públicas.',
    kept: ({ requestMs }) => `Una petición se va cuando tiene respuesta, y a más tardar tras ${spanWords(requestMs)}.`,
  },
  key_packages: {
    name: 'Claves públicas para líneas privadas',
    holds: 'Claves que los dispositivos dejaron para que otros puedan abrirles una línea privada mientras están fuera.',
    kept: () => 'Cada una se entrega una vez y con eso se elimina; todas las de un dispositivo se van cuando él se va.',
  },
  streams: {
    name: 'Posición de los flujos',
    holds: 'Por dónde van la sala y cada línea privada: números, y qué dispositivo cambió las claves por última vez.',
    kept: () => whileRoom,
  },
  kept_streams: {
    name: 'Flujos con mensajes guardados',
    holds: 'Desde dónde y hasta dónde hay mensajes sellados guardados.',
    kept: whileSealed,
  },
  kept_frames: {
    name: 'Mensajes sellados guardados',
    holds:
      'Mensajes y cambios de claves, sellados para que el servidor no pueda abrirlos, con su remitente, tamaño y hora.',
    kept: whileSealed,
  },
  kept_devices: {
    name: 'Por dónde va cada dispositivo',
    holds: 'El último mensaje sellado que ha recibido cada dispositivo.',
    kept: whileSealed,
  },
  kept_welcomes: {
    name: 'Bienvenidas selladas guardadas',
    holds: 'Lo que necesita quien llega para leer, sellado solo para esa persona.',
    kept: whileSealed,
  },
  kept_invited: {
    name: 'Quién tiene una bienvenida por recoger',
    holds: 'Para qué dispositivos son esas bienvenidas, y con qué cambio de claves entraron.',
    kept: whileSealed,
  },
  push_subscriptions: {
    name: 'Adónde llamar',
    holds:
      'Las direcciones push de los dispositivos que quieren ser llamados cuando no están, y cuándo se dieron por última vez.',
    kept: () =>
      'Se borran cuando se desactiva, cuando el dispositivo se va o la dirección ya no vale, y tras 90 días sin confirmar.',
  },
  room_logs: {
    name: 'Registro de la sala',
    holds: 'Lo que pasó en la sala, línea por línea: huellas, horas y tamaños. Ningún nombre, ningún texto.',
    kept: ({ logMs, trafficLogMs, endedLogMs }) => {
      if (logMs === undefined || trafficLogMs === undefined)
        return 'Las líneas se quedan hasta que alguien las elimina.'
      const [line, traffic] = [spanWords(logMs), spanWords(trafficLogMs)]
      return endedLogMs === undefined
        ? `Una línea se va tras ${line}, la de un solo mensaje tras ${traffic}.`
        : `Una línea se va tras ${line}, la de un solo mensaje tras ${traffic}; cuando la sala ha terminado, todas tras ${spanWords(endedLogMs)}.`
    },
  },
}

export const memoryWords: Catalogue['memoryWords'] = (memory) => {
  const { frames, frameBytes, pairs, pairFrames, pairFrameBytes, framesMs, connected, welcomes, links } = memory
  return [
    `Dispositivos conectados ahora: ${wholeNumber(connected)}.`,
    `Mensajes sellados de la sala, para que los dispositivos se pongan al día: ${wholeNumber(frames)}, en total ${sizeWords(frameBytes)}. Cada uno se va tras ${spanWords(framesMs)}.`,
    `Líneas privadas entre dispositivos: ${wholeNumber(pairs)}. Elementos sellados en ellas: ${wholeNumber(pairFrames)}, en total ${sizeWords(pairFrameBytes)}.`,
    `Bienvenidas selladas que nadie ha recogido: ${wholeNumber(welcomes)}. Enlaces de dispositivo sellados que nadie ha tomado: ${wholeNumber(links)}.`,
    `Por dónde va la sala: número ${memory.seq} de la serie ${memory.inc.slice(0, 6)}, época ${memory.epoch}.`,
  ]
}
