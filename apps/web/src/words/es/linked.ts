/** Spanish: `../linked.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const linkedWords: Catalogue['linkedWords'] = {
  title: '¿Vincular este navegador con tu otro dispositivo?',
  help: (room) =>
    `Entra en ${room} como otro dispositivo de quien hizo este enlace, con el mismo nombre. Sigue solo si fuiste tú.`,
  yes: 'Vincular este dispositivo',
  no: 'Ahora no',
  taking: 'Tomando el enlace…',
  waiting: 'Esperando a tu otro dispositivo',
  waitingHelp: 'Deja entrar a este por sí mismo, lo que tarda unos segundos. Mantén allí abierta la sala.',
  waitingAlone: 'Tu otro dispositivo no está conectado',
  waitingAloneHelp: 'Abre allí la sala: deja entrar a este por sí mismo mientras el enlace valga.',
  removed: 'Este dispositivo fue quitado',
  removedHelp:
    'Lo sacaste de esta sala en otro dispositivo tuyo. Lo que tenía de la sala está borrado aquí, y se hicieron claves nuevas.',
}

export const linkFailureWords: Catalogue['linkFailureWords'] = (reason) =>
  ({
    'link-over': {
      title: 'Este enlace de dispositivo ha terminado',
      help: 'Un enlace vale para un dispositivo y diez minutos. Haz uno nuevo en tu otro dispositivo. Si allí pone que el enlace fue tomado, y no fuiste tú, pulsa allí «Cancelar».',
      again: false,
    },
    'link-damaged': {
      title: 'No se pudo abrir este enlace de dispositivo',
      help: 'El enlace no está entero, o el servidor entregó otra cosa que la que dejó allí tu dispositivo. No se guardó nada. Haz un enlace nuevo.',
      again: false,
    },
    unreachable: {
      title: 'El servidor no responde',
      help: 'Mira la conexión e inténtalo de nuevo. Si entonces pone que el enlace ha terminado, haz uno nuevo.',
      again: true,
    },
    'rate-limited': {
      title: 'Demasiados intentos en muy poco tiempo',
      help: 'El servidor pide una pausa de diez minutos. Haz después un enlace nuevo.',
      again: false,
    },
  })[reason]
