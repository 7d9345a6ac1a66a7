/** Spanish: `../invite.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const inviteWords: Catalogue['inviteWords'] = {
  title: 'Invitar a gente',
  link: 'Enlace de invitación',
  copy: 'Copiar enlace',
  copied: 'Copiado',
  notCopied: 'Este navegador no deja copiar a la página. El enlace está seleccionado: cópialo con el teclado.',
  qr: 'Código QR',
  noQr: 'No se pudo dibujar el código QR; el enlace sí funciona.',
  close: 'Cerrar',
  waiting: 'Esperando a alguien',
  waitingHelp: 'Envía este enlace a quien quieras aquí. Esta página pasa a ser el chat en cuanto alguien venga.',
  localhostOnly: 'Solo este ordenador puede abrir este enlace: su dirección es localhost.',
  localhostHelp:
    'Para gente de esta red, arranca el servidor con `npm start -- --lan`; para otros, con `npm start -- --public`, y abre allí la sala.',
  guide: 'Los teléfonos y ordenadores que nunca han estado aquí abren primero esta dirección, una vez:',
  none: 'Esta sala no tiene ahora ningún enlace de invitación válido. Se quitó a alguien, o el enlace terminó; se está haciendo uno nuevo.',
  gives: (kind) =>
    kind === 'open'
      ? 'Es una sala abierta: su dirección es todo lo que hace falta para entrar, y quien administra el servidor también podría.'
      : 'Quien tenga este enlace puede entrar y lee desde entonces, no lo que se dijo antes. Deja entrar a mucha gente y termina tras 7 días.',
  keep: 'Lo que va detrás de # es la clave. Nunca llega al servidor, así que envía el enlace por un medio del que te fíes.',
}
