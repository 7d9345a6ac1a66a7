/** French: `../trust.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const trustWords: Catalogue['trustWords'] = {
  verify: 'Vérifier',
  accept: 'Continuer sans vérifier',
  asks: (name) => `${isolated(name)} veut comparer des images avec vous.`,
  asksHelp: 'Faites-le pendant que vous vous entendez ou vous voyez.',
  agree: 'Comparer',
  notNow: 'Pas maintenant',
  changed: (name) => `${isolated(name)} a d’autres clés que la personne de ce nom rencontrée ici avant.`,
  changedHelp:
    'C’est peut-être un nouveau navigateur, ou quelqu’un d’autre. Vérifiez cette personne avant de lui dire quoi que ce soit de confidentiel.',
  blocked: (name) =>
    `${isolated(name)} porte un nom semblable à celui d’une personne que vous avez vérifiée, avec d’autres clés.`,
  blockedHelp: 'Rien de ce que vous écrivez n’est envoyé avant que vous la vérifiiez ou décidiez de continuer.',
  split: (name) => `Le serveur montre à vous et à ${isolated(name)} des historiques différents de ce salon.`,
  splitHelp:
    'Comparez le code du salon par un autre moyen. S’il diffère, partez, et créez un nouveau salon sur un serveur auquel vous vous fiez.',
  splitCompare: 'Montrer le code du salon',
  dismiss: 'J’ai vu',
  alerts: 'Demande votre attention',
}

export const standingTag: Catalogue['standingTag'] = ({ trust }) =>
  ({
    self: undefined,
    new: 'Nouveau',
    seen: 'Déjà vu',
    verified: 'Vérifié',
    changed: 'Clés changées',
  })[trust]
