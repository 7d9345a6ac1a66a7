/** French: `../wishes.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const wishNames: Catalogue['wishNames'] = {
  invite: 'Faire un lien',
  'end-link': 'Mettre fin à un lien',
  'let-in': 'Laisser entrer quelqu’un',
  'put-out': 'Retirer quelqu’un',
  'remove-device': 'Retirer un de vos appareils',
  settings: 'Changer le salon',
  admin: 'Changer qui est admin',
  owner: 'Remettre le salon',
  end: 'Mettre fin au salon',
}

export const wishWords: Catalogue['wishWords'] = {
  title: 'Ce qui attend la connexion',
  waits: (what) => `${what} : attend la connexion.`,
  help: 'Cela part tout seul dès que la connexion revient, pendant un jour au plus et tant que cette page reste ouverte.',
  cancel: 'Annuler',
  cancelLabel: (what) => `Annuler : ${what}`,
  onItsWay: 'C’est peut-être déjà en route et ne peut plus être repris.',
}
