/** Spanish: `../push.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const pushWords: Catalogue['pushWords'] = {
  on: 'Llamarme cuando esta página está cerrada',
  help: 'Para esta sala en este dispositivo. Cuando alguien escribe con la página cerrada, el servidor hace que el servicio push del fabricante llame a este navegador. Funciona mientras el navegador pueda seguir en segundo plano.',
  learns: 'Quién se entera de qué mientras está activado',
  service:
    'El servicio push del fabricante del navegador se entera de que este servidor llama a este navegador, y de cuándo.',
  server:
    'El servidor conoce la dirección push de este navegador, la misma en todas las salas donde actives esto aquí. Mientras alguien de la sala lo tenga activado, también se entera de qué mensajes sellados escribieron las personas mismas.',
  nobody:
    'Nadie se entera por esto de palabras, de nombres ni de la sala. La llamada está vacía, y la notificación solo dice que hay mensajes nuevos.',
  mentions: 'El servidor no puede leer a quién se menciona: se te llama por cada mensaje, no solo por las menciones.',
  failed: 'No se ha podido cambiar.',
  faults: {
    impossible:
      'A este navegador no se le puede llamar para esta página: no guarda ninguna copia de ella, o no tiene push.',
    'old-page':
      'En este navegador sigue una versión anterior de esta página. Cierra todas sus pestañas, ábrela de nuevo y actívalo entonces.',
    'no-service': 'Este navegador no tiene conexión con un servicio push, o no la quiere.',
  },
  called: 'Mensajes nuevos en una sala QSEC',
}
