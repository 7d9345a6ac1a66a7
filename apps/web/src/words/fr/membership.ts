/** French: `../membership.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { expiryWords } from '../membership.ts'
import { lifetimeWords } from './lifetime.ts'
import { daysWords } from './time.ts'

export const linkWords: Catalogue['linkWords'] = {
  title: 'Liens valables',
  end: 'Mettre fin à ce lien',
  endAsk: 'Qui l’a et n’est pas encore entré reste alors dehors.',
  endYes: 'Y mettre fin',
  keep: 'Le garder',
  newLink: 'Nouveau lien',
  who: 'Qui peut entrer avec',
  anyone: 'Toute personne qui l’a',
  one: 'Une seule personne',
  asked: 'On interroge pour chaque personne',
  ends: 'Prend fin après',
  make: 'Faire le lien',
  cancel: 'Annuler',
  locked:
    'Le salon est verrouillé. Aucun lien ne laisse entrer personne jusqu’à ce qu’il soit déverrouillé dans « Détails du salon ».',
  notYou: (owner) =>
    owner === undefined
      ? 'Seuls le propriétaire et les admins laissent entrer ici. Demandez à l’un d’eux.'
      : `Seuls le propriétaire et les admins laissent entrer ici. Demandez à ${owner}.`,
}

export const linkLifetimeWords: Catalogue['linkLifetimeWords'] = { hour: '1 heure', day: '1 jour', week: '7 jours' }

export const usesWords: Catalogue['usesWords'] = (usesLeft) =>
  usesLeft === undefined
    ? 'autant de personnes que l’on veut'
    : counted(usesLeft, { one: 'encore # utilisation', other: 'encore # utilisations' })

export const endsWords: Catalogue['endsWords'] = {
  ended: 'a pris fin',
  ends: (inTime) => `prend fin ${inTime}`,
}

export const givesWords: Catalogue['givesWords'] = (invite, nowMs) => {
  const ends = `Il ${expiryWords(invite.expiresMs, nowMs)}.`
  if (invite.mode === 'approve') {
    return `Qui ouvre ce lien demande à entrer, et quelqu’un ici accepte ou refuse. Qui entre lit à partir de là, pas ce qui a été dit avant. ${ends}`
  }
  if (invite.usesLeft === 1) {
    return `La première personne qui ouvre ce lien entre et lit à partir de là, pas ce qui a été dit avant. ${ends}`
  }
  return `Qui a ce lien peut entrer et lit à partir de là, pas ce qui a été dit avant. ${ends}`
}

export const personWords: Catalogue['personWords'] = {
  remove: (name) => `Retirer ${name} du salon`,
  removeShort: 'Retirer…',
  removeTitle: (name) => `Retirer ${name} de ce salon ?`,
  removeHelp: (name) => [
    `De nouvelles clés sont faites pour tous les autres : ce qui se dit dès lors, ${name} ne peut pas le lire.`,
    'Tous les liens prennent fin, et un nouveau est fait.',
    `Ce que ${name} a déjà lu lui reste. Son retour n’est possible que si quelqu’un le permet.`,
  ],
  removeYes: 'Retirer et faire de nouvelles clés',
  makeAdmin: (name) => `Nommer ${name} admin`,
  noAdmin: (name) => `Retirer à ${name} le rôle d’admin`,
  handOver: (name) => `Remettre le salon à ${name}`,
  handOverTitle: (name) => `Remettre le salon à ${name} ?`,
  handOverHelp: (name) => [
    `Le salon appartient alors à ${name} : nommer des admins, mettre fin au salon et vous en sortir lui est possible.`,
    `Vous restez admin. Seul ${name} peut vous le rendre.`,
  ],
  handOverYes: 'Remettre',
  cancel: 'Annuler',
}

export const settingsWords: Catalogue['settingsWords'] = {
  title: 'Réglages du salon',
  lock: 'Verrouiller le salon',
  lockHelp: 'Personne de nouveau n’entre, par quelque lien que ce soit, jusqu’au déverrouillage. Les présents restent.',
  admit: 'Qui laisse entrer',
  admitHelp: 'Fait les liens et y met fin, et accepte les personnes qui demandent à entrer.',
  everyone: 'Tout le salon',
  admins: 'Le propriétaire et les admins',
  name: 'Nom du salon',
  nameNote: 'vide : aucun',
  nameHelp: 'Tout le monde dans le salon le voit. Le serveur, non.',
  nameSet: 'Donner ce nom',
  capacity: 'Personnes au plus',
  capacityNote: 'vide : sans limite',
  capacityBad: (fewest, most) => `Tapez un nombre entier de ${wholeNumber(fewest)} à ${wholeNumber(most)}, ou rien.`,
  capacitySet: 'Fixer la limite',
  quantum: 'Exiger des clés quantiques',
  quantumHelp:
    'Rien n’est envoyé avant que chaque appareil ici ait une clé d’un lien quantique. Un appareil absent bloque tout le monde jusqu’à son retour ou son retrait. Dans cette version, les photons sont simulés, ce qui n’ajoute donc aucune sécurité : cela montre comment un tel salon fonctionne.',
  keep: 'Garder les messages scellés jusqu’à leur remise',
  keepHelp: (days) =>
    `Qui est absent des jours entiers ne manque rien, même si le serveur redémarre. Pendant ${daysWords(days)} au plus, le disque du serveur contient alors ce qu’un appareil n’a pas encore reçu : scellé, si bien que personne ne peut l’y lire. On y voit combien il y a de messages, leur taille, quand et de quel appareil, et des copies du disque peuvent les garder plus longtemps.`,
  end: 'Mettre fin au salon pour tous',
  endTitle: 'Mettre fin à ce salon pour tous ?',
  endHelp: [
    'Personne ne peut plus écrire ici ni entrer, et personne ne peut l’annuler.',
    'Ce qui a été dit reste lisible sur les appareils qui l’ont, jusqu’à ce qu’on l’y efface.',
  ],
  endSure: 'Je veux que ce salon prenne fin pour toutes les personnes qui s’y trouvent.',
  endNotSure: 'Cochez d’abord la ligne ci-dessus.',
  endYes: 'Mettre fin au salon',
  cancel: 'Annuler',
}

export const settingsSentences: Catalogue['settingsSentences'] = (
  { locked, admitBy, capacity, quantum, keepSealed, lifetimeS },
  kind,
) => [
  locked ? 'Le salon est verrouillé : personne de nouveau n’entre.' : 'Le salon n’est pas verrouillé.',
  ...(kind === 'closed'
    ? [admitBy === 'everyone' ? 'Tout le salon laisse entrer.' : 'Le propriétaire et les admins laissent entrer.']
    : []),
  ...(quantum === 'required' ? ['Des clés quantiques (simulées) sont exigées : rien n’est envoyé sans elles.'] : []),
  ...(lifetimeS === undefined ? [] : [lifetimeWords.roomSentence(lifetimeS)]),
  capacity === undefined
    ? 'Le nombre de personnes n’est pas limité.'
    : counted(capacity, { one: 'Il accueille # personne au plus.', other: 'Il accueille # personnes au plus.' }),
  keepSealed === undefined
    ? 'Le serveur ne garde aucun message sur son disque.'
    : `Le serveur garde les messages scellés sur son disque pendant ${daysWords(keepSealed)} au plus, jusqu’à ce que chaque appareil les ait.`,
]

export const leaderWords: Catalogue['leaderWords'] = (owner) =>
  owner === undefined
    ? 'Son propriétaire est parti ; les admins dirigent ce salon.'
    : `Ce salon appartient à ${owner}. Seuls le propriétaire et les admins changent ce qui se trouve ici.`
