/** Spanish: `../history.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated } from '../locale.ts'

export const historyWords: Catalogue['historyWords'] = {
  openRoom: (room) => `Sala abierta ${isolated(room)}`,
  closedRoom: (room) => `Sala cerrada ${isolated(room)}`,
  notice: 'Exportado de QSEC. Este archivo no está cifrado: quien lo tenga puede leerlo.',
  writtenBy: (name, date) =>
    `Escrito por el dispositivo de ${isolated(name)} el ${date}. Las horas son UTC, según los relojes de los autores.`,
  sharedBy: (sharer) => `(según ${isolated(sharer)}, que lo compartió; no comprobado)`,
  deleted: 'Eliminado por su autor.',
  edited: 'cambiado',
  disappears: (seconds) =>
    counted(seconds, {
      one: 'Desaparece de la sala # segundo después de que se vea.',
      many: 'Desaparece de la sala # de segundos después de que se vea.',
      other: 'Desaparece de la sala # segundos después de que se vea.',
    }),
  privateFrom: (name) => `Privado, de ${isolated(name)}: nadie más en la sala podía leerlo.`,
  privateWith: (name) => `Privado, con ${isolated(name)}: nadie más en la sala podía leerlo.`,
  notHere: 'Un mensaje que no está en este archivo.',
  reactions: 'Reacciones',
}
