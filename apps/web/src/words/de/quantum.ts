/** German: `../quantum.ts`. */
import type { EpochLabel } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'
import { percent, shortPercent } from '../quantum.ts'

export const quantumWords: Catalogue['quantumWords'] = {
  title: 'Quantenverbindung',
  intro: 'BB84 mit simulierten Photonen. Ihre Schlüssel stehen neben X25519 und ML-KEM-768, nie an deren Stelle.',
  honest: 'Simulierte Photonen geben keine Quantensicherheit.',
  qber: 'QBER',
  qberHelp: 'Falsche Bits unter den verglichenen; die schlechteste Verbindung zählt.',
  notMeasured: 'nicht gemessen',
  threshold: (threshold) => `Grenze ${shortPercent(threshold)}`,
  eve: 'Abhören simulieren',
  eveHelp: 'Misst jedes simulierte Photon auf seinem Weg. Es gilt ab dem nächsten Durchgang, für alle im Raum.',
  eveBy: (on, name) => {
    if (name === undefined) return on ? 'Ein.' : 'Aus.'
    return on ? `Eingeschaltet von ${name}.` : `Ausgeschaltet von ${name}.`
  },
  run: 'Schlüsselaustausch starten',
  running: 'Ein Schlüsselaustausch läuft (simulierte Photonen)…',
  completed: 'Schlüsselaustausch abgeschlossen',
  eavesdropper: 'Abhören entdeckt, kein Schlüssel gemacht',
  eavesdropperHelp: 'Der Chat geht unter X25519 und ML-KEM-768 weiter, in voller Stärke.',
  failed: 'Der letzte Schlüsselaustausch gab keinen Schlüssel',
  failedHelp:
    'Die Verbindungen unten sagen, warum. Der Chat geht unter X25519 und ML-KEM-768 weiter, in voller Stärke.',
  alone: 'Ein Schlüsselaustausch braucht eine zweite Person im Raum.',
  you: 'Du',
  byYou: 'dir',
  ends: (a, b) => `${a} ↔ ${b}`,
  links: 'Verbindungen',
  noLinks: 'Noch keine Verbindungen. Sie kommen mit der zweiten Person.',
  progressOf: (link) => `Fortschritt von ${link}`,
  stagesTitle: 'Bits je Stufe',
  stagesOf: (link) => `Bits des letzten Durchgangs zwischen ${link} (simuliert), auf einer logarithmischen Skala`,
  stage: 'Stufe',
  bits: 'Bits',
  noStages: 'Noch kein Durchgang.',
  linkShown: 'Gezeigte Verbindung',
  keyBits: (bits) =>
    counted(bits, { one: 'noch # simuliertes Schlüsselbit', other: 'noch # simulierte Schlüsselbits' }),
  interval: (low, high) => `95-%-Intervall ${percent(low)} bis ${percent(high)}`,
  epochTitle: 'Die Schlüssel des Raums jetzt',
}

export const labelNames: Catalogue['labelNames'] = {
  'post-quantum': 'post-quanten',
  'quantum (simulated)': 'Quanten (simuliert)',
  'quantum (hardware)': 'Quanten (Hardware)',
}

export const stageNames: Catalogue['stageNames'] = {
  proposal: 'Vorschlag',
  photons: 'Photonen',
  sifting: 'Sieben',
  estimation: 'Schätzung',
  reconciliation: 'Abgleich',
  amplification: 'Verstärkung',
  detected: 'erkannt',
  sifted: 'gesiebt',
  sampled: 'nach der Stichprobe',
  reconciled: 'abgeglichen',
  verified: 'bestätigt',
  amplified: 'verstärkt',
  confirmed: 'gegengeprüft',
  authenticated: 'beglaubigt',
}

const labelHelp: Readonly<Record<EpochLabel, string>> = {
  'post-quantum':
    'X25519 und ML-KEM-768 zusammen: Wer mitlesen will, muss beide brechen. Schlüssel aus Quantenverbindungen erreichen zurzeit nicht jedes Mitglied.',
  'quantum (simulated)':
    'X25519 und ML-KEM-768 zusammen, und jedes Mitglied bekam das Gruppengeheimnis unter einem Schlüssel aus simulierten Photonen. Das zeigt, wie es geht; Quantensicherheit bringt es nicht.',
  'quantum (hardware)':
    'X25519 und ML-KEM-768 zusammen, und jedes Mitglied bekam das Gruppengeheimnis unter einem Schlüssel aus QKD-Hardware, wie jedes Gerät bestätigt hat.',
}

export const labelWords: Catalogue['labelWords'] = ({ label, linksCovered, linksInAll }) => {
  if (linksInAll === 0) return labelHelp[label]
  const source = label === 'quantum (hardware)' ? 'Hardware' : 'simuliert'
  return `${labelHelp[label]} Quantenverbindungen (${source}) in Gebrauch: ${wholeNumber(linksCovered)} von ${wholeNumber(linksInAll)}.`
}

export const linkStateWords: Catalogue['linkStateWords'] = (state) =>
  ({
    none: 'Noch kein Durchgang',
    waiting: 'Wartet auf die andere Seite',
    running: 'Läuft',
    completed: 'Schlüssel gemacht',
    aborted: 'Kein Schlüssel',
  })[state]

export const placeWords: Catalogue['placeWords'] = ({ thread, amplifier }) => {
  const what = `Privacy Amplification: ${amplifier === 'wasm' ? 'wasm' : 'TypeScript'}.`
  return {
    worker: `Berechnet in einem Worker neben dieser Seite. ${what}`,
    page: `Berechnet im Hauptthread dieser Seite, in kleinen Stücken, da dieser Browser keine Worker hat. ${what}`,
    process: `Berechnet in diesem Programm. ${what}`,
  }[thread]
}

export const unknownAbort: Catalogue['unknownAbort'] = (code) => `Der Durchgang wurde abgebrochen (${code}).`

export const aborts: Catalogue['aborts'] = {
  'qber-above-threshold': 'Mehr falsche Bits, als Rauschen erklärt: Jemand hat mitgehört. Die Bits wurden verworfen.',
  'too-few-detections': 'Zu wenige Photonen kamen an, um einen sicheren Schlüssel zu machen.',
  'no-secret-key-left': 'Nach der Korrektur blieb nichts übrig, was eine Lauscherin nicht wissen könnte.',
  'reconciliation-failed': 'Die Fehler ließen sich nicht korrigieren. Die Bits wurden verworfen.',
  'verification-failed': 'Die beiden Seiten hatten am Ende nicht dieselben Bits. Sie wurden verworfen.',
  'confirmation-failed': 'Die beiden Seiten hatten am Ende nicht denselben Schlüssel. Er wurde verworfen.',
  'authentication-failed':
    'Eine Nachricht des Durchgangs kam nicht von der anderen Seite. Der Durchgang wurde abgebrochen.',
  'commitment-broken':
    'Die andere Seite hat geändert, worauf sie sich festgelegt hatte. Der Durchgang wurde abgebrochen.',
  'parameters-refused':
    'Die beiden Seiten waren sich nicht einig, wie der Durchgang geht. Vielleicht hilft es, beide Seiten neu zu laden.',
  'unknown-version': 'Die andere Seite hat eine andere Version. Ladet beide Seiten neu.',
  'internal-error': 'Die Berechnung ist auf einer Seite abgestürzt. Der nächste Durchgang fängt neu an.',
  'engine-failed':
    'Der Worker, der die Durchgänge berechnet, konnte auf einer Seite nicht starten oder ist abgestürzt. Der nächste Durchgang startet ihn neu; wenn das nicht hilft, lade die Seite neu.',
  cancelled: 'Der Durchgang wurde vor dem Ende abgebrochen, von einer Seite oder weil sich die Mitglieder änderten.',
}

export const holdWords: Catalogue['holdWords'] = (hold, nameOf) => {
  const required = 'Dieser Raum verlangt Quantenschlüssel (simuliert).'
  switch (hold.for) {
    case 'others':
      return `${required} Was du schreibst, bleibt hier und wartet auf jemanden, mit dem sich ein Schlüssel machen lässt.`
    case 'away': {
      const [only] = hold.people
      return hold.people.length === 1 && only
        ? `${required} Was du schreibst, bleibt hier und wartet auf das Gerät von ${nameOf(only)}, das weg ist. Bis dahin, oder bis es entfernt ist, kann niemand senden.`
        : `${required} Was du schreibst, bleibt hier und wartet auf Geräte von ${listPeople(hold.people, nameOf, 4, 'dir')}, die weg sind. Bis dahin, oder bis sie entfernt sind, kann niemand senden.`
    }
    case 'fewer':
      return `${required} Was du schreibst, bleibt hier und wartet, bis höchstens ${wholeNumber(hold.atMost)} Geräte hier sind: Weiter reichen Quantenverbindungen nicht.`
    case 'exchange':
      return `${required} Was du schreibst, bleibt hier und wartet auf den Schlüsselaustausch. Wenn das so bleibt, starte ihn unter „Raumdetails“ noch einmal, oder der Server hält ihn zurück.`
  }
}
