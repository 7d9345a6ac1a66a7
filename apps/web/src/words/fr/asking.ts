/** French: `../asking.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'
import { isYou } from '../people.ts'

export const askingWords: Catalogue['askingWords'] = {
  ask: 'Demander à entrer',
  preview: (short) => `Salon fermé ${short}`,
  previewHelp:
    'Vous n’avez pas de lien : on demande aux personnes présentes si elles vous laissent entrer. Vous ne verrez pas ce qui a été dit avant.',
  title: 'Vous avez demandé à entrer',
  help: 'Quelqu’un à l’intérieur doit accepter. Gardez cette page ouverte jusque-là, ou revenez-y.',
  code: 'Votre code',
  compare: 'Lisez ce code à quelqu’un du salon par un autre moyen, au téléphone par exemple ; il voit le même.',
  codeIfAsked: 'Si l’on interroge quelqu’un à l’intérieur à votre sujet, voici le code affiché :',
  stop: 'Ne plus attendre',
}

export const knockWords: Catalogue['knockWords'] = {
  title: 'Personnes qui demandent à entrer',
  asks: 'Quelqu’un demande à entrer',
  asksByLink: 'Quelqu’un qui a un lien demande à entrer',
  asksOwn: 'Un appareil avec vos propres clés demande à entrer',
  ownHelp:
    'Il est venu par un de vos liens, qui est terminé, ou quelqu’un a copié vos clés. Ne le laissez entrer que si vous l’avez en main.',
  code: 'code',
  compare:
    'Demandez son code à la personne à qui vous pensez, par un autre moyen, au téléphone par exemple. Ne la laissez entrer que s’il est le même.',
  letIn: 'Laisser entrer',
  turnAway: 'Refuser',
  more: (people) => counted(people, { one: 'Afficher # autre', other: 'Afficher # autres' }),
}

export const endedWords: Catalogue['endedWords'] = {
  ended: (by, name) =>
    by === undefined
      ? 'Ce salon est terminé.'
      : isYou(by)
        ? 'Vous avez mis fin à ce salon.'
        : `${name} a mis fin à ce salon.`,
  help: 'Ce qui a été dit peut encore être lu sur cet appareil. Rien de nouveau ne peut être dit.',
  removed: 'Vous avez été retiré de ce salon',
  removedHelp:
    'Les autres ont fait de nouvelles clés, et cet appareil a supprimé les siennes : ce qu’ils écrivent désormais ne peut pas être lu ici. Ce qui a été dit avant reste lisible sur cet appareil jusqu’à ce que vous l’effaciez.',
  erase: 'Effacer ce salon de cet appareil',
  eraseTitle: 'Effacer ce salon de cet appareil ?',
  eraseHelp:
    'Ce qui a été dit ici ne pourra plus être lu sur cet appareil. Les autres appareils gardent ce qu’ils ont.',
  eraseYes: 'Effacer',
  keep: 'Le garder',
  noErase: 'Le salon n’a pas pu être effacé.',
}
