/** Spanish: `../keeping.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { daysWords } from './time.ts'

export const keepsOtherwise: Catalogue['keepsOtherwise'] = (agreed, does) => {
  if (agreed === undefined) {
    return {
      title: 'El servidor guarda mensajes sellados en su disco, aunque esta sala no lo pide.',
      help: 'No puede leerlos. Este dispositivo le ha dicho que pare.',
    }
  }
  if (does === 0) {
    return {
      title: 'El servidor no guarda los mensajes sellados, aunque esta sala lo pide.',
      help: 'Quien esté fuera mucho tiempo, o mientras se reinicia el servidor, puede perderse mensajes.',
    }
  }
  return {
    title: `El servidor guarda los mensajes sellados ${daysWords(does)}, no ${daysWords(agreed)}.`,
    help: 'Quien esté fuera más tiempo puede perderse mensajes.',
  }
}
