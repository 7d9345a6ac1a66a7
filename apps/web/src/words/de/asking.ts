/** German: `../asking.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isYou } from '../people.ts'

export const askingWords: Catalogue['askingWords'] = {
  ask: 'Um Einlass bitten',
  preview: (short) => `Geschlossener Raum ${short}`,
  previewHelp:
    'Du hast keinen Link: Die Leute drinnen werden gefragt, ob sie dich hereinlassen. Was vorher gesagt wurde, siehst du nicht.',
  title: 'Du hast um Einlass gebeten',
  help: 'Jemand drinnen muss zustimmen. Lass diese Seite bis dahin offen, oder komm später zurück.',
  code: 'Dein Code',
  compare: 'Lies diesen Code jemandem im Raum auf anderem Weg vor, zum Beispiel am Telefon; dort steht derselbe.',
  codeIfAsked: 'Wird jemand drinnen nach dir gefragt, sieht er diesen Code:',
  stop: 'Nicht länger warten',
}

export const knockWords: Catalogue['knockWords'] = {
  title: 'Wer um Einlass bittet',
  asks: 'Jemand bittet um Einlass',
  asksByLink: 'Jemand mit einem Link bittet um Einlass',
  asksOwn: 'Ein Gerät mit deinen eigenen Schlüsseln bittet um Einlass',
  ownHelp:
    'Es kam über einen Link von dir, der beendet ist, oder jemand hat deine Schlüssel kopiert. Lass es nur herein, wenn du es in der Hand hältst.',
  code: 'Code',
  compare:
    'Frag die Person, die du vermutest, auf anderem Weg nach ihrem Code, zum Beispiel am Telefon. Lass sie nur herein, wenn er gleich ist.',
  letIn: 'Hereinlassen',
  turnAway: 'Abweisen',
  more: (people) => `${people} weitere zeigen`,
}

export const endedWords: Catalogue['endedWords'] = {
  ended: (by, name) =>
    by === undefined ? 'Dieser Raum ist beendet.' : `${isYou(by) ? 'Du hast' : `${name} hat`} diesen Raum beendet.`,
  help: 'Was gesagt wurde, lässt sich auf diesem Gerät noch lesen. Neues kann niemand mehr sagen.',
  removed: 'Du wurdest aus diesem Raum entfernt',
  removedHelp:
    'Die anderen haben neue Schlüssel gemacht, und dieses Gerät hat seine gelöscht: Was sie von nun an schreiben, lässt sich hier nicht lesen. Was vorher gesagt wurde, bleibt auf diesem Gerät lesbar, bis du es löschst.',
  erase: 'Diesen Raum von diesem Gerät löschen',
  eraseTitle: 'Diesen Raum von diesem Gerät löschen?',
  eraseHelp:
    'Was hier gesagt wurde, lässt sich dann auf diesem Gerät nicht mehr lesen. Andere Geräte behalten, was sie haben.',
  eraseYes: 'Löschen',
  keep: 'Behalten',
  noErase: 'Der Raum konnte nicht gelöscht werden.',
}
