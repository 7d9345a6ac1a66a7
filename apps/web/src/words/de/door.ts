/** German: `../door.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const doorWords: Catalogue['doorWords'] = {
  title: 'Raum betreten',
  name: 'Dein Name',
  nameHint: 'Die anderen im Raum sehen ihn. Der Server nicht.',
  nameMissing: 'Gib einen Namen ein.',
  join: 'Betreten',
  notNow: 'Nicht jetzt',
  preview: (kind, short) =>
    kind === 'open' ? `Offener Raum „${isolated(short)}“` : `Geschlossener Raum ${short}, über einen Einladungslink`,
  previewHelp: (kind) =>
    kind === 'open'
      ? 'Wer diese Adresse hat, wird hereingelassen, und wer den Server betreibt, könnte auch hinein.'
      : 'Jemand drinnen lässt dich herein. Was vorher gesagt wurde, siehst du nicht.',
  paused: 'Du hast diesen Raum nicht betreten',
  pausedHelp: 'Wähle einen Namen, um hineinzugehen.',
  chooseName: 'Namen wählen',
  home: 'Startseite',
  stored: 'Es wird nachgesehen, was hier gespeichert ist…',
  looking: 'Deine Schlüssel zu diesem Raum werden gesucht…',
  entering: 'Der Raum wird geöffnet…',
  failed: 'Der Raum konnte nicht geöffnet werden',
  again: 'Noch einmal versuchen',
  needsLink: 'Du brauchst den vollständigen Einladungslink',
  needsLinkHelp:
    'Diese Adresse nennt einen geschlossenen Raum. Sein Schlüssel steht im Einladungslink hinter dem Zeichen #, und dieser Teil fehlt hier; vielleicht ging er beim Kopieren verloren.',
  needsLinkDo: 'Bitte jemanden im Raum, auf „Einladen“ zu drücken und dir den ganzen Link zu schicken.',
  nowhere: 'Unter dieser Adresse ist nichts',
  nowhereHelp:
    'Die Adresse eines Raums ist /room/ und 1 bis 20 Buchstaben, Ziffern, Bindestriche oder Unterstriche, oder ein Einladungslink.',
}

export const phaseWords: Catalogue['phaseWords'] = {
  connecting: 'Verbindung wird hergestellt…',
  connectingHelp: 'Der Server wird erreicht.',
  connectingLong: 'Das dauert länger, als es sollte. Vielleicht ist der Server nicht da, oder dein Netz.',
  waiting: 'Es wird gewartet, bis dich jemand im Raum hereinlässt',
  waitingHelp:
    'Ein Gerät drinnen prüft deine Einladung. Das dauert einige Sekunden; länger, wenn der Raum voll ist oder jemand zustimmen muss.',
  waitingAlone: 'Es wird auf jemanden im Raum gewartet',
  waitingAloneHelp:
    'Niemand, der dich hereinlassen könnte, ist jetzt verbunden. Deine Anfrage bleibt 7 Tage beim Server; du kommst herein, sobald jemand den Raum öffnet.',
  rejoining: 'Es geht zurück in den Raum',
  rejoiningHelp:
    'Dieses Gerät hat den Faden verloren und bittet, wieder aufgenommen zu werden. Gleich kannst du schreiben.',
  rejoiningAlone: 'Es wird gewartet, in den Raum zurückzukommen',
  rejoiningAloneHelp:
    'Dieses Gerät hat den Faden verloren und muss von jemandem drinnen wieder aufgenommen werden; niemand ist jetzt verbunden. Es geschieht von selbst, sobald jemand kommt.',
  stopWaiting: 'Nicht länger warten',
  left: 'Du hast den Raum verlassen',
  leftHelp: 'Seine Schlüssel und Nachrichten sind aus diesem Browser gelöscht.',
}

export const tokenWords: Catalogue['tokenWords'] = {
  label: 'Token des Servers',
  make: 'Raum anlegen',
  missing: 'Gib zuerst das Token ein.',
}

type Refusal = ReturnType<Catalogue['refusalWords']>

const refusedDevice: Refusal = {
  title: 'Der Server hat dieses Gerät abgelehnt',
  help: 'Das ist ein Fehler des Servers oder dieser Seite, nicht deiner. Versuch es noch einmal; wenn es bleibt, sag es denen, die den Server betreiben.',
  again: true,
}
const notAccepted: Refusal = {
  title: 'Der Server hat dieses Gerät nicht angenommen',
  help: 'Oft geht die Uhr dieses Computers falsch. Stell sie richtig und versuch es noch einmal.',
  again: true,
}

export const refusalWords: Catalogue['refusalWords'] = (code, kind) => {
  const refusals: Readonly<Record<typeof code, Refusal>> = {
    'room-full': {
      title: 'Dieser Raum ist voll',
      help: 'Er fasst eine feste Zahl von Leuten, und alle sind drinnen. Bitte sie, die Zahl zu erhöhen, oder versuch es noch einmal, wenn jemand gegangen ist.',
      again: true,
    },
    'no-access': {
      title: 'Dieser Raum steht dir nicht offen',
      help:
        kind === 'closed'
          ? 'Den Raum gibt es nicht mehr, er ist abgesperrt, oder der Einladungslink ist beendet. Links enden nach ihrer Zeit, wenn sie aufgebraucht sind, und immer, wenn jemand entfernt wird. Bitte jemanden drinnen um einen neuen.'
          : 'Der Server lässt dieses Gerät nicht in den Raum. Wähle ein anderes Wort, oder frag die, die den Server betreiben.',
      again: true,
    },
    'needs-token': {
      title: 'Dieser Server fragt, wer Räume anlegt',
      help: 'Wer ihn betreibt, hat dafür ein Token. Bitte darum und gib es hier ein; diese Seite vergisst es, wenn sie geschlossen wird. Wer einen Einladungslink hat, braucht keines.',
      again: false,
    },
    'needs-link': { title: doorWords.needsLink, help: doorWords.needsLinkHelp, again: false },
    'bad-welcome': {
      title: 'Der Raum konnte nicht beweisen, dass er der richtige ist',
      help: 'Was dieses Gerät bekam, gehört nicht zu der Adresse, die du geöffnet hast. Nichts wurde gezeigt und nichts gesendet. Bitte um einen neuen Link über einen Weg, dem du vertraust.',
      again: true,
    },
    storage: {
      title: 'Dieser Browser lässt die Seite nichts speichern',
      help: 'Ohne Speicher wären deine Schlüssel beim nächsten Neuladen verloren. Verlass das private Fenster, oder schaff etwas Platz, und versuch es noch einmal.',
      again: true,
    },
    replaced: {
      title: 'Dieses Gerät wird anderswo benutzt',
      help: 'Eine Kopie seines Speichers hat seinen Platz im Raum eingenommen; vielleicht wurde dieses Browserprofil kopiert oder aus einer Sicherung geholt. Nur eines von beiden kann im Raum sein. Weißt du von keiner Kopie, hat sie vielleicht jemand gestohlen: Bitte die anderen, dieses Gerät zu entfernen, und komm über einen neuen Link wieder.',
      again: true,
    },
    'client-older': {
      title: 'Diese Seite ist älter als der Server',
      help: 'Lade die Seite neu: Dann passt es wieder. Deine Schlüssel und Nachrichten bleiben, wo sie sind.',
      again: false,
    },
    'relay-older': {
      title: 'Der Server ist älter als diese Seite',
      help: 'Wer ihn betreibt, muss ihn erneuern. Deine Schlüssel und Nachrichten bleiben, wo sie sind; versuch es dann noch einmal.',
      again: true,
    },
    version: {
      title: 'Diese Seite und der Server passen nicht zusammen',
      help: 'Eines von beiden ist älter. Lade die Seite neu; wenn das nicht hilft, muss der Server erneuert werden.',
      again: true,
    },
    'login-failed': notAccepted,
    'not-logged-in': notAccepted,
    'rate-limited': {
      title: 'Zu viele Versuche in zu kurzer Zeit',
      help: 'Der Server bittet um eine Pause. Warte eine Minute und versuch es noch einmal.',
      again: true,
    },
    unavailable: {
      title: 'Der Server kann dich jetzt nicht aufnehmen',
      help: 'Er startet gerade, hört gerade auf, oder sein Datenträger ist voll. Versuch es in einer Minute noch einmal.',
      again: true,
    },
    exists: {
      title: 'Einen Raum dieses Namens gibt es schon',
      help: 'Versuch es noch einmal, um ihn zu betreten.',
      again: true,
    },
    'bad-request': refusedDevice,
    'too-large': refusedDevice,
    'stale-epoch': refusedDevice,
    'out-of-order': refusedDevice,
    internal: refusedDevice,
  }
  return refusals[code]
}

export const roomTitle: Catalogue['roomTitle'] = (kind, short) => (kind === 'open' ? short : `Raum ${short}`)
