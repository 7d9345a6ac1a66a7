/** German: `../commands.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const commandWords: Catalogue['commandWords'] = {
  title: 'Befehle',
  field: 'Befehl',
  list: 'Was sich hier tun lässt',
  slashes: 'Befehle im Nachrichtenfeld',
  count: (count) => counted(count, { one: '# Befehl', other: '# Befehle' }),
  none: 'Kein Befehl dieses Namens.',
  close: 'Schließen',
  search: 'Nachrichten durchsuchen',
  day: 'Zu einem Tag springen',
  latest: 'Zu den neuesten springen',
  invite: 'Leute einladen',
  editLast: 'Meine letzte Nachricht ändern',
  openDetails: 'Raumdetails und Einstellungen öffnen',
  closeDetails: 'Raumdetails schließen',
  verify: 'Prüfen, wer hier ist',
  verifyPerson: (name) => `${name} prüfen`,
  person: (name) => `Wer ${name} ist`,
  keys: 'Tastenkürzel',
  enterSends: 'Die Eingabetaste soll senden',
  enterBreaks: 'Die Eingabetaste soll die Zeile umbrechen',
  clear: 'Die Ansicht leeren',
  unclear: 'Die ausgeblendeten Nachrichten wieder zeigen',
  lock: 'Den Raum absperren',
  unlock: 'Den Raum aufsperren',
  exchange: 'Schlüsselaustausch starten',
  eavesdropperOn: 'Abhören simulieren',
  eavesdropperOff: 'Das simulierte Abhören beenden',
  typingOn: 'Anderen zeigen, wenn ich schreibe',
  typingOff: 'Anderen nicht zeigen, wenn ich schreibe',
  readOn: 'Anderen zeigen, was ich gelesen habe',
  readOff: 'Anderen nicht zeigen, was ich gelesen habe',
  profileOn: 'Diesem Raum sagen, dass ich es bin',
  profileOff: 'Diesem Raum nicht sagen, dass ich es bin',
  linkDevice: 'Ein anderes Gerät verbinden',
  exportRoom: 'Die Nachrichten dieses Raums exportieren',
  closeRoom: 'Diesen Raum schließen und in einem geschlossenen weitermachen',
  device: 'Dieses Gerät: Speicher, Passphrase, Sicherung',
  leave: 'Raum verlassen',
  failed: 'Es wurde nicht getan.',
  enterSwitch: 'Die Eingabetaste sendet die Nachricht',
  enterHelp:
    'Sonst bricht die Eingabetaste die Zeile um. Strg oder Cmd mit Eingabe sendet immer, Umschalt mit Eingabe nie. In diesem Browser vermerkt.',
}

export const slashWords: Catalogue['slashWords'] = {
  list: 'Befehle',
  count: (count) => counted(count, { one: '# Befehl passt', other: '# Befehle passen' }),
  unknown: (name) =>
    `Einen Befehl /${name} gibt es nicht, darum wurde nichts gesendet. Um den Text zu senden, wie er dasteht, beginne ihn mit zwei Schrägstrichen.`,
  meNothing: 'Sag, was du tust, wie in „/me winkt“. Nichts wurde gesendet.',
  nick: 'Dein Name ist mit deinen Schlüsseln signiert und bleibt in diesem Raum, wie er ist. Um einen anderen zu haben, verlass den Raum und komm über eine Einladung wieder.',
  lockNo: 'Nur wer die Einstellungen des Raums ändern darf, kann ihn absperren. Nichts wurde gesendet.',
  titleNo: 'Nur wer die Einstellungen des Raums ändern darf, kann ihm einen Namen geben. Nichts wurde gesendet.',
  titleNone: 'Schreib den Namen dahinter: /title Lesekreis. Nichts wurde gesendet.',
  locked: 'Der Raum ist schon abgesperrt.',
  unlocked: 'Der Raum ist nicht abgesperrt.',
  verifyNobody: (name) => `Niemand hier heißt ${name}.`,
  inviteNo: 'Es gibt gerade keinen Link, den du weitergeben könntest.',
  notNow: 'Das geht nicht, solange du nicht im Raum bist.',
  does: {
    help: 'Tasten und Befehle zeigen',
    me: 'Sagen, was du tust: /me winkt',
    search: 'Nachrichten durchsuchen: /search Wörter',
    clear: 'Die Ansicht auf diesem Bildschirm leeren',
    invite: 'Den Einladungslink zeigen',
    verify: 'Jemanden prüfen: /verify Name',
    lock: 'Den Raum absperren: Niemand Neues kommt herein',
    unlock: 'Den Raum aufsperren',
    title: 'Dem Raum einen Namen geben: /title Lesekreis',
    leave: 'Den Raum verlassen',
    nick: 'Warum dein Name bleibt, wie er ist',
  },
}

export const clearedWords: Catalogue['clearedWords'] = {
  title: 'Du hast die Ansicht geleert.',
  help: 'Nichts wurde gelöscht: Die Nachrichten sind noch auf diesem Gerät und auf denen der anderen. Nach dem Neuladen sind sie wieder da.',
  show: 'Wieder zeigen',
}

export const shortcutWords: Catalogue['shortcutWords'] = {
  keys: 'Diese Liste zeigen',
  search: 'Nachrichten durchsuchen; dort noch einmal: die Suche des Browsers',
  palette: 'Alle Befehle nach Namen',
  send: 'Senden',
  newLine: 'Neue Zeile',
  slash: 'Am Anfang einer Nachricht: ein Befehl; zwei Schrägstriche senden einen',
}
