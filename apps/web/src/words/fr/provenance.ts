/** French: `../provenance.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'

export const provenanceWords: Catalogue['provenanceWords'] = {
  open: 'Historique des clés',
  title: 'Historique des clés',
  intro:
    'Les clés du salon changent à chaque époque. Voici d’où elles viennent, pour chaque époque où cet appareil était présent et dont il se souvient. Cela reste sur cet appareil seul.',
  honest:
    'Les liens quantiques s’ajoutent à X25519 et ML-KEM-768. Jusqu’où ils vont est une information, pas une protection ; des clés de photons simulés n’ajoutent aucune sécurité.',
  list: 'Époques',
  empty: 'Rien n’est encore noté.',
  reading: 'Lecture de ce que cet appareil a noté…',
  failed: 'L’historique des clés n’a pas pu être lu.',
  epoch: (epoch) => `Époque ${epoch}`,
  present: 'maintenant',
  more: 'Afficher les époques plus anciennes',
  export: 'Enregistrer en JSON',
  exportFailed: 'L’historique des clés n’a pas pu être enregistré.',
  close: 'Fermer',
  x25519: 'X25519',
  mlKem: 'ML-KEM-768',
  link: 'Lien d’invitation',
  linkMixed: 'Le secret d’un lien d’invitation est mêlé aux clés de cette époque.',
  quantum: 'Clé quantique',
  reach: 'Liens',
  reaches: (label, have, of) => `${label} ; liens quantiques : ${wholeNumber(have)} sur ${wholeNumber(of)}`,
  keyId: (id) => `Identifiant de la clé : ${id}`,
  eavesdropper: 'Un espion s’est montré sur un lien pendant cette époque. Depuis, elle n’est plus dite quantique.',
}

export const epochReasonWords: Catalogue['epochReasonWords'] = {
  created: 'Vous avez créé le salon ici.',
  entered: 'Vous êtes entré ici. Ce qu’il y avait avant, cet appareil ne le sait pas.',
  returned: 'Cet appareil est revenu ici, avec de nouvelles clés à lui.',
  quantum: 'Une clé des liens quantiques est arrivée.',
  settings: 'Les réglages du salon ont changé.',
  update: 'Des clés ont été renouvelées, et rien d’autre.',
  join: (people, nameOf) => `Entrée dans le salon : ${listPeople(people, nameOf)}.`,
  rejoin: (people, nameOf) => `Retour dans le salon : ${listPeople(people, nameOf)}.`,
  leave: (people, nameOf) => `Sortie du salon : ${listPeople(people, nameOf)}.`,
  by: (person, nameOf) => `Fait par ${listPeople([person], nameOf)}.`,
}

export const renewalWords: Catalogue['renewalWords'] = {
  before: 'Renouvelées pour la dernière fois avant l’arrivée de cet appareil.',
  now: (by, nameOf) => `Renouvelées avec cette époque par ${listPeople([by], nameOf)}.`,
  earlier: (epoch, by, nameOf) =>
    `Renouvelées pour la dernière fois avec l’époque ${epoch} par ${listPeople([by], nameOf)}.`,
}

export const groupSecretWords: Catalogue['groupSecretWords'] = {
  none: 'Aucune dans cette époque.',
  now: (from, nameOf) => `Elle est arrivée avec cette époque, tirée par ${listPeople([from], nameOf)}.`,
  earlier: (since, from, nameOf) => `Elle est arrivée avec l’époque ${since}, tirée par ${listPeople([from], nameOf)}.`,
  pads: {
    none: 'Remise dans des lignes privées scellées, sous aucune clé d’un lien quantique.',
    hardware: 'Remise sous des clés de matériel QKD (ETSI GS QKD 014).',
    simulated: 'Remise sous des clés de BB84 avec des photons simulés.',
  },
  to: {
    none: (name) => `${name} : sans clé d’un lien quantique`,
    hardware: (name) => `${name} : sous une clé de matériel`,
    simulated: (name) => `${name} : sous une clé de photons simulés`,
  },
}
