/** French: `../earlier.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'

export const lastMessages = (count: number): string =>
  counted(count, { one: 'le dernier message', other: 'les # derniers messages' })

export const messagesWords: Catalogue['messagesWords'] = (count) =>
  counted(count, { one: 'message', other: '# messages' })

export const earlierWords: Catalogue['earlierWords'] = {
  title: 'Messages antérieurs',
  missing: 'Ce qui a été dit avant votre arrivée n’est pas sur cet appareil.',
  missingHelp: 'Quelqu’un du salon peut vous donner les derniers messages, s’il est d’accord.',
  alone: 'Personne d’autre ici ne pourrait vous les donner.',
  count: 'Combien',
  choice: (count) => `Les ${wholeNumber(count)} derniers`,
  ask: 'Demander les messages antérieurs',
  asked: (count) => `Vous avez demandé ${lastMessages(count)}. Quelqu’un ici doit accepter.`,
  askOver: 'Personne ne les a donnés à temps.',
  wait: 'Vous pourrez redemander dans une minute.',
  takeBack: 'Retirer la demande',

  requests: 'Messages antérieurs que quelqu’un demande ou propose',
  asks: (name, count) => `${name} demande ${lastMessages(count)}.`,
  asksHave: (have) => counted(have, { one: 'Cet appareil en a # seul.', other: 'Cet appareil en a #.' }),
  asksHelp: 'Ils y sont montrés comme une citation de votre part. Tout le salon apprend que vous les avez donnés.',
  give: 'Donner',
  notNow: 'Pas maintenant',
  offers: (name, count) => `${name} vous propose ${lastMessages(count)} d’avant votre arrivée.`,
  offersHelp: 'Ils sont montrés comme une citation de cette personne.',
  accept: 'Accepter',
  offered: (name, count) => `Vous avez proposé à ${name} ${lastMessages(count)}. Il faut qu’on accepte.`,
  giving: (name, taken, count) => `${name} a ${wholeNumber(taken)} messages antérieurs sur ${wholeNumber(count)}.`,
  stop: 'Arrêter',
  more: (count) => counted(count, { one: 'Afficher # autre', other: 'Afficher # autres' }),

  offer: 'Donner des messages antérieurs',
  offerHelp: (name) => `Des messages d’avant l’arrivée de ${name}. On lui demande d’abord, et tout le salon l’apprend.`,
  offerDone: 'Proposé. Il faut qu’on accepte.',

  sharedBy: 'Partagé par',
  asTheyHave: (name) => `, tels que l’appareil de ${isolated(name)} les a.`,
  asYouHave: ', tels que votre autre appareil les a.',
  unchecked: 'QSEC ne peut pas vérifier qui les a écrits.',
  says: 'dit',
  alsoBy: (names) => `partagé aussi par ${names}`,
  otherKeys: (name) => `d’autres clés que ${isolated(name)} ici`,
  oddTime: 'heure impossible',
  coming: (taken, total) => `${wholeNumber(taken)} sur ${wholeNumber(total)} sont arrivés.`,
  stopped: (taken, total) => `Arrêté : ${wholeNumber(taken)} sur ${wholeNumber(total)} sont arrivés.`,
  sharedBefore: (count) =>
    counted(count, {
      one: 'L’un d’eux se trouve déjà plus haut, dans les mêmes mots.',
      other: '# d’entre eux se trouvent déjà plus haut, dans les mêmes mots.',
    }),
  remove: 'Retirer de cet appareil',
}
