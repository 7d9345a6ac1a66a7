/** French: `../room.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const roomWords: Catalogue['roomWords'] = {
  invite: 'Inviter',
  details: 'Détails du salon',
  side: 'À propos de ce salon',
  backToMessages: 'Retour aux messages',
  messages: 'Messages du salon',
  message: 'Votre message',
  send: 'Envoyer',
  earlier: 'Afficher les précédents',
  latest: 'Aller aux derniers',
  toUnread: 'Aller aux non lus',
  unread: 'Nouveaux messages',
  newMessages: (count) => counted(count, { one: '# nouveau message', other: '# nouveaux messages' }),
  retry: 'Réessayer',
  delete: 'Supprimer',
  delivered: (to, of) =>
    counted(to, { one: `# appareil sur ${wholeNumber(of)} l’a`, other: `# appareils sur ${wholeNumber(of)} l’ont` }),
  oddTime: 'heure du serveur',
  oddTimeHelp:
    'L’horloge de l’expéditeur indique une heure impossible ; voici donc quand le serveur a pris le message.',
  kind: (kind, locked = false) => `${kind === 'open' ? 'Salon ouvert' : 'Salon fermé'}${locked ? ', verrouillé' : ''}`,
  search: 'Rechercher',
  commands: 'Commandes',
  fullscreen: 'Plein écran',
  endFullscreen: 'Quitter le plein écran',
  noFullscreen: 'Le navigateur ne donne pas tout l’écran.',
  toDay: 'Aller à un autre jour',
  removed: 'Vous avez été retiré',
  ended: 'Terminé',
  kindHelp: (kind) =>
    kind === 'open'
      ? 'Salon ouvert : qui a l’adresse peut entrer, et qui fait tourner le serveur pourrait entrer aussi.'
      : 'Salon fermé : seul le lien d’invitation l’ouvre.',
  epochTitle: (epoch) => `Époque ${epoch} : les clés qui protègent le salon maintenant`,
  roomLog: 'Journal du salon',
  roomLogHelp:
    'Ce que le serveur a noté sur ce salon, en anglais : empreintes, heures et tailles. Aucun nom, aucun texte.',
  roomLogEmpty: 'Rien n’est encore noté.',
  leave: 'Quitter le salon',
  leaveTitle: 'Quitter ce salon ?',
  leaveHelp:
    'Ses clés et ses messages sont effacés de ce navigateur. Vous ne pouvez revenir que par une invitation, comme nouveau membre.',
  leaveAlone: 'Personne d’autre n’est à l’intérieur : le salon prend fin avec vous.',
  leaveOthers: 'Vos autres appareils restent dans le salon.',
  leaveYes: 'Quitter et effacer',
  stay: 'Rester',
}

export const connectionWords: Catalogue['connectionWords'] = (connection) =>
  ({ connected: 'Connecté', reconnecting: 'Reconnexion…', offline: 'Hors ligne' })[connection]

export const connectionHelp: Catalogue['connectionHelp'] = (connection) =>
  ({
    connected: undefined,
    reconnecting: 'La connexion est perdue et se rétablit. Ce que vous écrivez est gardé et part tout seul.',
    offline: 'Pas de réseau. Ce que vous écrivez est gardé sur cet appareil et part dès votre retour.',
  })[connection]

export const catchUpWords: Catalogue['catchUpWords'] = {
  making:
    'Le serveur a redémarré. On demande aux autres s’il manque quelque chose ici ; les messages continuent dans un instant.',
  asking: 'Le serveur a perdu quelque chose qui a été dit. On le demande à quelqu’un ici qui l’a.',
  waiting: 'Quelque chose qui a été dit manque, et personne ici ne l’a. Cela vient dès que quelqu’un l’a.',
  skip: 'Continuer sans cela',
}

export const notSent: Catalogue['notSent'] = {
  'too-large': 'Il est trop long pour le serveur. Envoyez-le en plusieurs parties.',
  'rate-limited': 'Le serveur a trop reçu en trop peu de temps. Réessayez dans une minute.',
  'no-access': 'Le serveur ne laisse plus cet appareil écrire ici.',
  unavailable: 'Le serveur ne peut pas prendre de messages maintenant. Réessayez dans une minute.',
  'bad-request': 'Le serveur ne l’a pas compris. Rechargez la page et réessayez.',
  internal: 'Le serveur a eu une panne. Réessayez ; si cela persiste, dites-le à qui le fait tourner.',
  'person-gone': 'Cette personne n’est plus dans le salon. Personne ne l’a reçu.',
  'not-delivered': 'Il n’a pas atteint cette personne. Personne d’autre ne l’a reçu.',
  lost: 'Il s’est perdu en sortant. Personne ne l’a vu.',
}

export const stateWords: Catalogue['stateWords'] = (state) =>
  ({
    held: 'Attend des clés quantiques',
    sending: 'Envoi',
    sent: 'Envoyé',
    delivered: 'Remis',
    'not-sent': 'Non envoyé',
    received: undefined,
  })[state]
