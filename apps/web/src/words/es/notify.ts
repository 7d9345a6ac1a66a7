/** Spanish: `../notify.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const notifyWords: Catalogue['notifyWords'] = {
  title: 'Notificaciones',
  about: 'Avisarme en esta sala de',
  abouts: { all: 'Todos los mensajes', mentions: 'Menciones de mí y mensajes privados', none: 'Nada' },
  help: 'Mientras miras a otro lado y esta página está abierta. El número de mensajes nuevos está en todo caso en el título de la página y en su icono.',
  content: 'Mostrar quién escribe y qué',
  contentHelp:
    'Desactivado, una notificación solo dice que hay un mensaje nuevo en una sala. Activado, puede leerlo quien vea esta pantalla, y quizá el sistema lo conserve.',
  sound: 'Hacer sonar un aviso',
  soundHelp: 'El que este sistema usa para las notificaciones.',
  failed: 'No se pudo guardar la elección.',
  ask: 'Preguntar otra vez al navegador',
  oneMessage: 'Mensaje nuevo en una sala',
  someMessages: 'Mensajes nuevos en una sala',
  denied:
    'Este navegador bloquea las notificaciones de esta página. Permítelas en sus ajustes para este sitio (casi siempre a la izquierda de la barra de direcciones) y llegarán sin preguntar aquí otra vez.',
  default: 'Al navegador aún no se le ha dicho que esta página puede mostrar notificaciones.',
  impossible:
    'Este navegador no muestra notificaciones de esta página. En un iPhone o iPad llegan en cuanto la página se añade a la pantalla de inicio.',
}
