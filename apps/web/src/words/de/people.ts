/** German: `../people.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const namingWords: Catalogue['namingWords'] = {
  you: 'du',
  youFirst: 'Du',
  otherDevice: 'Du (anderes Gerät)',
  somebody: 'Jemand',
  someone: (shortId) => `Jemand (${shortId})`,
  others: (count) => counted(count, { one: '# weitere Person', other: '# weitere' }),
}

export const peopleWords: Catalogue['peopleWords'] = {
  title: 'Leute',
  count: (people, expected) =>
    expected === undefined ? wholeNumber(people) : `${wholeNumber(people)} von ${wholeNumber(expected)}`,
  you: 'du',
  present: 'da',
  away: 'weg',
  role: (role) => ({ owner: 'Besitz', admin: 'Verwaltung', member: 'Mitglied' })[role],
  devices: (count) => counted(count, { one: '# Gerät', other: '# Geräte' }),
  silent: (days) => counted(days, { one: 'seit # Tag still', other: 'seit # Tagen still' }),
  propose: (days) =>
    counted(days, {
      one: 'Seit # Tag still. Aus dem Raum entfernen?',
      other: 'Seit # Tagen still. Aus dem Raum entfernen?',
    }),
  actions: (name) => `Aktionen für ${name}`,
  waiting: (devices) => counted(devices, { one: 'Eine Person bittet um Einlass', other: '# Leute bitten um Einlass' }),
}
