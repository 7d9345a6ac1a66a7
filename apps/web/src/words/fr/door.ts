/** French: `../door.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const doorWords: Catalogue['doorWords'] = {
  title: 'Entrer dans le salon',
  name: 'Votre nom',
  nameHint: 'Les autres dans le salon le voient. Le serveur, non.',
  nameMissing: 'Tapez un nom.',
  join: 'Entrer',
  notNow: 'Pas maintenant',
  preview: (kind, short) =>
    kind === 'open' ? `Salon ouvert « ${isolated(short)} »` : `Salon fermé ${short}, par lien d’invitation`,
  previewHelp: (kind) =>
    kind === 'open'
      ? 'Qui a cette adresse peut entrer, et qui fait tourner le serveur pourrait entrer aussi.'
      : 'Quelqu’un à l’intérieur vous laisse entrer. Vous ne verrez pas ce qui a été dit avant.',
  paused: 'Vous n’êtes pas entré dans ce salon',
  pausedHelp: 'Choisissez un nom pour entrer.',
  chooseName: 'Choisir un nom',
  home: 'Page d’accueil',
  stored: 'Lecture de ce qui est enregistré ici…',
  looking: 'Recherche de vos clés pour ce salon…',
  entering: 'Ouverture du salon…',
  failed: 'Le salon n’a pas pu être ouvert',
  again: 'Réessayer',
  needsLink: 'Il vous faut le lien d’invitation complet',
  needsLinkHelp:
    'Cette adresse désigne un salon fermé. Sa clé se trouve dans le lien d’invitation après le signe #, et cette partie manque ici ; elle s’est peut-être perdue en copiant.',
  needsLinkDo: 'Demandez à quelqu’un du salon d’appuyer sur « Inviter » et de vous envoyer le lien entier.',
  nowhere: 'Il n’y a rien à cette adresse',
  nowhereHelp:
    'L’adresse d’un salon est /room/ suivi de 1 à 20 lettres, chiffres, tirets ou tirets bas, ou un lien d’invitation.',
}

export const phaseWords: Catalogue['phaseWords'] = {
  connecting: 'Connexion…',
  connectingHelp: 'Le serveur est contacté.',
  connectingLong: 'Cela prend plus de temps qu’il ne faudrait. Le serveur est peut-être arrêté, ou votre réseau.',
  waiting: 'En attente que quelqu’un du salon vous laisse entrer',
  waitingHelp:
    'Un appareil à l’intérieur contrôle votre invitation. Cela prend quelques secondes ; plus si le salon est plein, ou si quelqu’un doit accepter.',
  waitingAlone: 'En attente de quelqu’un du salon',
  waitingAloneHelp:
    'Personne qui pourrait vous laisser entrer n’est connecté maintenant. Votre demande reste 7 jours sur le serveur ; vous entrez dès que quelqu’un ouvre le salon.',
  rejoining: 'Retour dans le salon',
  rejoiningHelp:
    'Cet appareil a perdu le fil et demande à être ajouté de nouveau. Vous pourrez écrire dans un instant.',
  rejoiningAlone: 'En attente de revenir dans le salon',
  rejoiningAloneHelp:
    'Cet appareil a perdu le fil et doit être ajouté de nouveau par quelqu’un à l’intérieur ; personne n’est connecté maintenant. Cela se fait tout seul dès que quelqu’un vient.',
  stopWaiting: 'Ne plus attendre',
  left: 'Vous avez quitté le salon',
  leftHelp: 'Ses clés et ses messages sont effacés de ce navigateur.',
}

export const tokenWords: Catalogue['tokenWords'] = {
  label: 'Jeton du serveur',
  make: 'Créer le salon',
  missing: 'Tapez d’abord le jeton.',
}

type Refusal = ReturnType<Catalogue['refusalWords']>

const refusedDevice: Refusal = {
  title: 'Le serveur a refusé cet appareil',
  help: 'C’est une faute du serveur ou de cette page, pas la vôtre. Réessayez ; si cela persiste, dites-le à qui fait tourner le serveur.',
  again: true,
}
const notAccepted: Refusal = {
  title: 'Le serveur n’a pas accepté cet appareil',
  help: 'Souvent, l’horloge de cet ordinateur est fausse. Réglez-la et réessayez.',
  again: true,
}

export const refusalWords: Catalogue['refusalWords'] = (code, kind) => {
  const refusals: Readonly<Record<typeof code, Refusal>> = {
    'room-full': {
      title: 'Ce salon est plein',
      help: 'Il accueille un nombre fixe de personnes, et toutes sont là. Demandez-leur d’augmenter ce nombre, ou réessayez quand quelqu’un sera parti.',
      again: true,
    },
    'no-access': {
      title: 'Ce salon ne vous est pas ouvert',
      help:
        kind === 'closed'
          ? 'Le salon n’existe plus, il est verrouillé, ou le lien d’invitation a pris fin. Les liens prennent fin après leur délai, quand ils sont épuisés, et chaque fois que quelqu’un est retiré. Demandez-en un nouveau à quelqu’un à l’intérieur.'
          : 'Le serveur ne laisse pas entrer cet appareil. Choisissez un autre mot, ou demandez à qui fait tourner le serveur.',
      again: true,
    },
    'needs-token': {
      title: 'Ce serveur demande qui crée des salons',
      help: 'Qui le fait tourner a un jeton pour cela. Demandez-le et tapez-le ici ; cette page l’oublie quand elle est fermée. Qui a un lien d’invitation n’en a pas besoin.',
      again: false,
    },
    'needs-link': { title: doorWords.needsLink, help: doorWords.needsLinkHelp, again: false },
    'bad-welcome': {
      title: 'Le salon n’a pas prouvé être le bon',
      help: 'Ce que cet appareil a reçu n’appartient pas à l’adresse que vous avez ouverte. Rien n’a été montré et rien envoyé. Demandez un nouveau lien par un moyen auquel vous vous fiez.',
      again: true,
    },
    storage: {
      title: 'Ce navigateur ne laisse rien enregistrer à la page',
      help: 'Sans cela, vos clés seraient perdues au prochain rechargement. Quittez la navigation privée, ou libérez de la place, et réessayez.',
      again: true,
    },
    replaced: {
      title: 'Cet appareil est utilisé ailleurs',
      help: 'Une copie de ses données a pris sa place dans le salon ; ce profil de navigateur a peut-être été copié ou restauré d’une sauvegarde. Un seul des deux peut être dans le salon. Si vous ne connaissez pas de copie, quelqu’un l’a peut-être volée : demandez aux autres de retirer cet appareil, et revenez par un nouveau lien.',
      again: true,
    },
    'client-older': {
      title: 'Cette page est plus ancienne que le serveur',
      help: 'Rechargez la page : alors ils vont de nouveau ensemble. Vos clés et vos messages restent où ils sont.',
      again: false,
    },
    'relay-older': {
      title: 'Le serveur est plus ancien que cette page',
      help: 'Qui le fait tourner doit le mettre à jour. Vos clés et vos messages restent où ils sont ; réessayez alors.',
      again: true,
    },
    version: {
      title: 'Cette page et le serveur ne vont pas ensemble',
      help: 'L’un des deux est plus ancien. Rechargez la page ; si cela n’aide pas, le serveur doit être mis à jour.',
      again: true,
    },
    'login-failed': notAccepted,
    'not-logged-in': notAccepted,
    'rate-limited': {
      title: 'Trop d’essais en trop peu de temps',
      help: 'Le serveur demande une pause. Attendez une minute et réessayez.',
      again: true,
    },
    unavailable: {
      title: 'Le serveur ne peut pas vous accueillir maintenant',
      help: 'Il démarre, s’arrête, ou son disque est plein. Réessayez dans une minute.',
      again: true,
    },
    exists: { title: 'Un salon de ce nom existe déjà', help: 'Réessayez pour y entrer.', again: true },
    'bad-request': refusedDevice,
    'too-large': refusedDevice,
    'stale-epoch': refusedDevice,
    'out-of-order': refusedDevice,
    internal: refusedDevice,
  }
  return refusals[code]
}

export const roomTitle: Catalogue['roomTitle'] = (kind, short) => (kind === 'open' ? short : `Salon ${short}`)
