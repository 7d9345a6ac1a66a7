/** Arabic: `../earlier.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'

/** *The last message*, *the last 50 messages*, as an object and after a preposition. */
export const lastMessages = (count: number): string =>
  counted(count, {
    one: 'آخر رسالة',
    two: 'آخر رسالتين',
    few: 'آخر # رسائل',
    many: 'آخر # رسالة',
    other: 'آخر # رسالة',
  })

export const messagesWords: Catalogue['messagesWords'] = (count) =>
  counted(count, { one: 'رسالة', two: 'رسالتين', few: '# رسائل', many: '# رسالة', other: '# رسالة' })

export const earlierWords: Catalogue['earlierWords'] = {
  title: 'رسائل سابقة',
  missing: 'ما قيل قبل دخولك ليس على هذا الجهاز.',
  missingHelp: 'يستطيع أحد في الغرفة أن يعطيك آخر الرسائل، إن وافق.',
  alone: 'لا أحد آخر هنا يستطيع أن يعطيك إياها.',
  count: 'كم رسالة',
  choice: (count) => `آخر ${wholeNumber(count)}`,
  ask: 'طلب رسائل سابقة',
  asked: (count) => `طلبت ${lastMessages(count)}. يجب أن يوافق أحد هنا.`,
  askOver: 'لم يعطها أحد في الوقت المحدد.',
  wait: 'يمكنك أن تطلب مرة أخرى بعد دقيقة.',
  takeBack: 'سحب الطلب',

  requests: 'رسائل سابقة يطلبها أحد أو يعرضها',
  asks: (name, count) => `يطلب ${name} ${lastMessages(count)}.`,
  asksHave: (have) =>
    counted(have, {
      zero: 'ليس على هذا الجهاز شيء منها.',
      one: 'على هذا الجهاز واحدة منها.',
      two: 'على هذا الجهاز اثنتان منها.',
      other: 'على هذا الجهاز # منها.',
    }),
  asksHelp: 'تُعرض هناك اقتباسًا عنك. ويُخبر كل من في الغرفة بأنك أعطيتها.',
  give: 'إعطاء',
  notNow: 'ليس الآن',
  offers: (name, count) => `يعرض عليك ${name} ${lastMessages(count)} مما قيل قبل دخولك.`,
  offersHelp: 'تُعرض اقتباسًا عن صاحب العرض.',
  accept: 'قبول',
  offered: (name, count) => `عرضت على ${name} ${lastMessages(count)}. يجب أن يقبل.`,
  giving: (name, taken, count) => `لدى ${name} الآن ${wholeNumber(taken)} من ${wholeNumber(count)} من الرسائل السابقة.`,
  stop: 'إيقاف',
  more: (count) => `عرض ${wholeNumber(count)} أخرى`,

  offer: 'إعطاء رسائل سابقة',
  offerHelp: (name) => `رسائل مما قيل قبل دخول ${name}. يُسأل أولًا، ويُخبر كل من في الغرفة.`,
  offerDone: 'قُدّم العرض. يجب أن يقبل.',

  sharedBy: 'شاركها',
  asTheyHave: (name) => `، كما هي على جهاز ${isolated(name)}.`,
  asYouHave: '، كما هي على جهازك الآخر.',
  unchecked: 'لا يستطيع QSEC أن يتحقق ممن كتبها.',
  says: 'يقول',
  alsoBy: (names) => `شاركها أيضًا ${names}`,
  otherKeys: (name) => `مفاتيح غير مفاتيح ${isolated(name)} هنا`,
  oddTime: 'وقت غير ممكن',
  coming: (taken, total) => `وصلت ${wholeNumber(taken)} من ${wholeNumber(total)}.`,
  stopped: (taken, total) => `توقف: وصلت ${wholeNumber(taken)} من ${wholeNumber(total)}.`,
  sharedBefore: (count) =>
    counted(count, {
      one: 'واحدة منها موجودة أعلاه بالكلمات نفسها.',
      two: 'اثنتان منها موجودتان أعلاه بالكلمات نفسها.',
      other: '# منها موجودة أعلاه بالكلمات نفسها.',
    }),
  remove: 'إزالة من هذا الجهاز',
}
