/** Arabic: `../find.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const findWords: Catalogue['findWords'] = {
  title: 'البحث في الرسائل',
  field: 'كلمات البحث',
  hint: 'كلمات أو أسماء؛ «بين علامتي تنصيص» لكلمات متجاورة.',
  results: 'الرسائل الموجودة',
  close: 'إغلاق',
  stop: 'إيقاف',
  again: 'المحاولة مرة أخرى',
  more: 'عرض نتائج أكثر',
  since: (day) => `يشمل الرسائل منذ ${day} على هذا الجهاز.`,
  stays: 'يجري البحث هنا: لا يعلم الخادم شيئًا عنه.',
  sinceNothing: 'ليست على هذا الجهاز رسائل من هذه الغرفة بعد.',
  quotedToo: 'لا يشمل البحث ما شاركه الآخرون مما قيل قبل دخولك.',
  looking: 'يجري البحث',
  looked: (looked, of) => `بُحث في ${wholeNumber(looked)} من ${wholeNumber(of)} من الرسائل`,
  foundSoFar: (count) =>
    counted(count, {
      zero: 'لا رسائل حتى الآن',
      one: 'وُجدت رسالة واحدة حتى الآن',
      two: 'وُجدت رسالتان حتى الآن',
      few: 'وُجدت # رسائل حتى الآن',
      many: 'وُجدت # رسالة حتى الآن',
      other: 'وُجدت # رسالة حتى الآن',
    }),
  found: (count) =>
    counted(count, {
      zero: 'لا رسائل',
      one: 'وُجدت رسالة واحدة',
      two: 'وُجدت رسالتان',
      few: 'وُجدت # رسائل',
      many: 'وُجدت # رسالة',
      other: 'وُجدت # رسالة',
    }),
  stopped: (count) =>
    counted(count, {
      zero: 'توقف البحث. لا رسائل',
      one: 'توقف البحث. وُجدت رسالة واحدة',
      two: 'توقف البحث. وُجدت رسالتان',
      few: 'توقف البحث. وُجدت # رسائل',
      many: 'توقف البحث. وُجدت # رسالة',
      other: 'توقف البحث. وُجدت # رسالة',
    }),
  nothing: 'لم يوجد شيء.',
  nothingHelp: 'جرّب كلمات أقل، أو جزءًا من كلمة. لا أهمية للتشكيل والأحرف الكبيرة.',
  failed: 'تعذّرت قراءة الرسائل على هذا الجهاز.',
  coming: 'تُجلب الرسالة من هذا الجهاز…',
  gone: 'لم تعد هذه الرسالة على هذا الجهاز.',
  day: 'الانتقال إلى يوم',
  dayField: 'اليوم',
  dayGo: 'الذهاب إلى هذا اليوم',
  dayMissing: 'اختر يومًا أولًا.',
  dayNext: (wanted, next) => `لم يُكتب شيء في ${wanted}. الرسالة التالية من ${next}.`,
  dayNextGo: (next) => `الذهاب إلى ${next}`,
  dayNothing: (wanted) => `لم يُكتب شيء في ${wanted} ولا بعده.`,
  dayOf: (day) => `${day}: الانتقال إلى يوم آخر`,
}
