/** German: `../system.ts`. */
import type { EpochLabel, PersonView } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { durationWords } from '../lifetime.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'
import { isYou, listPeople, type Namer } from '../people.ts'
import { percent } from '../quantum.ts'
import { tellBy } from '../sentences.ts'
import { isSamePerson } from '../system.ts'
import { daysWords } from './time.ts'

/** `Du hast`, `Ben hat` */
const has = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'Du hast' : `${nameOf(person)} hat`)
const whom = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'dich' : nameOf(person))
const toWhom = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'dir' : nameOf(person))
const listWhom = (people: readonly PersonView[], nameOf: Namer): string => listPeople(people, nameOf, 4, 'dich')
const listTo = (people: readonly PersonView[], nameOf: Namer): string => listPeople(people, nameOf, 4, 'dir')

const noEarlier = 'Neue Schlüssel wurden gemacht; frühere Nachrichten sind für Neue nicht lesbar.'
const refreshed: Readonly<Record<EpochLabel, string>> = {
  'quantum (simulated)': 'Schlüssel erneuert mit einem Schlüssel aus einer Quantenverbindung (simuliert)',
  'quantum (hardware)': 'Schlüssel erneuert mit einem Schlüssel aus einer Quantenverbindung (Hardware)',
  'post-quantum': 'Schlüssel erneuert (post-quanten)',
}

export const repeatedWords: Catalogue['repeatedWords'] = (sentence, times) => `${sentence} (${wholeNumber(times)}-mal)`

export const systemSentence: Catalogue['systemSentence'] = tellBy({
  created: ({ by }, nameOf) => `${has(by, nameOf)} diesen Raum angelegt.`,
  'you-joined': ({ earlierUnreadable }) =>
    earlierUnreadable
      ? 'Hier bist du hereingekommen. Was vorher gesagt wurde, ist auf diesem Gerät nicht lesbar.'
      : 'Hier bist du hereingekommen.',
  joined: ({ by, people }, nameOf) => `${has(by, nameOf)} ${listWhom(people, nameOf)} hereingelassen. ${noEarlier}`,
  'let-in': ({ by, people }, nameOf) =>
    `${has(by, nameOf)} ${listWhom(people, nameOf)} auf Bitten hereingelassen. ${noEarlier}`,
  left: ({ person }, nameOf) => `${isYou(person) ? 'Du bist' : `${nameOf(person)} ist`} gegangen.`,
  removed: ({ by, people }, nameOf) =>
    `${has(by, nameOf)} ${listWhom(people, nameOf)} entfernt. Neue Schlüssel wurden gemacht; was von hier an kommt, ist mit den alten nicht lesbar.`,
  'device-added': ({ person, by }, nameOf) =>
    isSamePerson(person, by)
      ? `${has(by, nameOf)} ein Gerät hinzugefügt. Frühere Nachrichten kann es nicht lesen.`
      : `${has(by, nameOf)} ein weiteres Gerät von ${toWhom(person, nameOf)} hereingelassen. Frühere Nachrichten kann es nicht lesen.`,
  'device-removed': ({ person, by }, nameOf) => {
    const newKeys = 'Neue Schlüssel wurden gemacht; von hier an kann es nichts lesen.'
    if (person.device === by.device) {
      return `${isYou(person) ? 'Du bist' : `${nameOf(person)} ist`} auf einem Gerät gegangen und auf einem anderen geblieben.`
    }
    if (!isSamePerson(person, by))
      return `${has(by, nameOf)} ein Gerät von ${toWhom(person, nameOf)} entfernt. ${newKeys}`
    return `${has(by, nameOf)} ein eigenes Gerät entfernt. ${newKeys}`
  },
  rejoined: ({ people }, nameOf) => {
    const [only] = people
    const missing = people.some(isYou) ? ' Was inzwischen gesagt wurde, fehlt hier vielleicht.' : ''
    if (people.length !== 1 || only === undefined)
      return `Geräte von ${listTo(people, nameOf)} sind wieder da.${missing}`
    return `${isYou(only) ? 'Dein Gerät' : `Das Gerät von ${nameOf(only)}`} ist wieder da.${missing}`
  },
  'keys-refreshed': ({ label }) => refreshed[label],
  'eavesdropper-switched': ({ on, by }, nameOf) =>
    `${has(by, nameOf)} das simulierte Abhören ${on ? 'eingeschaltet' : 'ausgeschaltet'}. Es gilt ab dem nächsten Schlüsselaustausch.`,
  'eavesdropper-detected': ({ link, qber }, nameOf) =>
    `Die simulierte Quantenverbindung zwischen ${listTo(link, nameOf)} wird abgehört: ${percent(qber)} ihrer Bits waren falsch. Aus ihr wurde kein Schlüssel gemacht; der Chat geht unter X25519 und ML-KEM-768 weiter.`,
  gap: ({ fromSeq, toSeq }) =>
    fromSeq === toSeq
      ? `Ein Stück des Raums (Nummer ${fromSeq}) ist für dieses Gerät verloren.`
      : `Einige Stücke des Raums (Nummern ${fromSeq} bis ${toSeq}) sind für dieses Gerät verloren.`,
  'split-view': (event, nameOf) =>
    `Warnung: Der Server zeigt dir und ${nameOf(event.with)} verschiedene Verläufe dieses Raums. Vergleicht auf anderem Weg, bevor du dich darauf verlässt.`,
  'keys-changed': ({ person, wasVerified }, nameOf) =>
    wasVerified
      ? `Warnung: ${nameOf(person)} heißt ähnlich wie jemand, den du geprüft hast, und hat andere Schlüssel.`
      : `${nameOf(person)} hat andere Schlüssel als jemand dieses Namens, der früher hier war.`,
  compared: ({ person, matched }, nameOf) =>
    matched
      ? `Du hast ${nameOf(person)} geprüft.`
      : `Du hast mit ${nameOf(person)} Codes verglichen, und sie stimmten nicht überein. Sag hier nichts Geheimes, bis du weißt, warum.`,
  'relay-restarted': () => 'Der Server wurde neu gestartet. Das Gespräch geht weiter.',
  'relay-restarting': () => 'Der Server startet neu. Nachrichten warten, bis er wieder da ist.',
  'relay-restored': () =>
    'Der Server wurde auf eine ältere Sicherung zurückgesetzt. Was dieses Gerät hat, behält es, und der Raum geht von dort weiter. Nachrichten, die hier noch niemand hatte, sind vielleicht verloren.',
  'log-deleted': ({ by, lines }, nameOf) =>
    `${has(by, nameOf)} den Server sein Protokoll über diesen Raum löschen lassen: ${counted(lines, { one: '# Zeile', other: '# Zeilen' })}.`,
  'lifetime-set': ({ by, seconds }, nameOf) =>
    seconds === undefined
      ? `${has(by, nameOf)} verschwindende Nachrichten ausgeschaltet. Was von nun an gesagt wird, bleibt.`
      : `${has(by, nameOf)} verschwindende Nachrichten eingeschaltet: Was von nun an gesagt wird, wird gelöscht, nachdem es gesehen wurde und diese Zeit um ist: ${durationWords(seconds)}.`,
  'title-set': ({ by, title }, nameOf) =>
    title === undefined
      ? `${has(by, nameOf)} den Namen des Raums weggenommen.`
      : `${has(by, nameOf)} den Raum „${isolated(title)}“ genannt.`,
  'gone-unseen': ({ from }, nameOf) =>
    `Eine verschwindende Nachricht von ${nameOf(from)} wurde gelöscht, bevor sie hier gesehen wurde: Ihre Zeit war um.`,
  'caught-up': ({ from }, nameOf) => `Aufgeholt: Was der Server verloren hatte, kam von ${listTo(from, nameOf)}.`,
  'room-locked': ({ on, by }, nameOf) =>
    on
      ? `${has(by, nameOf)} den Raum abgesperrt. Niemand Neues kommt herein, bis er aufgesperrt wird.`
      : `${has(by, nameOf)} den Raum aufgesperrt. Neue Leute können wieder herein.`,
  'admit-by-set': ({ admitBy, by }, nameOf) =>
    admitBy === 'everyone'
      ? `${has(by, nameOf)} geändert, wer Leute hereinlässt: alle im Raum.`
      : `${has(by, nameOf)} geändert, wer Leute hereinlässt: allein die Raumleitung.`,
  'capacity-set': ({ capacity, by }, nameOf) =>
    capacity === undefined
      ? `${has(by, nameOf)} die Begrenzung der Leute aufgehoben.`
      : `${has(by, nameOf)} den Raum auf ${counted(capacity, { one: '# Person', other: '# Leute' })} begrenzt.`,
  'quantum-policy-set': ({ quantum, by }, nameOf) =>
    quantum === 'required'
      ? `${has(by, nameOf)} Quantenschlüssel zur Pflicht gemacht. Nichts wird gesendet, bis jedes Gerät hier einen hat (in dieser Version simuliert).`
      : `${has(by, nameOf)} Quantenschlüssel freigestellt. Nachrichten gehen auch unter X25519 und ML-KEM-768 allein hinaus.`,
  'keep-sealed-set': ({ days, by }, nameOf) =>
    days === undefined
      ? `${has(by, nameOf)} das Aufbewahren versiegelter Nachrichten beendet. Der Server löscht die auf seinem Datenträger.`
      : `${has(by, nameOf)} geändert, was der Server tut: Er behält versiegelte Nachrichten jetzt ${daysWords(days)} lang, bis jedes Gerät sie hat.`,
  'admin-set': ({ person, on, by }, nameOf) =>
    on
      ? `${has(by, nameOf)} ${toWhom(person, nameOf)} die Verwaltung gegeben.`
      : `${has(by, nameOf)} ${toWhom(person, nameOf)} die Verwaltung genommen.`,
  'owner-set': ({ person, by }, nameOf) =>
    person.device === by.device
      ? `${has(by, nameOf)} den Raum übernommen, dessen Besitz frei geworden war.`
      : `${has(by, nameOf)} den Raum an ${whom(person, nameOf)} übergeben.`,
  'room-ended': ({ by }, nameOf) =>
    `${has(by, nameOf)} diesen Raum beendet. Was gesagt wurde, bleibt hier lesbar; Neues kann niemand mehr sagen.`,
  'earlier-given': ({ by, to, count }, nameOf) =>
    `${has(by, nameOf)} ${toWhom(to, nameOf)} ${counted(count, { one: 'die letzte Nachricht', other: 'die letzten # Nachrichten' })} aus der Zeit davor gegeben.`,
  successor: ({ by }, nameOf) =>
    isYou(by)
      ? 'Du hast diesen Raum geschlossen und lädst in einen privaten ein.'
      : `${nameOf(by)} hat diesen Raum geschlossen und lädt dich in einen privaten ein.`,
})

export const unreadableWords: Catalogue['unreadableWords'] = {
  sentence: (reason) => `Etwas, was hier ankam, ließ sich nicht öffnen: ${reason}`,
  from: (name, reason) => `Etwas von ${name} ließ sich nicht öffnen: ${reason}`,
  fromYou: (reason) => `Etwas von dir ließ sich nicht öffnen: ${reason}`,
  againstRules: 'Es hätte den Raum gegen seine Regeln verändert. Nichts hat sich geändert.',
  damaged: (code) => `Es wurde unterwegs beschädigt oder falsch gemacht (${code}). Der Chat geht ohne es weiter.`,
}

export const unreadableReasons: Catalogue['unreadableReasons'] = {
  'stale-epoch': 'Es war mit Schlüsseln versiegelt, die nicht mehr in Gebrauch sind. Es wurde ausgelassen.',
  'own-frame': 'Es ist eine Kopie von etwas, was dieses Gerät selbst gesendet hat. Es wurde ausgelassen.',
  'generation-too-far': 'Zu viel, was vorher von dort kam, fehlt. Der nächste Schlüsselwechsel bringt es in Ordnung.',
  'wrong-frame-type': 'Es ist von einer Art, die in einem Raum keinen Platz hat. Es wurde ausgelassen.',
  'bad-path': 'Es hätte die Schlüssel so geändert, dass nicht alle folgen können. Nichts hat sich geändert.',
  'not-own-message': 'Es ändert eine Nachricht, die jemand anders geschrieben hat; das darf nur, wer sie schrieb.',
  'unknown-content': 'Diese Version kennt seine Art nicht. Vielleicht bringt Neuladen der Seite eine neuere.',
  'wrong-epoch': 'Es war mit Schlüsseln versiegelt, die dieses Gerät nicht hat.',
  'unknown-sender': 'Wer es versiegelt hat, ist kein Mitglied des Raums. Es wurde ausgelassen.',
  'missing-before': 'Etwas, was davor von dort kam, ist hier nicht angekommen.',
  rewound: 'Der Server ist hinter dem zurück, was er vorher sagte. Was dieses Gerät hat, behält es.',
  replayed: 'Es ist eine Kopie von etwas, was schon kam. Es wurde ausgelassen.',
  undecryptable: 'Es wurde unterwegs verändert. Es wurde ausgelassen.',
  'bad-profile': 'Es behauptet ein Profil, dessen Signaturen nicht stimmen. Es wurde ausgelassen.',
  'successor-not-leader':
    'Es sagt, wo dieser Raum weitergeht, und wer es schickt, leitet diesen Raum nicht. Es wurde ausgelassen.',
  'earlier-not-asked':
    'Es übergibt frühere Nachrichten, um die hier niemand gebeten hat und die niemand angenommen hat. Sie wurden ausgelassen.',
  'earlier-not-offered': 'Es nimmt frühere Nachrichten an, die nicht angeboten waren. Nichts wurde gegeben.',
  'earlier-changed-keys':
    'Es geht um frühere Nachrichten, und wer es schickt, hat andere Schlüssel als die, die du geprüft hast. Es wurde ausgelassen.',
  'bad-earlier': 'Es übergibt frühere Nachrichten anders, als es ankündigte. Sie wurden ausgelassen.',
  'not-owner':
    'Es sagt, dass der Server sein Protokoll gelöscht hat, und wem der Raum gehört, der hat es nicht geschickt. Es wurde ausgelassen.',
  'bad-signature': 'Seine Signatur stimmt nicht. Es wurde ausgelassen.',
  'bad-confirmation-tag': 'Es wurde unterwegs verändert. Es wurde ausgelassen.',
}
