/** French: `../notify.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const notifyWords: Catalogue['notifyWords'] = {
  title: 'Notifications',
  about: 'Dans ce salon, me notifier',
  abouts: { all: 'Tous les messages', mentions: 'Ce qui me mentionne et les messages privés', none: 'Rien' },
  help: 'Pendant que vous regardez ailleurs et que cette page est ouverte. Le nombre de nouveaux messages figure de toute façon dans le titre de la page et sur son icône.',
  content: 'Montrer qui écrit et quoi',
  contentHelp:
    'Sans cela, une notification dit seulement qu’il y a un nouveau message dans un salon. Avec cela, qui voit cet écran peut lire, et le système la garde peut-être.',
  sound: 'Jouer un son',
  soundHelp: 'Celui que ce système joue pour les notifications.',
  failed: 'Le choix n’a pas pu être enregistré.',
  ask: 'Redemander au navigateur',
  oneMessage: 'Nouveau message dans un salon',
  someMessages: 'Nouveaux messages dans un salon',
  denied:
    'Ce navigateur bloque les notifications de cette page. Autorisez-les dans ses réglages pour ce site (le plus souvent à gauche de la barre d’adresse) ; elles viendront sans nouvelle question ici.',
  default: 'Le navigateur ne sait pas encore que cette page peut afficher des notifications.',
  impossible:
    'Ce navigateur n’affiche aucune notification de cette page. Sur un iPhone ou un iPad, elles viennent une fois la page ajoutée à l’écran d’accueil.',
}
