/** Spanish: `../wishes.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const wishNames: Catalogue['wishNames'] = {
  invite: 'Hacer un enlace',
  'end-link': 'Terminar un enlace',
  'let-in': 'Dejar entrar a alguien',
  'put-out': 'Sacar a alguien',
  'remove-device': 'Quitar un dispositivo tuyo',
  settings: 'Cambiar la sala',
  admin: 'Cambiar quién tiene la administración',
  owner: 'Entregar la sala',
  end: 'Terminar la sala',
}

export const wishWords: Catalogue['wishWords'] = {
  title: 'Lo que espera la conexión',
  waits: (what) => `${what}: espera la conexión.`,
  help: 'Sale solo en cuanto vuelva la conexión, durante un día como máximo y mientras esta página siga abierta.',
  cancel: 'Cancelar',
  cancelLabel: (what) => `Cancelar: ${what}`,
  onItsWay: 'Puede que ya esté en camino y no se pueda retirar.',
}
