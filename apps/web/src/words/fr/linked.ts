/** French: `../linked.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const linkedWords: Catalogue['linkedWords'] = {
  title: 'Relier ce navigateur à votre autre appareil ?',
  help: (room) =>
    `Il entre dans ${room} comme un autre appareil de qui a fait ce lien, sous le même nom. Ne continuez que si c’était vous.`,
  yes: 'Relier cet appareil',
  no: 'Pas maintenant',
  taking: 'Le lien est pris…',
  waiting: 'En attente de votre autre appareil',
  waitingHelp: 'Il laisse entrer celui-ci de lui-même, ce qui prend quelques secondes. Gardez-y le salon ouvert.',
  waitingAlone: 'Votre autre appareil n’est pas connecté',
  waitingAloneHelp: 'Ouvrez-y le salon : il laisse entrer celui-ci de lui-même tant que le lien vaut.',
  removed: 'Cet appareil a été retiré',
  removedHelp:
    'Vous l’avez sorti de ce salon sur un autre de vos appareils. Ce qu’il avait du salon est effacé ici, et de nouvelles clés ont été faites.',
}

export const linkFailureWords: Catalogue['linkFailureWords'] = (reason) =>
  ({
    'link-over': {
      title: 'Ce lien d’appareil a pris fin',
      help: 'Un lien vaut pour un seul appareil et dix minutes. Faites-en un nouveau sur votre autre appareil. S’il y est dit que le lien a été pris, et que ce n’était pas vous, appuyez là-bas sur « Annuler ».',
      again: false,
    },
    'link-damaged': {
      title: 'Ce lien d’appareil n’a pas pu être ouvert',
      help: 'Le lien n’est pas entier, ou le serveur a remis autre chose que ce que votre appareil y avait laissé. Rien n’a été enregistré. Faites un nouveau lien.',
      again: false,
    },
    unreachable: {
      title: 'Le serveur ne répond pas',
      help: 'Contrôlez la connexion et réessayez. S’il est dit alors que le lien a pris fin, faites-en un nouveau.',
      again: true,
    },
    'rate-limited': {
      title: 'Trop d’essais en trop peu de temps',
      help: 'Le serveur demande une pause de dix minutes. Faites ensuite un nouveau lien.',
      again: false,
    },
  })[reason]
