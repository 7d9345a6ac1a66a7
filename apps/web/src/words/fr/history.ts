/** French: `../history.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated } from '../locale.ts'

export const historyWords: Catalogue['historyWords'] = {
  openRoom: (room) => `Salon ouvert ${isolated(room)}`,
  closedRoom: (room) => `Salon fermé ${isolated(room)}`,
  notice: 'Exporté de QSEC. Ce fichier n’est pas chiffré : quiconque l’a peut le lire.',
  writtenBy: (name, date) =>
    `Écrit par l’appareil de ${isolated(name)} le ${date}. Les heures sont en UTC, d’après les horloges des auteurs.`,
  sharedBy: (sharer) => `(selon ${isolated(sharer)}, qui l’a partagé ; non vérifié)`,
  deleted: 'Supprimé par son auteur.',
  edited: 'modifié',
  disappears: (seconds) =>
    counted(seconds, {
      one: 'Disparaît du salon # seconde après avoir été vu.',
      many: 'Disparaît du salon # de secondes après avoir été vu.',
      other: 'Disparaît du salon # secondes après avoir été vu.',
    }),
  privateFrom: (name) => `Privé, de ${isolated(name)} : personne d’autre dans le salon ne pouvait le lire.`,
  privateWith: (name) => `Privé, avec ${isolated(name)} : personne d’autre dans le salon ne pouvait le lire.`,
  notHere: 'Un message qui n’est pas dans ce fichier.',
  reactions: 'Réactions',
}
