/** Spanish: `../trust.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const trustWords: Catalogue['trustWords'] = {
  verify: 'Verificar',
  accept: 'Seguir sin verificar',
  asks: (name) => `${isolated(name)} quiere comparar imágenes contigo.`,
  asksHelp: 'Hacedlo mientras os oís u os veis.',
  agree: 'Comparar',
  notNow: 'Ahora no',
  changed: (name) => `${isolated(name)} tiene otras claves que la persona con ese nombre que conociste aquí.`,
  changedHelp: 'Puede ser un navegador nuevo, u otra persona. Verifícala antes de decirle algo que sea solo para ella.',
  blocked: (name) => `${isolated(name)} tiene un nombre como el de alguien que verificaste, y otras claves.`,
  blockedHelp: 'Nada de lo que escribes se envía hasta que la verifiques o decidas seguir.',
  split: (name) => `El servidor os muestra a ti y a ${isolated(name)} historiales distintos de esta sala.`,
  splitHelp:
    'Comparad el código de la sala por otro medio. Si es distinto, sal y crea una sala nueva en un servidor del que te fíes.',
  splitCompare: 'Mostrar el código de la sala',
  dismiss: 'Lo he visto',
  alerts: 'Necesita tu atención',
}

export const standingTag: Catalogue['standingTag'] = ({ trust }) =>
  ({
    self: undefined,
    new: 'Nueva',
    seen: 'Ya conocida',
    verified: 'Verificada',
    changed: 'Claves cambiadas',
  })[trust]
