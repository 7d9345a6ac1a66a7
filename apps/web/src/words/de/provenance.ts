/** German: `../provenance.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'

export const provenanceWords: Catalogue['provenanceWords'] = {
  open: 'Schlüsselverlauf',
  title: 'Schlüsselverlauf',
  intro:
    'Die Schlüssel des Raums wechseln mit jeder Epoche. Hier steht, woher sie kamen, für jede Epoche, in der dieses Gerät war und an die es sich noch erinnert. Das liegt auf diesem Gerät allein.',
  honest:
    'Quantenverbindungen kommen zu X25519 und ML-KEM-768 hinzu. Wie weit sie reichen, ist Auskunft, kein Schutz; Schlüssel aus simulierten Photonen geben keine zusätzliche Sicherheit.',
  list: 'Epochen',
  empty: 'Noch ist nichts aufgeschrieben.',
  reading: 'Es wird gelesen, was dieses Gerät aufgeschrieben hat…',
  failed: 'Der Schlüsselverlauf konnte nicht gelesen werden.',
  epoch: (epoch) => `Epoche ${epoch}`,
  present: 'jetzt',
  more: 'Ältere Epochen zeigen',
  export: 'Als JSON speichern',
  exportFailed: 'Der Schlüsselverlauf konnte nicht gespeichert werden.',
  close: 'Schließen',
  x25519: 'X25519',
  mlKem: 'ML-KEM-768',
  link: 'Einladungslink',
  linkMixed: 'In die Schlüssel dieser Epoche ist das Geheimnis eines Einladungslinks gemischt.',
  quantum: 'Quantenschlüssel',
  reach: 'Verbindungen',
  reaches: (label, have, of) => `${label}; Quantenverbindungen: ${wholeNumber(have)} von ${wholeNumber(of)}`,
  keyId: (id) => `Kennung des Schlüssels: ${id}`,
  eavesdropper:
    'In dieser Epoche zeigte sich auf einer Verbindung, dass jemand abhörte. Seither heißt sie nicht mehr Quanten-Epoche.',
}

export const epochReasonWords: Catalogue['epochReasonWords'] = {
  created: 'Hier hast du den Raum angelegt.',
  entered: 'Hier bist du hereingekommen. Was vorher war, weiß dieses Gerät nicht.',
  returned: 'Hier kam dieses Gerät wieder herein, mit neuen eigenen Schlüsseln.',
  quantum: 'Ein Schlüssel aus den Quantenverbindungen kam hinzu.',
  settings: 'Die Einstellungen des Raums wurden geändert.',
  update: 'Schlüssel wurden erneuert, sonst nichts.',
  join: (people, nameOf) => `Neu im Raum: ${listPeople(people, nameOf)}.`,
  rejoin: (people, nameOf) => `Wieder im Raum: ${listPeople(people, nameOf)}.`,
  leave: (people, nameOf) => `Nicht mehr im Raum: ${listPeople(people, nameOf)}.`,
  by: (person, nameOf) => `Gemacht von ${listPeople([person], nameOf, 4, 'dir')}.`,
}

export const renewalWords: Catalogue['renewalWords'] = {
  before: 'Zuletzt erneuert, bevor dieses Gerät hereinkam.',
  now: (by, nameOf) => `Mit dieser Epoche erneuert von ${listPeople([by], nameOf, 4, 'dir')}.`,
  earlier: (epoch, by, nameOf) => `Zuletzt mit Epoche ${epoch} erneuert von ${listPeople([by], nameOf, 4, 'dir')}.`,
}

export const groupSecretWords: Catalogue['groupSecretWords'] = {
  none: 'Keiner in dieser Epoche.',
  now: (from, nameOf) => `Er kam mit dieser Epoche, gezogen von ${listPeople([from], nameOf, 4, 'dir')}.`,
  earlier: (since, from, nameOf) => `Er kam mit Epoche ${since}, gezogen von ${listPeople([from], nameOf, 4, 'dir')}.`,
  pads: {
    none: 'In versiegelten privaten Leitungen übergeben, unter keinem Schlüssel einer Quantenverbindung.',
    hardware: 'Unter Schlüsseln von QKD-Hardware übergeben (ETSI GS QKD 014).',
    simulated: 'Unter Schlüsseln aus BB84 mit simulierten Photonen übergeben.',
  },
  to: {
    none: (name) => `${name}: ohne Schlüssel einer Quantenverbindung`,
    hardware: (name) => `${name}: unter einem Schlüssel von Hardware`,
    simulated: (name) => `${name}: unter einem Schlüssel aus simulierten Photonen`,
  },
}
