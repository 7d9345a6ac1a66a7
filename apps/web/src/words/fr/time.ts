/** French: `../time.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const dayWords: Catalogue['dayWords'] = { today: 'Aujourd’hui', yesterday: 'Hier' }

export const daysWords: Catalogue['daysWords'] = (days) => counted(days, { one: '# jour', other: '# jours' })

export const hoursWords: Catalogue['hoursWords'] = (hours) => counted(hours, { one: '# heure', other: '# heures' })
