/** German: `../linked.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const linkedWords: Catalogue['linkedWords'] = {
  title: 'Diesen Browser mit deinem anderen Gerät verbinden?',
  help: (room) =>
    `Er kommt in ${room} als weiteres Gerät der Person, die diesen Link gemacht hat, unter demselben Namen. Mach nur weiter, wenn du das warst.`,
  yes: 'Dieses Gerät verbinden',
  no: 'Nicht jetzt',
  taking: 'Der Link wird genommen…',
  waiting: 'Es wird auf dein anderes Gerät gewartet',
  waitingHelp: 'Es lässt dieses hier von selbst herein, was einige Sekunden dauert. Lass den Raum dort offen.',
  waitingAlone: 'Dein anderes Gerät ist nicht verbunden',
  waitingAloneHelp: 'Öffne den Raum dort: Es lässt dieses hier von selbst herein, solange der Link gilt.',
  removed: 'Dieses Gerät wurde entfernt',
  removedHelp:
    'Du hast es auf einem anderen Gerät von dir aus diesem Raum genommen. Was es von dem Raum hatte, ist hier gelöscht, und neue Schlüssel wurden gemacht.',
}

export const linkFailureWords: Catalogue['linkFailureWords'] = (reason) =>
  ({
    'link-over': {
      title: 'Dieser Gerätelink ist beendet',
      help: 'Ein Link gilt für ein Gerät und zehn Minuten lang. Mach auf deinem anderen Gerät einen neuen. Steht dort, dass der Link genommen wurde, und du warst es nicht, drück dort auf „Abbrechen“.',
      again: false,
    },
    'link-damaged': {
      title: 'Dieser Gerätelink ließ sich nicht öffnen',
      help: 'Der Link ist nicht vollständig, oder der Server hat etwas anderes herausgegeben, als dein Gerät dort hinterlegt hat. Nichts wurde gespeichert. Mach einen neuen Link.',
      again: false,
    },
    unreachable: {
      title: 'Der Server antwortet nicht',
      help: 'Prüfe die Verbindung und versuch es noch einmal. Heißt es dann, dass der Link beendet ist, mach einen neuen.',
      again: true,
    },
    'rate-limited': {
      title: 'Zu viele Versuche in zu kurzer Zeit',
      help: 'Der Server bittet um eine Pause von zehn Minuten. Mach dann einen neuen Link.',
      again: false,
    },
  })[reason]
