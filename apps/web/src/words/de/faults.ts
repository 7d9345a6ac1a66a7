/** German: `../faults.ts`. */
import type { RoomRefusalCode } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { wordsFor } from '../translatable.ts'

const onlyLeaders = 'Nur die Raumleitung lässt hier Leute herein.'
const refused: Readonly<Record<RoomRefusalCode, string>> = {
  'may-not-remove': 'Nur die Raumleitung setzt Leute hinaus, und die Verwaltung nur, wem der Raum gehört.',
  'may-not-invite': 'Nur die Raumleitung macht und beendet hier Links.',
  'may-not-change-room': 'Nur die Raumleitung ändert das, und manches nur, wem der Raum gehört.',
  'not-invited': onlyLeaders,
  'needs-approval': onlyLeaders,
  'room-locked': 'Der Raum ist abgesperrt. Sperr ihn auf, um jemanden hereinzulassen.',
  'room-full': 'Der Raum ist voll. Erhöhe die Zahl der Leute, oder setz zuerst jemanden hinaus.',
  'not-a-member': 'Diese Person ist nicht mehr im Raum.',
  'not-own-device': 'Das kann mit diesem Gerät nur die Person selbst, der es gehört.',
  'link-rate-limited': 'Es gibt schon mehrere Links für Geräte. Warte zehn Minuten und versuch es noch einmal.',
  'link-unavailable': 'Der Server hält jetzt zu viele solcher Links. Versuch es in zehn Minuten noch einmal.',
  'room-ended': 'Der Raum ist beendet.',
  'not-in-room': 'Dieses Gerät ist gerade nicht im Raum. Versuch es noch einmal, wenn es das wieder ist.',
  'no-answer': 'Der Server hat nicht rechtzeitig geantwortet. Prüfe die Verbindung und versuch es noch einmal.',
  'wish-expired': 'Das hat einen Tag gewartet und wurde aufgegeben. Bitte noch einmal darum, wenn du es noch willst.',
  'wish-cancelled': 'Das wurde zurückgenommen, bevor es hinausging.',
  'wish-on-its-way': 'Das ist schon unterwegs und lässt sich nicht mehr zurücknehmen.',
  'request-over': 'Diese Bitte ist vorbei. Wer gebeten hat, muss noch einmal bitten.',
  'may-not-close': 'Nur wer einen offenen Raum leitet, schließt ihn.',
  'own-person': 'Das ist ein Gerät von dir selbst.',
  'quantum-required':
    'Dieser Raum verlangt Quantenschlüssel für alles, was gesagt wird, und für Worte an eine Person gibt es keine.',
  'bad-successor': 'Das ist kein Link des geschlossenen Raums, der für diesen gemacht wurde.',
  'not-reached': 'Gerade ließ sich keine private Leitung zu dieser Person öffnen. Versuch es noch einmal.',
  'not-handed':
    'Die Einladung hat den Server noch nicht erreicht. Versuch es noch einmal, wenn die Verbindung wieder da ist.',
  'successor-elsewhere':
    'Der geschlossene Raum ist in einem anderen Tab offen. Schließ diesen Tab und versuch es noch einmal.',
  'keys-changed':
    'Diese Person hat andere Schlüssel als die, die du geprüft hast. Prüfe sie zuerst, oder nimm die neuen an.',
  'nobody-else': 'Niemand sonst ist im Raum, der sie geben könnte.',
  'asked-already': 'Eine Bitte nach der anderen: Diese läuft noch.',
  'asked-lately': 'Du hast gerade erst gebeten. Warte eine Minute, bevor du wieder bittest.',
  'too-many-blocks': 'Dieses Gerät hat so viele geteilte Blöcke, wie es fasst. Entferne zuerst einen.',
  'ask-over': 'Das wurde zurückgenommen, oder jemand anders hat sie gegeben.',
  'offer-over': 'Dieses Angebot wurde zurückgenommen.',
  'nothing-earlier': 'Dieses Gerät hat keine Nachrichten aus der Zeit davor.',
  'earlier-quantum':
    'Dieser Raum verlangt Quantenschlüssel, und die private Leitung zwischen zwei Geräten hat keine. Frühere Nachrichten bleiben, wo sie sind.',
  'giving-already': 'Du gibst dieser Person schon frühere Nachrichten.',
  'giving-too-many': 'Du gibst schon mehreren Leuten. Warte, bis jemand davon alles hat.',
  'no-such-message': 'Diese Nachricht ist nicht mehr hier.',
  'not-own-message': 'Nur wer eine Nachricht geschrieben hat, ändert oder löscht sie.',
  'too-many-signs': 'Acht Reaktionen auf eine Nachricht sind genug: Nimm zuerst eine zurück.',
  'held-back':
    'Dieser Raum verlangt Quantenschlüssel und hat gerade keine. Versuch es noch einmal, wenn er welche hat.',
  'private-reply': 'Diese Nachricht ist für eine Person allein. Antworte darauf dieser Person.',
  'not-for-you-at-server':
    'Der Server hat das abgelehnt: Dieses Gerät ist dort nicht im Raum, oder es steht dieser Person nicht zu.',
  'server-asked-often': 'Danach wurde eben erst gefragt. Warte einige Sekunden und versuch es noch einmal.',
  'server-too-old': 'Der Server kennt das nicht. Er ist älter als diese Seite oder hat sich inzwischen geändert.',
  'server-unavailable': 'Der Server konnte das gerade nicht. Versuch es in einer Minute noch einmal.',
  'too-many-links': 'Der Raum hat so viele Links, wie er fasst. Beende zuerst einen.',
  'no-files': 'Der Server gibt keine Dateien weiter.',
  'too-many-files': 'In eine Nachricht passen zehn Dateien. Schick die anderen mit der nächsten.',
  'file-too-large': 'Diese Datei ist größer, als der Server sie weitergibt.',
  'file-not-here': 'Diese Datei ist nicht auf diesem Gerät. Hol sie zuerst.',
  'no-space': 'Dieses Gerät hat keinen Platz für diese Datei. Lösch etwas und versuch es noch einmal.',
}

export const refusedWords: Catalogue['refusedWords'] = (code) =>
  wordsFor(refused, code) ?? `Der Raum hat das nicht angenommen (${code}).`

const storage: Readonly<Record<string, string>> = {
  full: 'Der Browser gibt keinen Platz mehr. Schaff Platz auf diesem Datenträger.',
  closed: 'Der Speicher wurde geschlossen, vielleicht von einem anderen Tab. Lade die Seite neu.',
  damaged: 'Was der Browser gespeichert hat, ist beschädigt oder nicht mehr zu öffnen.',
  locked: 'Der Speicher ist mit einer Passphrase gesperrt.',
}

export const storageFaultWords: Catalogue['storageFaultWords'] = (code, message) =>
  wordsFor(storage, code) ?? `Der Browser lässt die Seite nicht speichern. ${otherFaultWords(message)}`

export const otherFaultWords: Catalogue['otherFaultWords'] = (message) =>
  `Auf Englisch heißt es: „${isolated(message)}“`

const pictures =
  '🐶 Hund,🐱 Katze,🦁 Löwe,🐴 Pferd,🦄 Einhorn,🐷 Schwein,🐘 Elefant,🐰 Hase,🐼 Panda,🐓 Hahn,🐧 Pinguin,🐢 Schildkröte,🐟 Fisch,' +
  '🐙 Krake,🦋 Schmetterling,🐝 Biene,🌵 Kaktus,🌲 Tanne,🍄 Pilz,🌻 Sonnenblume,🍁 Blatt,🌍 Erde,🌙 Mond,⭐ Stern,☁️ Wolke,' +
  '🔥 Feuer,🌈 Regenbogen,⛄ Schneemann,☂️ Schirm,🍎 Apfel,🍌 Banane,🍓 Erdbeere,🍋 Zitrone,🍇 Trauben,🥕 Möhre,🌽 Mais,🍕 Pizza,' +
  '🎂 Kuchen,🧀 Käse,🥨 Brezel,❤️ Herz,👓 Brille,👑 Krone,⌛ Sanduhr,⏰ Wecker,🎁 Geschenk,💡 Glühbirne,📕 Buch,' +
  '✏️ Bleistift,📎 Büroklammer,✂️ Schere,🔨 Hammer,☎️ Telefon,🚂 Zug,🚲 Fahrrad,✈️ Flugzeug,🚀 Rakete,⛵ Boot,🏆 Pokal,⚽ Ball,' +
  '🎸 Gitarre,🧲 Magnet,🎺 Trompete,⚓ Anker'
const pictureNames: Readonly<Record<string, string>> = Object.fromEntries(
  pictures.split(',').map((entry) => entry.split(' ') as [string, string]),
)

export const pictureName: Catalogue['pictureName'] = (sign, name) => wordsFor(pictureNames, sign) ?? name
