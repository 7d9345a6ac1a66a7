/** The one door to what the page and the terminal share: what happens in a room is told in the same sentences on both. */
export { suggestName } from '../../../web/src/names.ts'
export { mentionedIn } from '../../../web/src/parts/compose/mentions.ts'
export { slashWords } from '../../../web/src/words/commands.ts'
export { doorWords, phaseWords } from '../../../web/src/words/door.ts'
export { failureWords } from '../../../web/src/words/files.ts'
export { durationWords } from '../../../web/src/words/lifetime.ts'
export { messageWords, quoteWords } from '../../../web/src/words/messages.ts'
export {
  byPerson,
  isYou,
  listPeople,
  type Namer,
  namerOf,
  namingWords,
  peopleWords,
} from '../../../web/src/words/people.ts'
export { holdWords, labelNames, labelWords, linkStateWords, percent } from '../../../web/src/words/quantum.ts'
export { connectionHelp, problemOf, roomWords, stateWords } from '../../../web/src/words/room.ts'
export { memoryWords, serverWords, tableHelp, tableTitle } from '../../../web/src/words/server.ts'
export { sizeWords } from '../../../web/src/words/sizes.ts'
export { systemWords, toneOf } from '../../../web/src/words/system.ts'
export { dayKey, dayName } from '../../../web/src/words/time.ts'
export { standingTag, trustWords } from '../../../web/src/words/trust.ts'
export { comparisonWords, scanWords, verifyWords } from '../../../web/src/words/verify.ts'
