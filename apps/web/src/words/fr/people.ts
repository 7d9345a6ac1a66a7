/** French: `../people.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const namingWords: Catalogue['namingWords'] = {
  you: 'vous',
  youFirst: 'Vous',
  otherDevice: 'Vous (autre appareil)',
  somebody: 'Quelqu’un',
  someone: (shortId) => `Quelqu’un (${shortId})`,
  others: (count) => counted(count, { one: '# autre personne', other: '# autres' }),
}

export const peopleWords: Catalogue['peopleWords'] = {
  title: 'Personnes',
  count: (people, expected) =>
    expected === undefined ? wholeNumber(people) : `${wholeNumber(people)} sur ${wholeNumber(expected)}`,
  you: 'vous',
  present: 'là',
  away: 'hors ligne',
  role: (role) => ({ owner: 'Propriétaire', admin: 'Admin', member: 'Membre' })[role],
  devices: (count) => counted(count, { one: '# appareil', other: '# appareils' }),
  silent: (days) => counted(days, { one: 'sans signe depuis # jour', other: 'sans signe depuis # jours' }),
  propose: (days) =>
    counted(days, {
      one: 'Sans signe depuis # jour. Retirer du salon ?',
      other: 'Sans signe depuis # jours. Retirer du salon ?',
    }),
  actions: (name) => `Actions pour ${name}`,
  waiting: (devices) =>
    counted(devices, { one: 'Une personne demande à entrer', other: '# personnes demandent à entrer' }),
}
