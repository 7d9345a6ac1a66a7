/** German: `../trust.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const trustWords: Catalogue['trustWords'] = {
  verify: 'Prüfen',
  accept: 'Ohne Prüfung weitermachen',
  asks: (name) => `${isolated(name)} möchte mit dir Bilder vergleichen.`,
  asksHelp: 'Tut das, während ihr euch hört oder seht.',
  agree: 'Vergleichen',
  notNow: 'Nicht jetzt',
  changed: (name) => `${isolated(name)} hat andere Schlüssel als bei eurer früheren Begegnung hier.`,
  changedHelp:
    'Es kann ein neuer Browser sein, oder jemand anders. Prüfe die Person, bevor du etwas sagst, was nur für sie bestimmt ist.',
  blocked: (name) => `${isolated(name)} heißt ähnlich wie jemand, den du geprüft hast, und hat andere Schlüssel.`,
  blockedHelp:
    'Nichts, was du schreibst, wird gesendet, bis du die Person prüfst oder dich entscheidest, weiterzumachen.',
  split: (name) => `Der Server zeigt dir und ${isolated(name)} verschiedene Verläufe dieses Raums.`,
  splitHelp:
    'Vergleicht den Raumcode auf anderem Weg. Wenn er sich unterscheidet, geh und mach einen neuen Raum auf einem Server, dem du vertraust.',
  splitCompare: 'Raumcode zeigen',
  dismiss: 'Gesehen',
  alerts: 'Braucht deine Aufmerksamkeit',
}

export const standingTag: Catalogue['standingTag'] = ({ trust }) =>
  ({
    self: undefined,
    new: 'Neu',
    seen: 'Schon begegnet',
    verified: 'Geprüft',
    changed: 'Schlüssel geändert',
  })[trust]
