/** German: `../verify.ts`. */
import type { VerifiedHow } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { dateOf } from '../time.ts'
import { trustWords } from './trust.ts'

export const verifyWords: Catalogue['verifyWords'] = {
  close: 'Schließen',
  back: 'Zurück',
  fingerprint: 'Fingerabdruck der Schlüssel',
  lookalike: 'Jemand anders hier hat einen Namen, der diesem ähnlich sieht. Unterscheide sie am Fingerabdruck.',
  whom: 'Wen möchtest du prüfen?',
  nobody: 'Noch ist niemand sonst hier.',
  how: (name) =>
    `Triff ${isolated(name)}, oder ruf an, sodass du die Stimme erkennst. Ein Vergleich über Nachrichten in diesem Raum beweist nichts.`,
  roomCode: 'Raumcode',
  roomCodeOf: (epoch) => `Raumcode der Epoche ${epoch}`,
  roomCodeHelp:
    'Alle im Raum sehen jetzt diesen Code. Ist er bei jemandem anders, zeigt euch der Server verschiedene Räume: Sag nichts Geheimes, und mach einen neuen Raum.',
  roomCodeNone: 'Einen Code gibt es, sobald du im Raum bist.',
  roomMoved: (epoch) =>
    `Der Raum ist zur Epoche ${epoch} weitergegangen. Schließ dies und öffne es noch einmal, um den neuen Code zu vergleichen.`,
  pictures: 'Sechs Bilder vergleichen',
  picturesHelp: 'Am schnellsten am Telefon. Ihr seht beide sechs Bilder; sagt euch ihre Namen.',
  picturesStart: 'Bilder vergleichen',
  six: 'Sechs Bilder',
  match: 'Sie stimmen überein',
  noMatch: 'Sie stimmen nicht überein',
  stop: 'Anhalten',
  scan: 'Einen Code scannen',
  scanHelp: 'Am besten nebeneinander. Eine Seite zeigt diesen Code, die andere scannt ihn; dann umgekehrt.',
  scanStart: 'Den anderen Code scannen',
  scanStop: 'Kamera ausschalten',
  camera: 'Bild der Kamera',
  noCamera:
    'Die Kamera lässt sich nicht benutzen (sie fehlt, ist belegt, oder diese Seite darf es nicht). Vergleicht stattdessen die Zahl.',
  number: 'Eine Zahl vergleichen',
  numberHelp:
    'Ihr seht beide diese 60 Ziffern. Lest sie euch vor, oder füge ein, was die andere Seite auf anderem Weg geschickt hat.',
  numberOfBoth: 'Eure gemeinsame Zahl',
  theirs: 'Die Zahl der anderen Seite',
  check: 'Vergleichen',
  theySaySame: (name) => `${isolated(name)} sagt, dass sie übereinstimmen.`,
  theySayOther: (name) =>
    `${isolated(name)} sagt, dass sie nicht übereinstimmen. Haltet an, und seht zusammen noch einmal hin.`,
  verifiedNow: (name) => `Du hast ${isolated(name)} geprüft.`,
  verifiedHelp:
    'Das ist nur auf diesem Gerät vermerkt: Die andere Seite prüft dich auch. Hier bleibt es, solange die Schlüssel dieselben sind.',
  elsewhere: 'Um euch auch in anderen Räumen zu kennen, könnt ihr es beide diesen Räumen sagen, in den Raumdetails.',
  mismatch: 'Die Codes stimmen nicht überein.',
  mismatchDo: [
    'Prüft, dass ihr in diesem Raum beide auf den Namen des anderen seht, und versucht es noch einmal.',
    'Wenn es wieder misslingt, steht vielleicht jemand zwischen euch: Schreib hier nichts Geheimes.',
    'Schickt euch auf anderem Weg einen neuen Einladungslink, und prüft dort.',
  ],
  unlinked: 'Diesem Raum nicht sagen, dass ich es bin',
  unlinkedHelp:
    'Ein: Niemand kann dich mit deinen anderen Räumen verbinden. Aus: Leute, die dich anderswo geprüft haben, kennen dich hier; Mitglieder behalten, was ihnen gesagt wurde, und der Server erfährt es nie.',
}

const how: Readonly<Record<VerifiedHow, string>> = {
  scan: 'durch Scannen eines Codes',
  number: 'durch Vergleichen einer Zahl',
  pictures: 'durch Vergleichen von Bildern',
}

export const standingWords: Catalogue['standingWords'] = ({ name, standing }) => {
  const { trust, verification, sinceMs } = standing
  switch (trust) {
    case 'self':
      return 'Das bist du.'
    case 'new':
      return `Du begegnest ${isolated(name) || 'dieser Person'} zum ersten Mal. Noch sagt nichts, ob der Name stimmt.`
    case 'seen':
      return `Das sind die Schlüssel, die du seit dem ${dateOf(sinceMs ?? Date.now())} kennst. Wem sie gehören, hast du nicht geprüft.`
    case 'verified':
      return verification
        ? `Du hast diese Schlüssel am ${dateOf(verification.atMs)} geprüft, ${how[verification.how]}.`
        : 'Das ist dein eigener Browser, in einem anderen Tab.'
    case 'changed':
      return standing.wasVerified === true
        ? 'Du hast jemanden mit einem ähnlichen Namen geprüft. Dies sind andere Schlüssel: ein neuer Browser derselben Person, oder jemand anders.'
        : 'Jemand mit einem ähnlichen Namen war schon hier, mit anderen Schlüsseln: dieselbe Person mit einem neuen Browser, oder jemand anders.'
  }
}

export const comparisonWords: Catalogue['comparisonWords'] = ({ state, with: { name } }) => {
  switch (state.at) {
    case 'asked':
      return trustWords.asks(name)
    case 'waiting':
      return `Es wird gewartet, bis ${isolated(name)} zustimmt…`
    case 'committed':
      return 'Gleich so weit…'
    case 'showing':
      return `Sieht ${isolated(name)} dieselben sechs, in dieser Reihenfolge?`
    case 'answered':
      return state.matched ? verifyWords.verifiedNow(name) : verifyWords.mismatch
    case 'over':
      return {
        cancelled: `${isolated(name)} hat angehalten, oder der Raum ist weitergegangen. Versucht es noch einmal.`,
        expired: 'In fünf Minuten hat niemand geantwortet. Versucht es noch einmal.',
        broken:
          'Was von der anderen Seite kam, war nicht, was sie versprochen hatte. Versucht es noch einmal; wenn es wieder geschieht, vertrau diesen Schlüsseln nicht.',
      }[state.reason]
  }
}

export const scanWords: Catalogue['scanWords'] = (result) =>
  result === 'other-room'
    ? 'Dieser Code gehört zu einem anderen Raum. Lass die andere Seite den dieses Raums öffnen.'
    : 'Das ist kein Code von QSEC. Er hat 60 Ziffern, oder ist das Bild im Fenster „Prüfen“ der anderen Seite.'
