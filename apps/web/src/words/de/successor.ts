/** German: `../successor.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const closeWords: Catalogue['closeWords'] = {
  open: 'Diesen Raum schließen…',
  openHelp: 'In einem privaten Raum weitermachen, mit Leuten, die du auswählst.',
  title: 'Diesen Raum schließen?',
  help: [
    'Ein neuer geschlossener Raum wird gemacht, mit dir darin. Alle, die du anhakst, bekommen eine Einladung, die für sie allein gilt, 7 Tage lang.',
    'Was hier gesagt wurde, geht nicht mit. Wer die Adresse hat, konnte hier hereinkommen: Hake an, wen du kennst, am besten, wen du geprüft hast.',
  ],
  who: 'Wen du einlädst',
  nobodyHere: 'Niemand sonst ist hier. Leg stattdessen auf der Startseite einen geschlossenen Raum an.',
  end: 'Den offenen Raum gleich beenden',
  endHelp:
    'Sobald alle Angehakten eingeladen sind. Dann kann hier niemand mehr schreiben; was gesagt wurde, bleibt lesbar.',
  go: 'Den Raum schließen',
  goOn: 'Noch einmal versuchen',
  cancel: 'Abbrechen',
  later: 'Zurück zu den Nachrichten',
  nobody: 'Hake jemanden zum Einladen an.',
  tooMany: 'Hake höchstens 15 Leute an. Weitere kannst du vom geschlossenen Raum aus einladen.',
  working: 'Der geschlossene Raum wird gemacht, und Leute werden eingeladen. Das dauert einen Moment.',
  done: 'Der geschlossene Raum ist fertig.',
  ended: 'Der offene Raum ist beendet.',
  notEnded: 'Den offenen Raum gibt es noch. Du kannst ihn unter „Raumdetails“ beenden.',
  failed:
    'Nicht alle konnten eingeladen werden, darum wurde der offene Raum nicht beendet. Was getan ist, bleibt getan: Versuch es noch einmal, oder mach ohne sie weiter.',
  endAnyway: 'Den offenen Raum trotzdem beenden',
}

export const progressWords: Catalogue['progressWords'] = (progress, present) =>
  ({
    waiting: 'noch nicht eingeladen',
    sending: 'Einladung unterwegs',
    handed: present ? 'eingeladen' : 'weg: Die Einladung wartet bis zu einem Tag beim Server',
    taken: 'hat die Einladung',
    lost: 'nicht eingeladen',
    refused: 'nicht eingeladen',
  })[progress]

export const successorWords: Catalogue['successorWords'] = {
  region: 'Wo dieser Raum weitergeht',
  invites: (name) => `${name} hat diesen Raum geschlossen und lädt dich in einen privaten ein.`,
  own: 'Du hast einen geschlossenen Raum gemacht, der an die Stelle dieses Raums tritt.',
  join: 'Den geschlossenen Raum betreten',
  enter: 'Zum geschlossenen Raum gehen',
}
