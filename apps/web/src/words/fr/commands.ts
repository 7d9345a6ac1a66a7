/** French: `../commands.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const commandWords: Catalogue['commandWords'] = {
  title: 'Commandes',
  field: 'Commande',
  list: 'Ce qui peut se faire ici',
  slashes: 'Commandes dans le champ du message',
  count: (count) => counted(count, { one: '# commande', other: '# commandes' }),
  none: 'Pas de commande de ce nom.',
  close: 'Fermer',
  search: 'Rechercher dans les messages',
  day: 'Aller à un jour',
  latest: 'Aller aux derniers',
  invite: 'Inviter des personnes',
  editLast: 'Modifier mon dernier message',
  openDetails: 'Ouvrir les détails et les réglages du salon',
  closeDetails: 'Fermer les détails du salon',
  verify: 'Vérifier qui est ici',
  verifyPerson: (name) => `Vérifier ${name}`,
  person: (name) => `Qui est ${name}`,
  keys: 'Raccourcis clavier',
  enterSends: 'Envoyer le message avec Entrée',
  enterBreaks: 'Aller à la ligne avec Entrée',
  clear: 'Vider l’affichage',
  unclear: 'Afficher de nouveau les messages masqués',
  lock: 'Verrouiller le salon',
  unlock: 'Déverrouiller le salon',
  exchange: 'Lancer l’échange de clés',
  eavesdropperOn: 'Simuler un espion',
  eavesdropperOff: 'Arrêter la simulation de l’espion',
  typingOn: 'Montrer aux autres quand j’écris',
  typingOff: 'Ne pas montrer aux autres quand j’écris',
  readOn: 'Montrer aux autres ce que j’ai lu',
  readOff: 'Ne pas montrer aux autres ce que j’ai lu',
  profileOn: 'Dire à ce salon que c’est moi',
  profileOff: 'Ne pas dire à ce salon que c’est moi',
  linkDevice: 'Relier un autre appareil',
  exportRoom: 'Exporter les messages de ce salon',
  closeRoom: 'Fermer ce salon et continuer dans un salon fermé',
  device: 'Cet appareil : stockage, phrase de passe, sauvegarde',
  leave: 'Quitter le salon',
  failed: 'Cela n’a pas été fait.',
  enterSwitch: 'Entrée envoie le message',
  enterHelp:
    'Sinon, Entrée va à la ligne. Ctrl ou Cmd avec Entrée envoie toujours, Maj avec Entrée jamais. Retenu dans ce navigateur.',
}

export const slashWords: Catalogue['slashWords'] = {
  list: 'Commandes',
  count: (count) => counted(count, { one: '# commande correspond', other: '# commandes correspondent' }),
  unknown: (name) =>
    `Il n’y a pas de commande /${name}, rien n’a donc été envoyé. Pour envoyer le texte tel quel, commencez-le par deux barres obliques.`,
  meNothing: 'Dites ce que vous faites, comme dans « /me salue ». Rien n’a été envoyé.',
  nick: 'Votre nom est signé avec vos clés et reste tel quel dans ce salon. Pour en avoir un autre, quittez le salon et revenez par une invitation.',
  lockNo: 'Seul qui peut changer les réglages du salon peut le verrouiller. Rien n’a été envoyé.',
  titleNo: 'Seul qui peut changer les réglages du salon peut le nommer. Rien n’a été envoyé.',
  titleNone: 'Tapez le nom après : /title Club de lecture. Rien n’a été envoyé.',
  locked: 'Le salon est déjà verrouillé.',
  unlocked: 'Le salon n’est pas verrouillé.',
  verifyNobody: (name) => `Personne ici ne s’appelle ${name}.`,
  inviteNo: 'Il n’y a pas de lien à donner en ce moment.',
  notNow: 'Cela ne se peut pas tant que vous n’êtes pas dans le salon.',
  does: {
    help: 'Afficher les touches et les commandes',
    me: 'Dire ce que vous faites : /me salue',
    search: 'Rechercher dans les messages : /search mots',
    clear: 'Vider l’affichage de cet écran',
    invite: 'Afficher le lien d’invitation',
    verify: 'Vérifier quelqu’un : /verify nom',
    lock: 'Verrouiller le salon : personne de nouveau n’entre',
    unlock: 'Déverrouiller le salon',
    title: 'Nommer le salon : /title Club de lecture',
    leave: 'Quitter le salon',
    nick: 'Pourquoi votre nom reste tel quel',
  },
}

export const clearedWords: Catalogue['clearedWords'] = {
  title: 'Vous avez vidé l’affichage.',
  help: 'Rien n’a été supprimé : les messages sont encore sur cet appareil et sur ceux des autres. Ils sont de nouveau affichés après un rechargement.',
  show: 'Les afficher de nouveau',
}

export const shortcutWords: Catalogue['shortcutWords'] = {
  keys: 'Afficher cette liste',
  search: 'Rechercher dans les messages ; une fois de plus : la recherche du navigateur',
  palette: 'Toutes les commandes par leur nom',
  send: 'Envoyer',
  newLine: 'Nouvelle ligne',
  slash: 'Au début d’un message : une commande ; deux barres obliques en envoient une',
}
