/** German: `../time.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const dayWords: Catalogue['dayWords'] = { today: 'Heute', yesterday: 'Gestern' }

export const daysWords: Catalogue['daysWords'] = (days) => counted(days, { one: '# Tag', other: '# Tage' })

export const hoursWords: Catalogue['hoursWords'] = (hours) => counted(hours, { one: '# Stunde', other: '# Stunden' })
