/** Arabic: `../rooms.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const roomsWords: Catalogue['roomsWords'] = {
  title: 'غرفك',
  open: 'فتح',
  alone: 'لا أحد غيرك فيها بعد',
  withPeople: (names) => `مع ${names}`,
  others: (count) => counted(count, { one: 'شخص آخر', two: 'شخصين آخرين', few: '# آخرين', other: '# آخرين' }),
  elsewhere: 'مفتوحة في علامة تبويب أخرى',
  failed: 'تعذّرت قراءة غرفك.',
}
