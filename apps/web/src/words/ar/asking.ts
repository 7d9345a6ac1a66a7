/** Arabic: `../asking.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'
import { isYou } from '../people.ts'

export const askingWords: Catalogue['askingWords'] = {
  ask: 'طلب الدخول',
  preview: (short) => `غرفة مغلقة \u2068${short}\u2069`,
  previewHelp: 'ليس لديك رابط: يُسأل من في الداخل إن كانوا يسمحون بدخولك. لن ترى ما قيل قبل ذلك.',
  title: 'طلبت الدخول',
  help: 'يجب أن يوافق أحد في الداخل. إلى ذلك الحين أبقِ هذه الصفحة مفتوحة، أو عد إليها لاحقًا.',
  code: 'رمزك',
  compare: 'اقرأ هذا الرمز لأحد من في الغرفة عبر وسيلة أخرى، كالهاتف؛ فهو يرى الرمز نفسه.',
  codeIfAsked: 'إذا سُئل أحد في الداخل عنك، فهو يرى هذا الرمز:',
  stop: 'التوقف عن الانتظار',
}

export const knockWords: Catalogue['knockWords'] = {
  title: 'من يطلبون الدخول',
  asks: 'هناك من يطلب الدخول',
  asksByLink: 'هناك من لديه رابط ويطلب الدخول',
  asksOwn: 'جهاز يحمل مفاتيحك أنت يطلب الدخول',
  ownHelp: 'جاء عبر رابط لك انتهى، أو أن أحدًا نسخ مفاتيحك. لا تسمح له بالدخول إلا إذا كان في يدك.',
  code: 'الرمز',
  compare: 'اسأل من تظن أنه هو عن رمزه عبر وسيلة أخرى، كالهاتف. لا تسمح له بالدخول إلا إذا كان الرمز نفسه.',
  letIn: 'السماح بالدخول',
  turnAway: 'الرفض',
  more: (people) =>
    counted(people, {
      one: 'عرض شخص آخر',
      two: 'عرض شخصين آخرين',
      few: 'عرض # آخرين',
      many: 'عرض # آخرين',
      other: 'عرض # آخرين',
    }),
}

export const endedWords: Catalogue['endedWords'] = {
  ended: (by, name) =>
    by === undefined ? 'انتهت هذه الغرفة.' : isYou(by) ? 'أنهيت هذه الغرفة.' : `أنهى ${name} هذه الغرفة.`,
  help: 'ما قيل لا يزال مقروءًا على هذا الجهاز. لا يمكن قول شيء جديد.',
  erase: 'المحو من هذا الجهاز',
  eraseTitle: 'هل تُمحى هذه الغرفة من هذا الجهاز؟',
  eraseHelp: 'لن يعود ما قيل هنا مقروءًا على هذا الجهاز. تحتفظ الأجهزة الأخرى بما لديها.',
  eraseYes: 'محو',
  keep: 'الاحتفاظ بها',
  noErase: 'تعذّر محو الغرفة.',
}
