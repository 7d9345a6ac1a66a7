/** French: `../details.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const detailsWords: Catalogue['detailsWords'] = {
  open: 'Détails',
  title: 'À propos de ce message',
  written: 'Écrit',
  edited: 'Modifié',
  delivery: 'Où il en est',
  close: 'Fermer',
}

export const removeWords: Catalogue['removeWords'] = {
  title: 'Supprimer ce message ?',
  help: 'Il est retiré des appareils de tout le salon à leur prochaine connexion. Qui l’a lu l’a lu, et qui l’a copié garde la copie.',
  yes: 'Supprimer pour tous',
  no: 'Le garder',
  privateHelp:
    'Il est retiré de vos appareils et de ceux de l’autre personne dès leur prochaine connexion. Qui l’a lu l’a lu, et qui l’a copié garde la copie.',
  privateYes: 'Supprimer pour les deux',
  failed: 'Le message n’a pas été supprimé.',
}
