/** Spanish: `../find.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const findWords: Catalogue['findWords'] = {
  title: 'Buscar en los mensajes',
  field: 'Palabras que buscar',
  hint: 'Palabras o nombres; «entre comillas» para palabras seguidas.',
  results: 'Mensajes encontrados',
  close: 'Cerrar',
  stop: 'Parar',
  again: 'Intentar de nuevo',
  more: 'Mostrar más resultados',
  since: (day) => `Abarca los mensajes desde el ${day} en este dispositivo.`,
  stays: 'La búsqueda se hace aquí: el servidor no se entera de nada.',
  sinceNothing: 'Este dispositivo aún no tiene mensajes de esta sala.',
  quotedToo: 'Lo que otros compartieron de antes de que entraras no se busca.',
  looking: 'Buscando',
  looked: (looked, of) => `${wholeNumber(looked)} de ${wholeNumber(of)} mensajes revisados`,
  foundSoFar: (count) =>
    counted(count, { one: '# mensaje encontrado hasta ahora', other: '# mensajes encontrados hasta ahora' }),
  found: (count) => counted(count, { one: '# mensaje encontrado', other: '# mensajes encontrados' }),
  stopped: (count) => counted(count, { one: 'Parado. # mensaje encontrado', other: 'Parado. # mensajes encontrados' }),
  nothing: 'No se encontró nada.',
  nothingHelp: 'Prueba con menos palabras, o con parte de una palabra. Los acentos y las mayúsculas no importan.',
  failed: 'No se pudieron leer los mensajes de este dispositivo.',
  coming: 'Buscando el mensaje en este dispositivo…',
  gone: 'Ese mensaje ya no está en este dispositivo.',
  day: 'Ir a un día',
  dayField: 'Día',
  dayGo: 'Ir a este día',
  dayMissing: 'Elige primero un día.',
  dayNext: (wanted, next) => `No se escribió nada el ${wanted}. El siguiente mensaje es del ${next}.`,
  dayNextGo: (next) => `Ir al ${next}`,
  dayNothing: (wanted) => `No se escribió nada el ${wanted} ni después.`,
  dayOf: (day) => `${day}: ir a otro día`,
}
