/** Spanish: `../successor.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const closeWords: Catalogue['closeWords'] = {
  open: 'Cerrar esta sala…',
  openHelp: 'Seguir en una sala privada, con las personas que elijas.',
  title: '¿Cerrar esta sala?',
  help: [
    'Se crea una sala cerrada nueva, contigo dentro. Cada persona que marques recibe una invitación que vale solo para ella, 7 días.',
    'Lo que se dijo aquí no va con vosotros. Cualquiera con la dirección podía entrar aquí: marca a quien conozcas, mejor a quien hayas verificado.',
  ],
  who: 'A quién invitas',
  nobodyHere: 'No hay nadie más aquí. Crea mejor una sala cerrada en la página de inicio.',
  end: 'Terminar la sala abierta ahora',
  endHelp:
    'Una vez invitadas todas las personas marcadas. Entonces nadie puede escribir aquí; lo que se dijo sigue siendo legible.',
  go: 'Cerrar la sala',
  goOn: 'Intentar de nuevo',
  cancel: 'Cancelar',
  later: 'Volver a los mensajes',
  nobody: 'Marca a alguien para invitar.',
  tooMany: 'Marca 15 personas como máximo. Se puede invitar a más desde la sala cerrada.',
  working: 'Creando la sala cerrada e invitando a la gente. Tarda un momento.',
  done: 'La sala cerrada está lista.',
  ended: 'La sala abierta ha terminado.',
  notEnded: 'La sala abierta sigue ahí. Puedes terminarla en «Detalles de la sala».',
  failed:
    'No se pudo invitar a todos, así que la sala abierta no se terminó. Lo hecho queda hecho: inténtalo de nuevo, o sigue sin ellos.',
  endAnyway: 'Terminar la sala abierta de todos modos',
}

export const progressWords: Catalogue['progressWords'] = (progress, present) =>
  ({
    waiting: 'sin invitación todavía',
    sending: 'invitación en camino',
    handed: present ? 'invitación entregada' : 'fuera: la invitación espera en el servidor hasta un día',
    taken: 'tiene la invitación',
    lost: 'sin invitación',
    refused: 'sin invitación',
  })[progress]

export const successorWords: Catalogue['successorWords'] = {
  region: 'Dónde sigue esta sala',
  invites: (name) => `${name} cerró esta sala y te invita a una privada.`,
  own: 'Creaste una sala cerrada que ocupa el lugar de esta.',
  join: 'Entrar en la sala cerrada',
  enter: 'Ir a la sala cerrada',
}
