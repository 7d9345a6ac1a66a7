/** German: `../private.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const privateWords: Catalogue['privateWords'] = {
  to: 'An',
  everyone: 'Alle',
  only: (name) => `Nur du und ${isolated(name)} können das lesen`,
  writing: (name) => `Privat: Nur du und ${isolated(name)} werden das lesen können`,
  goneOption: (name) => `${isolated(name)} (nicht mehr hier)`,
  gone: (name) =>
    `${isolated(name)} ist nicht mehr im Raum. Was du geschrieben hast, ist hier aufbewahrt, und niemand hat es bekommen.`,
  quantum:
    'Dieser Raum verlangt Quantenschlüssel (simuliert), und private Nachrichten haben keine. Was du geschrieben hast, ist hier aufbewahrt und nicht gesendet.',
  someone: 'Jemand',
  placeholder: (name) => `Private Nachricht an ${isolated(name)}`,
  noTell: (name) => `Die private Nachricht wurde nicht an ${isolated(name)} gesendet. Niemand sonst hat sie bekommen.`,
}
