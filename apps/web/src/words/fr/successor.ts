/** French: `../successor.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const closeWords: Catalogue['closeWords'] = {
  open: 'Fermer ce salon…',
  openHelp: 'Continuer dans un salon privé, avec les personnes que vous choisissez.',
  title: 'Fermer ce salon ?',
  help: [
    'Un nouveau salon fermé est créé, avec vous dedans. Chaque personne que vous cochez reçoit une invitation qui vaut pour elle seule, 7 jours.',
    'Ce qui a été dit ici ne suit pas. Qui avait l’adresse pouvait entrer ici : cochez qui vous connaissez, de préférence qui vous avez vérifié.',
  ],
  who: 'Qui vous invitez',
  nobodyHere: 'Personne d’autre n’est ici. Créez plutôt un salon fermé sur la page d’accueil.',
  end: 'Mettre fin au salon ouvert maintenant',
  endHelp:
    'Une fois invitées toutes les personnes cochées. Personne ne peut alors écrire ici ; ce qui a été dit reste lisible.',
  go: 'Fermer le salon',
  goOn: 'Réessayer',
  cancel: 'Annuler',
  later: 'Retour aux messages',
  nobody: 'Cochez quelqu’un à inviter.',
  tooMany: 'Cochez 15 personnes au plus. D’autres peuvent être invitées depuis le salon fermé.',
  working: 'Création du salon fermé et envoi des invitations. Cela prend un instant.',
  done: 'Le salon fermé est prêt.',
  ended: 'Le salon ouvert est terminé.',
  notEnded: 'Le salon ouvert existe encore. Vous pouvez y mettre fin dans « Détails du salon ».',
  failed:
    'Tout le monde n’a pas pu être invité, le salon ouvert n’a donc pas pris fin. Ce qui est fait reste fait : réessayez, ou continuez sans eux.',
  endAnyway: 'Mettre fin au salon ouvert malgré tout',
}

export const progressWords: Catalogue['progressWords'] = (progress, present) =>
  ({
    waiting: 'pas encore d’invitation',
    sending: 'invitation en route',
    handed: present ? 'invitation remise' : 'hors ligne : l’invitation attend au serveur jusqu’à un jour',
    taken: 'a l’invitation',
    lost: 'pas d’invitation',
    refused: 'pas d’invitation',
  })[progress]

export const successorWords: Catalogue['successorWords'] = {
  region: 'Où ce salon continue',
  invites: (name) => `${name} a fermé ce salon et vous invite dans un salon privé.`,
  own: 'Vous avez créé un salon fermé qui prend la place de celui-ci.',
  join: 'Entrer dans le salon fermé',
  enter: 'Aller au salon fermé',
}
