/** Arabic: `../time.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const dayWords: Catalogue['dayWords'] = { today: 'اليوم', yesterday: 'أمس' }

export const daysWords: Catalogue['daysWords'] = (days) =>
  counted(days, {
    one: 'يومًا واحدًا',
    two: 'يومين',
    few: '# أيام',
    many: '# يومًا',
    other: '# يوم',
  })

export const hoursWords: Catalogue['hoursWords'] = (hours) =>
  counted(hours, {
    one: 'ساعة واحدة',
    two: 'ساعتين',
    few: '# ساعات',
    many: '# ساعة',
    other: '# ساعة',
  })
