/** Arabic: `../people.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'

const silentFor = (days: number): string =>
  counted(days, {
    zero: 'صامت منذ أقل من يوم',
    one: 'صامت منذ يوم',
    two: 'صامت منذ يومين',
    few: 'صامت منذ # أيام',
    many: 'صامت منذ # يومًا',
    other: 'صامت منذ # يوم',
  })

export const namingWords: Catalogue['namingWords'] = {
  you: 'أنت',
  youFirst: 'أنت',
  otherDevice: 'أنت (جهاز آخر)',
  somebody: 'شخص ما',
  someone: (shortId) => `شخص (${isolated(shortId)})`,
  others: (count) => counted(count, { one: 'شخص آخر', two: 'شخصان آخران', other: '# آخرون' }),
}

export const peopleWords: Catalogue['peopleWords'] = {
  title: 'الناس',
  count: (people, expected) =>
    expected === undefined ? wholeNumber(people) : `${wholeNumber(people)} من ${wholeNumber(expected)}`,
  you: 'أنت',
  present: 'هنا',
  away: 'غائب',
  role: (role) => ({ owner: 'المالك', admin: 'مشرف', member: 'عضو' })[role],
  devices: (count) =>
    counted(count, {
      one: 'جهاز واحد',
      two: 'جهازان',
      few: '# أجهزة',
      many: '# جهازًا',
      other: '# جهاز',
    }),
  silent: silentFor,
  propose: (days) => `${silentFor(days)}. هل يُزال من الغرفة؟`,
  actions: (name) => `إجراءات بشأن ${name}`,
  waiting: (devices) =>
    counted(devices, {
      one: 'شخص واحد يطلب الدخول',
      two: 'شخصان يطلبان الدخول',
      few: '# أشخاص يطلبون الدخول',
      many: '# شخصًا يطلبون الدخول',
      other: '# شخص يطلبون الدخول',
    }),
}
