/** Spanish: `../device.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

const messages = (count: number): string => counted(count, { one: '# mensaje', other: '# mensajes' })

export const lockWords: Catalogue['lockWords'] = {
  title: 'QSEC está bloqueado',
  help: 'Lo que este navegador guarda de tus salas está cifrado con tu frase de contraseña.',
  passphrase: 'Frase de contraseña',
  code: 'Código de recuperación',
  codeHint:
    'Los 28 caracteres que se mostraron al poner la frase de contraseña. Los espacios y los guiones no importan.',
  unlock: 'Desbloquear',
  unlocking: 'Desbloqueando… tarda unos segundos.',
  useCode: 'Usar el código de recuperación',
  usePassphrase: 'Usar la frase de contraseña',
  wrong: 'Eso no lo abre. Busca erratas; en una frase de contraseña cuentan las mayúsculas.',
  noCode: 'Eso no es un código de recuperación: uno de sus caracteres está mal o falta.',
  lost: '¿Ni una cosa ni la otra? Entonces nada puede abrirlo, y nadie puede ayudar. Puedes borrarlo todo aquí y empezar de nuevo.',
  show: 'Mostrar',
  hide: 'Ocultar',
}

export const deviceWords: Catalogue['deviceWords'] = {
  open: 'Este dispositivo',
  title: 'Este dispositivo',
  help: 'Lo que este navegador guarda de tus salas, y lo que lo protege.',
  home: 'Página de inicio',
  loading: 'Mirando lo que hay guardado aquí…',
  failed: 'No se pudo leer lo que hay guardado aquí.',
  wait: 'Trabajando… tarda unos segundos.',
  cancel: 'Cancelar',
  close: 'Cerrar',
  done: 'Hecho',
  next: 'Siguiente',

  lock: 'Frase de contraseña',
  lockState: (state) =>
    state === 'open'
      ? 'No puesta. Una clave de este navegador cifra lo guardado; quien pueda copiar el disco de este ordenador puede copiar también esa clave.'
      : 'Puesta. Sin tu frase de contraseña o tu código de recuperación no puede leerse nada de lo guardado aquí.',
  set: 'Poner una frase de contraseña',
  change: 'Cambiar la frase de contraseña',
  remove: 'Quitar la frase de contraseña',
  removeTitle: '¿Quitar la frase de contraseña?',
  removeHelp: 'Desde entonces, quien pueda copiar el disco de este ordenador puede leer lo guardado aquí.',
  removeYes: 'Quitarla',
  setHelp:
    'La escribirás cada vez que se abra esta página. Cuatro palabras o más que no tengan que ver entre sí son una buena frase, fácil de recordar.',
  newPassphrase: 'Nueva frase de contraseña',
  tooShort: 'Usa al menos 10 caracteres.',
  again: 'La misma otra vez',
  notSame: 'Las dos no son iguales.',
  codeTitle: 'Apunta tu código de recuperación',
  codeHelp:
    'Abre tus salas si olvidas la frase de contraseña. Se muestra solo esta vez; guárdalo en papel, lejos de este ordenador.',
  codeLabel: 'Tu código de recuperación',
  copy: 'Copiar',
  copied: 'Copiado',
  typeBack: 'Escríbelo aquí, para que los dos sepamos que está bien',
  notTheCode: 'Ese no es el código de arriba.',
  protect: 'Poner la frase de contraseña',
  protectDone: 'La frase de contraseña está puesta.',
  protectFailed: 'No se pudo poner la frase de contraseña; todo sigue como antes.',
  unprotectFailed: 'No se pudo quitar la frase de contraseña.',

  kept: 'Salas guardadas aquí',
  none: 'Este navegador no guarda ninguna sala.',
  messages,
  restored: 'restaurada de una copia de seguridad, solo para leer',
  restoredName: (room) => `${room}, restaurada`,
  as: (one) => `como ${one.name || 'alguien'}`,
  read: 'Leer',
  export: 'Exportar',
  forget: 'Eliminar',
  forgetFailed: 'No se pudo eliminar.',

  exportTitle: 'Exportar el historial',
  exportHelp:
    'Un archivo con lo que se dijo en esta sala, tal como lo tiene este dispositivo. El archivo no está cifrado: quien lo obtenga puede leerlo.',
  exportHtml: 'Página para leer (HTML)',
  exportJson: 'Para programas (JSON)',
  exportFailed: 'No se pudo exportar el historial.',

  backup: 'Copia de seguridad',
  backupHelp:
    'Un archivo cifrado con quién eres en tus salas, a quién verificaste y lo que se dijo. No contiene ninguna clave que pueda leer mensajes nuevos: para participar en otro lugar sigues necesitando una invitación.',
  makeBackup: 'Hacer una copia de seguridad',
  restoreBackup: 'Restaurar una copia de seguridad',
  backupTitle: 'Hacer una copia de seguridad',
  backupChoice: 'Con qué se abrirá',
  byPassphrase: 'Una frase de contraseña que elijo',
  byCode: 'Un código de recuperación, hecho ahora',
  backupPassphraseHelp: 'Puede ser la de este dispositivo u otra. Sin ella, el archivo no sirve a nadie.',
  backupCodeHelp: 'Apúntalo. Se muestra solo esta vez, y sin él el archivo no sirve a nadie.',
  makeIt: 'Guardar el archivo',
  backupDone: 'La copia de seguridad está guardada.',
  backupFailed: 'No se pudo hacer la copia de seguridad.',

  restoreTitle: 'Restaurar una copia de seguridad',
  restoreHelp:
    'No se sobrescribe nada que este navegador sepa por sí mismo. Las salas restauradas pueden leerse; para volver a participar en una, abre su enlace de invitación.',
  file: 'Archivo de la copia',
  fileMissing: 'Elige primero el archivo.',
  opensBy: 'Con qué se abre',
  restore: 'Restaurar',
  restoreFailed: 'No se pudo restaurar la copia de seguridad.',
  restoredWords: (restored) => {
    const rooms = counted(restored.rooms, { one: '# sala', other: '# salas' })
    const kept = restored.keptOwnProfile ? ' Este navegador ya tenía una identidad propia, y la conserva.' : ''
    return `Restaurado: ${rooms} con ${messages(restored.messages)}.${kept}`
  },

  historyHelp:
    'Restaurado de una copia de seguridad, solo para leer. Son las palabras de quien hizo la copia; no están verificadas.',
  historyGone: 'Este historial ya no está aquí.',
  back: 'Volver',

  erase: 'Borrar todo en este dispositivo',
  eraseHelp:
    'Cada sala, clave, mensaje y ajuste que este navegador guarda de QSEC, en todas sus pestañas. Los demás en tus salas siguen viendo este dispositivo como miembro hasta que lo quiten; sal antes de las salas si puedes.',
  eraseTitle: '¿Borrar todo aquí?',
  eraseWarning:
    'No se puede deshacer. Sin copia de seguridad tu historial se pierde. El navegador elimina los archivos; lo que el propio disco conserva un tiempo de archivos eliminados está fuera del alcance de una página web.',
  eraseYes: 'Borrar todo',
  eraseFailed: 'No se pudo borrar todo.',
}

export const restoringWords: Catalogue['restoringWords'] = (reason) =>
  ({
    'no-backup': 'Este archivo no es una copia de seguridad de QSEC, o está cortado.',
    newer: 'Un QSEC más nuevo hizo este archivo. Recarga la página e inténtalo de nuevo.',
    'not-opened': 'Eso no lo abre: la frase de contraseña o el código está mal, o el archivo fue modificado.',
    unreadable: 'El archivo se abrió, pero lo que contiene tiene una forma que esta versión no conoce.',
    'no-code': lockWords.noCode,
    'too-large': 'El archivo es más grande que cualquier copia de seguridad de QSEC.',
  })[reason]
