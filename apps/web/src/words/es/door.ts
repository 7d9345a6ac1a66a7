/** Spanish: `../door.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const doorWords: Catalogue['doorWords'] = {
  title: 'Entrar en la sala',
  name: 'Tu nombre',
  nameHint: 'Los demás en la sala lo ven. El servidor no.',
  nameMissing: 'Escribe un nombre.',
  join: 'Entrar',
  notNow: 'Ahora no',
  preview: (kind, short) =>
    kind === 'open' ? `Sala abierta «${isolated(short)}»` : `Sala cerrada ${short}, por enlace de invitación`,
  previewHelp: (kind) =>
    kind === 'open'
      ? 'Quien tenga esta dirección puede entrar, y quien administra el servidor también podría.'
      : 'Alguien de dentro te deja entrar. No verás lo que se dijo antes.',
  paused: 'No has entrado en esta sala',
  pausedHelp: 'Elige un nombre para entrar.',
  chooseName: 'Elegir un nombre',
  home: 'Página de inicio',
  stored: 'Mirando lo que hay guardado aquí…',
  looking: 'Buscando tus claves de esta sala…',
  entering: 'Abriendo la sala…',
  failed: 'No se pudo abrir la sala',
  again: 'Intentar de nuevo',
  needsLink: 'Necesitas el enlace de invitación completo',
  needsLinkHelp:
    'Esta dirección es de una sala cerrada. Su clave está en el enlace de invitación detrás del signo #, y esa parte falta aquí; quizá se perdió al copiar.',
  needsLinkDo: 'Pide a alguien de la sala que pulse «Invitar» y te envíe el enlace entero.',
  nowhere: 'No hay nada en esta dirección',
  nowhereHelp:
    'La dirección de una sala es /room/ y de 1 a 20 letras, cifras, guiones o guiones bajos, o un enlace de invitación.',
}

export const phaseWords: Catalogue['phaseWords'] = {
  connecting: 'Conectando…',
  connectingHelp: 'Llegando al servidor.',
  connectingLong: 'Esto tarda más de lo debido. Puede que el servidor esté caído, o tu red.',
  waiting: 'Esperando a que alguien de la sala te deje entrar',
  waitingHelp:
    'Un dispositivo de dentro comprueba tu invitación. Tarda unos segundos; más si la sala está llena o si alguien tiene que aceptar.',
  waitingAlone: 'Esperando a alguien de la sala',
  waitingAloneHelp:
    'Nadie que pueda dejarte entrar está conectado ahora. Tu petición queda 7 días en el servidor; entras en cuanto alguien abra la sala.',
  rejoining: 'Volviendo a la sala',
  rejoiningHelp: 'Este dispositivo perdió el hilo y pide que lo añadan de nuevo. Podrás escribir en un momento.',
  rejoiningAlone: 'Esperando a volver a la sala',
  rejoiningAloneHelp:
    'Este dispositivo perdió el hilo y alguien de dentro tiene que añadirlo de nuevo; nadie está conectado ahora. Ocurre solo en cuanto venga alguien.',
  stopWaiting: 'Dejar de esperar',
  left: 'Saliste de la sala',
  leftHelp: 'Sus claves y mensajes están borrados de este navegador.',
}

export const tokenWords: Catalogue['tokenWords'] = {
  label: 'Token del servidor',
  make: 'Crear la sala',
  missing: 'Escribe primero el token.',
}

type Refusal = ReturnType<Catalogue['refusalWords']>

const refusedDevice: Refusal = {
  title: 'El servidor rechazó este dispositivo',
  help: 'Es un fallo del servidor o de esta página, no tuyo. Inténtalo de nuevo; si sigue, díselo a quien administra el servidor.',
  again: true,
}
const notAccepted: Refusal = {
  title: 'El servidor no aceptó este dispositivo',
  help: 'A menudo el reloj de este ordenador está mal. Ponlo en hora e inténtalo de nuevo.',
  again: true,
}

export const refusalWords: Catalogue['refusalWords'] = (code, kind) => {
  const refusals: Readonly<Record<typeof code, Refusal>> = {
    'room-full': {
      title: 'Esta sala está llena',
      help: 'Admite un número fijo de personas, y todas están dentro. Pídeles que suban el número, o inténtalo cuando alguien haya salido.',
      again: true,
    },
    'no-access': {
      title: 'Esta sala no está abierta para ti',
      help:
        kind === 'closed'
          ? 'La sala ya no existe, está bloqueada, o el enlace de invitación ha terminado. Los enlaces terminan tras su plazo, cuando se agotan y cada vez que se quita a alguien. Pide uno nuevo a alguien de dentro.'
          : 'El servidor no deja entrar a este dispositivo en la sala. Elige otra palabra, o pregunta a quien administra el servidor.',
      again: true,
    },
    'needs-token': {
      title: 'Este servidor pregunta quién crea salas',
      help: 'Quien lo administra tiene un token para ello. Pídeselo y escríbelo aquí; esta página lo olvida al cerrarse. Quien tiene un enlace de invitación no lo necesita.',
      again: false,
    },
    'needs-link': { title: doorWords.needsLink, help: doorWords.needsLinkHelp, again: false },
    'bad-welcome': {
      title: 'La sala no demostró ser la correcta',
      help: 'Lo que recibió este dispositivo no corresponde a la dirección que abriste. No se mostró ni se envió nada. Pide un enlace nuevo por un medio del que te fíes.',
      again: true,
    },
    storage: {
      title: 'Este navegador no deja que la página guarde nada',
      help: 'Sin guardar, tus claves se perderían al recargar. Sal de la navegación privada, o libera espacio, e inténtalo de nuevo.',
      again: true,
    },
    replaced: {
      title: 'Este dispositivo se usa en otro lugar',
      help: 'Una copia de sus datos ha ocupado su sitio en la sala; quizá este perfil del navegador se copió o se restauró de una copia de seguridad. Solo uno de los dos puede estar en la sala. Si no sabes de ninguna copia, puede que alguien la robara: pide a los demás que quiten este dispositivo, y entra otra vez con un enlace nuevo.',
      again: true,
    },
    'client-older': {
      title: 'Esta página es más antigua que el servidor',
      help: 'Recarga la página: entonces vuelve a encajar. Tus claves y mensajes siguen donde están.',
      again: false,
    },
    'relay-older': {
      title: 'El servidor es más antiguo que esta página',
      help: 'Quien lo administra tiene que actualizarlo. Tus claves y mensajes siguen donde están; inténtalo entonces.',
      again: true,
    },
    version: {
      title: 'Esta página y el servidor no encajan',
      help: 'Uno de los dos es más antiguo. Recarga la página; si no ayuda, hay que actualizar el servidor.',
      again: true,
    },
    'login-failed': notAccepted,
    'not-logged-in': notAccepted,
    'rate-limited': {
      title: 'Demasiados intentos en muy poco tiempo',
      help: 'El servidor pide una pausa. Espera un minuto e inténtalo de nuevo.',
      again: true,
    },
    unavailable: {
      title: 'El servidor no puede recibirte ahora',
      help: 'Está arrancando, parándose, o su disco está lleno. Inténtalo de nuevo en un minuto.',
      again: true,
    },
    exists: {
      title: 'Ya existe una sala con ese nombre',
      help: 'Inténtalo de nuevo para entrar en ella.',
      again: true,
    },
    'bad-request': refusedDevice,
    'too-large': refusedDevice,
    'stale-epoch': refusedDevice,
    'out-of-order': refusedDevice,
    internal: refusedDevice,
  }
  return refusals[code]
}

export const roomTitle: Catalogue['roomTitle'] = (kind, short) => (kind === 'open' ? short : `Sala ${short}`)
