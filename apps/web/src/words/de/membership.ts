/** German: `../membership.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { expiryWords } from '../membership.ts'
import { lifetimeWords } from './lifetime.ts'
import { daysWords } from './time.ts'

export const linkWords: Catalogue['linkWords'] = {
  title: 'Gültige Links',
  end: 'Diesen Link beenden',
  endAsk: 'Wer ihn hat und noch nicht drinnen ist, bleibt dann draußen.',
  endYes: 'Beenden',
  keep: 'Behalten',
  newLink: 'Neuer Link',
  who: 'Wer damit hereinkommt',
  anyone: 'Alle, die ihn haben',
  one: 'Eine Person',
  asked: 'Nach jeder Person wird gefragt',
  ends: 'Endet nach',
  make: 'Link machen',
  cancel: 'Abbrechen',
  locked:
    'Der Raum ist abgesperrt. Kein Link lässt jemanden herein, bis er unter „Raumdetails“ wieder aufgesperrt wird.',
  notYou: (owner) =>
    owner === undefined
      ? 'Nur die Raumleitung lässt hier Leute herein. Frag jemanden von ihr.'
      : `Nur die Raumleitung lässt hier Leute herein. Frag ${owner}.`,
}

export const linkLifetimeWords: Catalogue['linkLifetimeWords'] = { hour: '1 Stunde', day: '1 Tag', week: '7 Tagen' }

export const usesWords: Catalogue['usesWords'] = (usesLeft) =>
  usesLeft === undefined
    ? 'beliebig viele Leute'
    : counted(usesLeft, { one: 'noch # Mal', other: 'noch # Mal zu benutzen' })

export const endsWords: Catalogue['endsWords'] = {
  ended: 'ist beendet',
  ends: (inTime) => `endet ${inTime}`,
}

export const givesWords: Catalogue['givesWords'] = (invite, nowMs) => {
  const ends = `Er ${expiryWords(invite.expiresMs, nowMs)}.`
  if (invite.mode === 'approve') {
    return `Wer diesen Link öffnet, bittet um Einlass, und jemand hier sagt Ja oder Nein. Wer hereinkommt, liest von da an mit, nicht was vorher gesagt wurde. ${ends}`
  }
  if (invite.usesLeft === 1) {
    return `Wer diesen Link zuerst öffnet, kommt herein und liest von da an mit, nicht was vorher gesagt wurde. ${ends}`
  }
  return `Wer diesen Link hat, kann hereinkommen und liest von da an mit, nicht was vorher gesagt wurde. ${ends}`
}

export const personWords: Catalogue['personWords'] = {
  remove: (name) => `${name} aus dem Raum entfernen`,
  removeShort: 'Entfernen…',
  removeTitle: (name) => `${name} aus diesem Raum entfernen?`,
  removeHelp: (name) => [
    `Für alle anderen werden neue Schlüssel gemacht: Was von da an gesagt wird, kann ${name} nicht lesen.`,
    'Alle Links enden, und ein neuer wird gemacht.',
    `Was ${name} schon gelesen hat, bleibt dort. Zurück geht es nur, wenn jemand Einlass gibt.`,
  ],
  removeYes: 'Entfernen und neue Schlüssel machen',
  makeAdmin: (name) => `${name} die Verwaltung geben`,
  noAdmin: (name) => `${name} die Verwaltung nehmen`,
  handOver: (name) => `Den Raum an ${name} übergeben`,
  handOverTitle: (name) => `Den Raum an ${name} übergeben?`,
  handOverHelp: (name) => [
    `Dann gehört der Raum ${name}: kann die Verwaltung vergeben, den Raum beenden und dich hinaussetzen.`,
    `Du behältst die Verwaltung. Nur ${name} kann den Raum zurückgeben.`,
  ],
  handOverYes: 'Übergeben',
  cancel: 'Abbrechen',
}

export const settingsWords: Catalogue['settingsWords'] = {
  title: 'Einstellungen des Raums',
  lock: 'Raum absperren',
  lockHelp:
    'Niemand Neues kommt herein, mit welchem Link auch immer, bis er aufgesperrt wird. Wer drinnen ist, bleibt.',
  admit: 'Wer Leute hereinlässt',
  admitHelp: 'Macht und beendet Links und entscheidet über die, die um Einlass bitten.',
  everyone: 'Alle im Raum',
  admins: 'Die Raumleitung',
  name: 'Name des Raums',
  nameNote: 'leer: keiner',
  nameHelp: 'Alle im Raum sehen ihn. Der Server nicht.',
  nameSet: 'Namen setzen',
  capacity: 'Höchstens so viele Leute',
  capacityNote: 'leer: unbegrenzt',
  capacityBad: (fewest, most) =>
    `Gib eine ganze Zahl von ${wholeNumber(fewest)} bis ${wholeNumber(most)} ein, oder nichts.`,
  capacitySet: 'Grenze setzen',
  quantum: 'Quantenschlüssel verlangen',
  quantumHelp:
    'Nichts wird gesendet, bis jedes Gerät hier einen Schlüssel aus einer Quantenverbindung hat. Ist eines weg, warten alle, bis es zurückkommt oder entfernt wird. In dieser Version sind die Photonen simuliert; mehr Sicherheit bringt das also nicht: Es zeigt, wie so ein Raum arbeitet.',
  keep: 'Versiegelte Nachrichten bis zur Zustellung behalten',
  keepHelp: (days) =>
    `Wer tagelang weg ist, verpasst nichts, auch wenn der Server neu gestartet wird. Höchstens ${daysWords(days)} lang liegt dann auf dem Datenträger des Servers, was ein Gerät noch nicht hat: versiegelt, sodass es dort niemand lesen kann. Zu sehen ist, wie viele Nachrichten es sind, wie groß, wann und von welchem Gerät; und Kopien des Datenträgers können sie länger enthalten.`,
  end: 'Raum für alle beenden',
  endTitle: 'Diesen Raum für alle beenden?',
  endHelp: [
    'Niemand kann hier mehr schreiben oder hereinkommen, und niemand kann es rückgängig machen.',
    'Was gesagt wurde, bleibt auf den Geräten lesbar, die es haben, bis es dort gelöscht wird.',
  ],
  endSure: 'Ich will, dass dieser Raum für alle darin endet.',
  endNotSure: 'Hake zuerst die Zeile darüber an.',
  endYes: 'Den Raum beenden',
  cancel: 'Abbrechen',
}

export const settingsSentences: Catalogue['settingsSentences'] = (
  { locked, admitBy, capacity, quantum, keepSealed, lifetimeS },
  kind,
) => [
  locked ? 'Der Raum ist abgesperrt: Niemand Neues kommt herein.' : 'Der Raum ist nicht abgesperrt.',
  ...(kind === 'closed'
    ? [admitBy === 'everyone' ? 'Alle im Raum lassen Leute herein.' : 'Die Raumleitung lässt Leute herein.']
    : []),
  ...(quantum === 'required' ? ['Quantenschlüssel (simuliert) werden verlangt: Ohne sie wird nichts gesendet.'] : []),
  ...(lifetimeS === undefined ? [] : [lifetimeWords.roomSentence(lifetimeS)]),
  capacity === undefined
    ? 'Die Zahl der Leute ist nicht begrenzt.'
    : counted(capacity, { one: 'Er fasst höchstens # Person.', other: 'Er fasst höchstens # Leute.' }),
  keepSealed === undefined
    ? 'Der Server behält keine Nachrichten auf seinem Datenträger.'
    : `Der Server behält versiegelte Nachrichten höchstens ${daysWords(keepSealed)} lang auf seinem Datenträger, bis jedes Gerät sie hat.`,
]

export const leaderWords: Catalogue['leaderWords'] = (owner) =>
  owner === undefined
    ? 'Wem der Raum gehörte, ist gegangen; die Verwaltung leitet ihn.'
    : `Der Raum gehört ${owner}. Nur die Raumleitung ändert, was hier steht.`
