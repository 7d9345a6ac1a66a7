/** French: `../invite.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const inviteWords: Catalogue['inviteWords'] = {
  title: 'Inviter des personnes',
  link: 'Lien d’invitation',
  copy: 'Copier le lien',
  copied: 'Copié',
  notCopied: 'Ce navigateur ne laisse pas la page copier. Le lien est sélectionné : copiez-le au clavier.',
  qr: 'Code QR',
  noQr: 'Le code QR n’a pas pu être dessiné ; le lien lui-même marche.',
  close: 'Fermer',
  waiting: 'En attente de quelqu’un',
  waitingHelp: 'Envoyez ce lien à qui vous voulez ici. Cette page devient la discussion dès que quelqu’un vient.',
  localhostOnly: 'Seul cet ordinateur peut ouvrir ce lien : son adresse est localhost.',
  localhostHelp:
    'Pour les personnes de ce réseau, lancez le serveur avec `npm start -- --lan`, pour les autres avec `npm start -- --public`, et ouvrez-y le salon.',
  guide: 'Les téléphones et ordinateurs qui ne sont jamais venus ici ouvrent d’abord cette adresse, une fois :',
  none: 'Ce salon n’a pas de lien d’invitation valable en ce moment. Quelqu’un a été retiré, ou le lien a pris fin ; un nouveau est en cours de création.',
  gives: (kind) =>
    kind === 'open'
      ? 'C’est un salon ouvert : son adresse suffit pour entrer, et qui fait tourner le serveur pourrait entrer aussi.'
      : 'Qui a ce lien peut entrer et lit à partir de là, pas ce qui a été dit avant. Il laisse entrer beaucoup de personnes et prend fin après 7 jours.',
  keep: 'Ce qui suit # est la clé. Elle n’atteint jamais le serveur : envoyez donc le lien par un moyen auquel vous vous fiez.',
}
