/** French: `../devices.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { clock } from '../devices.ts'
import { dateAndTime } from '../time.ts'

export const devicesWords: Catalogue['devicesWords'] = {
  title: 'Vos appareils',
  help: 'Chacun lit et écrit ici sous votre nom, avec ses propres clés.',
  list: 'Vos appareils dans ce salon',
  this: 'Cet appareil',
  other: 'Un autre appareil',
  code: 'code',
  facts: (state, when, label) => `${state}, ${when}, ${label}`,
  added: (atMs) => `ajouté ${dateAndTime(atMs)}`,
  remove: 'Retirer cet appareil',
  removeOf: (code) => `Retirer cet appareil, code ${code}`,
  removeTitle: 'Retirer cet appareil du salon ?',
  removeHelp: (code) => [
    `L’appareil au code ${code} est aussitôt hors de ce salon, et efface ce qu’il en a dès qu’il l’apprend.`,
    'De nouvelles clés sont faites pour tous les autres, et tous les liens d’invitation prennent fin.',
  ],
  removeYes: 'Retirer et faire de nouvelles clés',
  cancel: 'Annuler',
  link: 'Relier un autre appareil',
}

export const linkDeviceWords: Catalogue['linkDeviceWords'] = {
  title: 'Relier un autre appareil',
  help: 'Ouvrez ce lien sur votre autre appareil, ou scannez le code avec sa caméra. Il entre dans ce salon sous votre nom.',
  danger: 'Qui l’ouvre en premier devient vous dans ce salon. Ne le montrez à personne, et ne l’envoyez à personne.',
  making: 'Création du lien…',
  field: 'Lien d’appareil',
  gives: 'Il vaut pour un seul appareil et prend fin quand vous fermez ceci.',
  left: (ms) => `Prend fin dans ${clock(ms)}`,
  taken: 'Votre autre appareil a pris le lien et demande à entrer',
  takenHelp: 'Ce n’était pas vous ? Appuyez sur « Annuler » : alors personne n’entre par ce lien.',
  in: 'Il est entré',
  inHelp: 'Votre autre appareil lit et écrit ici désormais. Ce qui a été dit avant reste sur celui-ci.',
  over: 'Le lien a pris fin',
  overHelp: 'Un lien vaut dix minutes et pour un seul appareil.',
  again: 'Faire un nouveau lien',
  cancel: 'Annuler',
  close: 'Fermer',
}
