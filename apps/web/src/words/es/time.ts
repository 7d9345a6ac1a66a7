/** Spanish: `../time.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const dayWords: Catalogue['dayWords'] = { today: 'Hoy', yesterday: 'Ayer' }

export const daysWords: Catalogue['daysWords'] = (days) => counted(days, { one: '# día', other: '# días' })

export const hoursWords: Catalogue['hoursWords'] = (hours) => counted(hours, { one: '# hora', other: '# horas' })
