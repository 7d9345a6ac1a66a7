/** French: `../home.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const homeWords: Catalogue['homeWords'] = {
  title: 'QSEC',
  sentence:
    'Une discussion de groupe privée dans le navigateur. Seules les personnes d’un salon peuvent la lire ; le serveur qui la transporte ne le peut pas.',
  name: 'Votre nom',
  nameMissing: 'Tapez un nom ; les autres dans le salon le verront.',
  room: 'Identifiant du salon',
  roomHint: 'Un mot crée un salon ouvert ou y entre. Un lien d’invitation marche ici aussi.',
  roomNotUnderstood:
    'Un identifiant a 1 à 20 lettres, chiffres, tirets ou tirets bas. Un lien d’invitation entier marche aussi.',
  roomElsewhere: (host) => `Ce lien mène à un autre serveur, ${isolated(host)}. Ouvrez-le dans son propre onglet.`,
  expected: 'Personnes attendues',
  expectedHint: 'Le salon n’en laisse pas entrer plus.',
  expectedBad: 'Tapez un nombre entier de 1 à 1 000, ou laissez le champ vide.',
  optional: 'facultatif',
  create: 'Créer un salon',
  join: 'Entrer dans le salon',
  creating: 'Création des clés de votre salon…',
  noRoom: 'Le salon n’a pas pu être créé.',
  seesTitle: 'Ce que voit le serveur',
  sees: 'Quels appareils sont reliés à quel salon, quand, et combien ils envoient. Jamais ce que vous écrivez, ni votre nom.',
  openIsOpen:
    'Un salon ouvert laisse entrer qui connaît son mot, et qui fait tourner le serveur pourrait entrer aussi.',
  device: 'Cet appareil',
  about: 'À propos de cette page',
  closedIsClosed: 'Vous obtenez un salon fermé : seul son lien l’ouvre.',
}
