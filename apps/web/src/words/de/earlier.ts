/** German: `../earlier.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

/** After *die letzten*, or with 1 *die letzte*. */
const last = (count: number): string =>
  counted(count, { one: 'die letzte Nachricht', other: 'die letzten # Nachrichten' })
export const messagesWords: Catalogue['messagesWords'] = (count) =>
  counted(count, { one: 'Nachricht', other: '# Nachrichten' })

export const earlierWords: Catalogue['earlierWords'] = {
  title: 'Frühere Nachrichten',
  missing: 'Was gesagt wurde, bevor du hereinkamst, ist nicht auf diesem Gerät.',
  missingHelp: 'Jemand im Raum kann dir die letzten Nachrichten geben, wenn er zustimmt.',
  alone: 'Niemand sonst ist hier, der sie dir geben könnte.',
  count: 'Wie viele',
  choice: (count) => `Die letzten ${wholeNumber(count)}`,
  ask: 'Um frühere Nachrichten bitten',
  asked: (count) => `Du hast um ${last(count)} gebeten. Jemand hier muss zustimmen.`,
  askOver: 'Niemand hat sie rechtzeitig gegeben.',
  wait: 'In einer Minute kannst du noch einmal bitten.',
  takeBack: 'Zurücknehmen',

  requests: 'Frühere Nachrichten, um die jemand bittet oder die jemand anbietet',
  asks: (name, count) => `${name} bittet um ${last(count)}.`,
  asksHave: (have) => counted(have, { one: 'Dieses Gerät hat eine davon.', other: 'Dieses Gerät hat # davon.' }),
  asksHelp: 'Sie werden dort als Zitat von dir gezeigt. Alle im Raum erfahren, dass du sie gegeben hast.',
  give: 'Geben',
  notNow: 'Nicht jetzt',
  offers: (name, count) => `${name} bietet dir ${last(count)} aus der Zeit an, bevor du hereinkamst.`,
  offersHelp: 'Sie werden als Zitat dieser Person gezeigt.',
  accept: 'Annehmen',
  offered: (name, count) => `Du hast ${name} ${last(count)} angeboten. Die Person muss zustimmen.`,
  giving: (name, taken, count) => `${name} hat ${wholeNumber(taken)} von ${wholeNumber(count)} früheren Nachrichten.`,
  stop: 'Anhalten',
  more: (count) => `${wholeNumber(count)} weitere zeigen`,

  offer: 'Frühere Nachrichten geben',
  offerHelp: (name) =>
    `Nachrichten aus der Zeit, bevor ${name} hereinkam. Die Person wird vorher gefragt, und alle im Raum erfahren es.`,
  offerDone: 'Angeboten. Die Person muss zustimmen.',

  sharedBy: 'Geteilt von',
  asTheyHave: (name) => `, so wie das Gerät von ${name} sie hat.`,
  asYouHave: ', so wie dein anderes Gerät sie hat.',
  unchecked: 'QSEC kann nicht prüfen, wer sie geschrieben hat.',
  says: 'sagt',
  alsoBy: (names) => `auch geteilt von ${names}`,
  otherKeys: (name) => `andere Schlüssel als ${name} hier`,
  oddTime: 'Zeit kann nicht stimmen',
  coming: (taken, total) => `${wholeNumber(taken)} von ${wholeNumber(total)} sind da.`,
  stopped: (taken, total) => `Angehalten: ${wholeNumber(taken)} von ${wholeNumber(total)} kamen.`,
  sharedBefore: (count) =>
    counted(count, {
      one: 'Eine davon steht schon oben, in denselben Worten.',
      other: '# davon stehen schon oben, in denselben Worten.',
    }),
  remove: 'Von diesem Gerät entfernen',
}
