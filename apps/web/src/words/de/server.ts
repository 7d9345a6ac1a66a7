/** German: `../server.ts`. */
import type { ServerTables } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { rawNames, spanWords } from '../server.ts'
import { sizeWords } from '../sizes.ts'

type Keeps = ServerTables['keeps']

export const serverWords: Catalogue['serverWords'] = {
  title: 'Was der Server weiß',
  intro:
    'Das ist alles, was nach Auskunft des Servers jetzt über diesen Raum in seiner Datenbank steht, Tabelle für Tabelle. Niemand hier kann prüfen, ob das alles ist.',
  fetching: 'Der Server wird gefragt…',
  fetched: (time) => `Das hat der Server um ${time} geantwortet.`,
  refresh: 'Neu fragen',
  failed: 'Der Server hat nicht gesagt, was er gespeichert hat.',
  stored: 'In seiner Datenbank',
  empty: 'Zurzeit nichts.',
  others: (tables) => `Diese Tabellen enthalten nichts über irgendeinen Raum: ${rawNames(tables)}.`,
  table: (name, rows) => `${name}: ${counted(rows, { one: '# Zeile', other: '# Zeilen' })}`,
  unknownTable: 'Diese Version der Seite weiß nicht, wofür diese Tabelle ist.',
  withheldOthers: (rows) =>
    counted(rows, {
      one: '# Zeile gehört einem anderen Gerät. Gezählt ist sie, gezeigt wird sie nicht.',
      other: '# Zeilen gehören anderen Geräten. Gezählt sind sie, gezeigt werden sie nicht.',
    }),
  withheld: (rows) =>
    counted(rows, {
      one: '# Zeile gehört zu einer Leitung zwischen anderen Leuten. Gezählt ist sie, gezeigt wird sie nicht: Sie verriete dir, wer mit wem spricht.',
      other:
        '# Zeilen gehören zu Leitungen zwischen anderen Leuten. Gezählt sind sie, gezeigt werden sie nicht: Sie verrieten dir, wer mit wem spricht.',
    }),
  sealed: (bytes) => `Versiegelt in diesen Zeilen: ${sizeWords(bytes)}. Der Server kann das nicht öffnen.`,
  noRows: 'Die Zeilen konnten nicht geholt werden.',
  moreRows: 'Weitere Zeilen zeigen',
  cut: (start, length) => `${start}… (${wholeNumber(length)} Zeichen)`,
  bytes: (count) => `${sizeWords(count)}, versiegelt`,
  nothing: 'nichts',
  memory: 'In seinem Arbeitsspeicher',
  memoryHelp: 'Das ist weg, wenn der Server anhält.',
  sees: 'Was er sonst noch sieht',
  seen: [
    'Die Internetadresse, von der sich jedes Gerät verbindet, und wann es kommt und geht.',
    'Größe und Zeit von allem, was durchgeht, und von welchem Gerät es kommt.',
    'Zwischen welchen Geräten Quantenschlüssel gemacht werden.',
    'Dass eine private Leitung etwas überträgt, und für welche Geräte.',
  ],
  seenHelp:
    'Das braucht er, um Dinge weiterzugeben, und wer den Server betreibt, könnte es anderswo aufschreiben. Namen, Texte, den Titel des Raums oder einen Schlüssel sieht er nicht.',
  deleteLog: 'Protokoll des Servers löschen',
  deleteHelp: 'Der Raum gehört dir; du kannst den Server also sein Protokoll davon löschen lassen.',
  deleteTitle: 'Das Protokoll des Servers über diesen Raum löschen?',
  deleteWhat: [
    'Der Server löscht jede Zeile, die er bisher über diesen Raum aufgeschrieben hat. Nachrichten bleiben, wo sie sind.',
    'Allen im Raum wird gesagt, dass du es getan hast. Was jemand vorher gelesen oder kopiert hat, lässt sich nicht zurückholen, und von da an werden neue Zeilen geschrieben.',
  ],
  deleteYes: 'Protokoll löschen',
  deleteNo: 'Behalten',
  deleteFailed: 'Das Protokoll wurde nicht gelöscht.',
}

const whileRoom = 'Bleibt so lange wie der Raum.'
const whileSealed = ({ sealedMs }: Keeps): string =>
  sealedMs === undefined
    ? 'Dieser Raum lässt keine versiegelten Nachrichten beim Server aufbewahren.'
    : `Wird gelöscht, sobald jedes Gerät es hat, und bleibt höchstens so lange: ${spanWords(sealedMs)}.`

export const tableWords: Catalogue['tableWords'] = {
  rooms: {
    name: 'Der Raum',
    holds:
      'Seine Adresse, wann er angelegt wurde, das Gerät, dem er gehört, die erwartete Zahl der Leute und die öffentlichen Schlüssel seiner Links.',
    kept: () => whileRoom,
  },
  members: {
    name: 'Geräte im Raum',
    holds: 'Der Fingerabdruck jedes Geräts, seine öffentlichen Schlüssel und ob es gegangen ist. Kein Name.',
    kept: () =>
      'Bleibt so lange wie der Raum, auch für Geräte, die gegangen sind: Andere brauchen es, um alte Schlüssel zu prüfen.',
  },
  join_requests: {
    name: 'Bitten um Einlass',
    holds: 'Geräte, die um Einlass gebeten haben und warten, mit ihren öffentlichen Schlüsseln.',
    kept: ({ requestMs }) =>
      `Eine Bitte wird gelöscht, wenn sie beantwortet ist, und bleibt höchstens so lange: ${spanWords(requestMs)}.`,
  },
  key_packages: {
    name: 'Öffentliche Schlüssel für private Leitungen',
    holds:
      'Schlüssel, die Geräte hinterlegt haben, damit andere ihnen eine private Leitung öffnen können, während sie weg sind.',
    kept: () => 'Jeder wird einmal herausgegeben und damit gelöscht; alle eines Geräts werden gelöscht, wenn es geht.',
  },
  streams: {
    name: 'Stand der Ströme',
    holds:
      'Wie weit der Raum und jede private Leitung sind: Zahlen, und welches Gerät zuletzt die Schlüssel gewechselt hat.',
    kept: () => whileRoom,
  },
  kept_streams: {
    name: 'Ströme mit aufbewahrten Nachrichten',
    holds: 'Von wo bis wo versiegelte Nachrichten aufbewahrt sind.',
    kept: whileSealed,
  },
  kept_frames: {
    name: 'Aufbewahrte versiegelte Nachrichten',
    holds:
      'Nachrichten und Schlüsselwechsel, so versiegelt, dass der Server sie nicht öffnen kann, mit Absender, Größe und Zeit.',
    kept: whileSealed,
  },
  kept_devices: {
    name: 'Wie weit jedes Gerät ist',
    holds: 'Die letzte versiegelte Nachricht, die jedes Gerät bekommen hat.',
    kept: whileSealed,
  },
  kept_welcomes: {
    name: 'Aufbewahrte versiegelte Begrüßungen',
    holds: 'Was Neue brauchen, um mitzulesen, für sie allein versiegelt.',
    kept: whileSealed,
  },
  kept_invited: {
    name: 'Wer eine Begrüßung abzuholen hat',
    holds: 'Für welche Geräte diese Begrüßungen sind, und wessen Schlüsselwechsel sie hereinließ.',
    kept: whileSealed,
  },
  push_subscriptions: {
    name: 'Wohin gerufen wird',
    holds:
      'Die Push-Adressen der Geräte, die gerufen werden wollen, während sie weg sind, und wann sie zuletzt genannt wurden.',
    kept: () =>
      'Sie gehen, wenn das ausgeschaltet wird, das Gerät geht oder die Adresse nicht mehr gilt, und nach 90 Tagen ohne Bestätigung.',
  },
  room_logs: {
    name: 'Raumprotokoll',
    holds: 'Was im Raum geschah, Zeile für Zeile: Fingerabdrücke, Zeiten und Größen. Kein Name, kein Text.',
    kept: ({ logMs, trafficLogMs, endedLogMs }) => {
      if (logMs === undefined || trafficLogMs === undefined) return 'Zeilen bleiben, bis jemand sie löscht.'
      const [line, traffic] = [spanWords(logMs), spanWords(trafficLogMs)]
      return endedLogMs === undefined
        ? `So lange bleibt eine Zeile: ${line}; eine über eine einzelne Nachricht: ${traffic}.`
        : `So lange bleibt eine Zeile: ${line}; eine über eine einzelne Nachricht: ${traffic}; alle, nachdem der Raum beendet ist: ${spanWords(endedLogMs)}.`
    },
  },
}

export const memoryWords: Catalogue['memoryWords'] = (memory) => {
  const { frames, frameBytes, pairs, pairFrames, pairFrameBytes, framesMs, connected, welcomes, links } = memory
  return [
    `Jetzt verbundene Geräte: ${wholeNumber(connected)}.`,
    `Versiegelte Nachrichten des Raums, damit Geräte aufholen können: ${wholeNumber(frames)}, zusammen ${sizeWords(frameBytes)}. So lange bleibt jede: ${spanWords(framesMs)}.`,
    `Private Leitungen zwischen Geräten: ${wholeNumber(pairs)}. Versiegeltes darin: ${wholeNumber(pairFrames)}, zusammen ${sizeWords(pairFrameBytes)}.`,
    `Versiegelte Begrüßungen, die niemand abgeholt hat: ${wholeNumber(welcomes)}. Versiegelte Gerätelinks, die niemand genommen hat: ${wholeNumber(links)}.`,
    `Wo der Raum steht: Nummer ${memory.seq} des Laufs ${memory.inc.slice(0, 6)}, Epoche ${memory.epoch}.`,
  ]
}
