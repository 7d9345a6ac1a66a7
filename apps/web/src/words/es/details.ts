/** Spanish: `../details.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const detailsWords: Catalogue['detailsWords'] = {
  open: 'Detalles',
  title: 'Sobre este mensaje',
  written: 'Escrito',
  edited: 'Cambiado',
  delivery: 'Hasta dónde ha llegado',
  close: 'Cerrar',
}

export const removeWords: Catalogue['removeWords'] = {
  title: '¿Eliminar este mensaje?',
  help: 'Se quita de los dispositivos de toda la sala la próxima vez que se conecten. Quien lo leyó, lo leyó, y quien lo copió conserva la copia.',
  yes: 'Eliminar para todos',
  no: 'Conservarlo',
  privateHelp:
    'Se quita de tus dispositivos y de los de la otra persona la próxima vez que se conecten. Quien lo leyó lo ha leído, y quien lo copió conserva la copia.',
  privateYes: 'Eliminar para los dos',
  failed: 'El mensaje no se eliminó.',
}
