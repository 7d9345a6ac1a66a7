/** Spanish: `../devices.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { clock } from '../devices.ts'
import { dateAndTime } from '../time.ts'

export const devicesWords: Catalogue['devicesWords'] = {
  title: 'Tus dispositivos',
  help: 'Cada uno lee y escribe aquí con tu nombre, con claves propias.',
  list: 'Tus dispositivos en esta sala',
  this: 'Este dispositivo',
  other: 'Otro dispositivo',
  code: 'código',
  facts: (state, when, label) => `${state}, ${when}, ${label}`,
  added: (atMs) => `añadido ${dateAndTime(atMs)}`,
  remove: 'Quitar este dispositivo',
  removeOf: (code) => `Quitar este dispositivo, código ${code}`,
  removeTitle: '¿Quitar este dispositivo de la sala?',
  removeHelp: (code) => [
    `El dispositivo con el código ${code} queda fuera de esta sala al momento, y borra lo que tiene de ella en cuanto se entera.`,
    'Se hacen claves nuevas para todos los demás, y terminan todos los enlaces de invitación.',
  ],
  removeYes: 'Quitar y hacer claves nuevas',
  cancel: 'Cancelar',
  link: 'Vincular otro dispositivo',
}

export const linkDeviceWords: Catalogue['linkDeviceWords'] = {
  title: 'Vincular otro dispositivo',
  help: 'Abre este enlace en tu otro dispositivo, o escanea el código con su cámara. Entra en esta sala con tu nombre.',
  danger: 'Quien lo abra primero pasa a ser tú en esta sala. No se lo enseñes ni se lo envíes a nadie.',
  making: 'Haciendo el enlace…',
  field: 'Enlace de dispositivo',
  gives: 'Vale para un dispositivo y termina cuando cierras esto.',
  left: (ms) => `Termina en ${clock(ms)}`,
  taken: 'Tu otro dispositivo ha tomado el enlace y pide entrar',
  takenHelp: '¿No fuiste tú? Pulsa «Cancelar»: entonces nadie entra por este enlace.',
  in: 'Ya está dentro',
  inHelp: 'Tu otro dispositivo lee y escribe aquí desde ahora. Lo que se dijo antes se queda en este.',
  over: 'El enlace ha terminado',
  overHelp: 'Un enlace vale diez minutos y para un dispositivo.',
  again: 'Hacer un enlace nuevo',
  cancel: 'Cancelar',
  close: 'Cerrar',
}
