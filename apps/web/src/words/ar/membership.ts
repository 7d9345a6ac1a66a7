/** Arabic: `../membership.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { expiryWords } from '../membership.ts'
import { lifetimeWords } from './lifetime.ts'
import { daysWords } from './time.ts'

export const linkWords: Catalogue['linkWords'] = {
  title: 'الروابط الصالحة',
  end: 'إنهاء هذا الرابط',
  endAsk: 'من لديه هذا الرابط ولم يدخل بعد يبقى خارجًا.',
  endYes: 'إنهاؤه',
  keep: 'الإبقاء عليه',
  newLink: 'رابط جديد',
  who: 'من يستطيع الدخول به',
  anyone: 'كل من لديه الرابط',
  one: 'شخص واحد',
  asked: 'يُسأل عن كل شخص',
  ends: 'ينتهي بعد',
  make: 'صنع الرابط',
  cancel: 'إلغاء',
  locked: 'الغرفة مقفلة. لا يُدخل أي رابط أحدًا حتى يُفتح قفلها في «تفاصيل الغرفة».',
  notYou: (owner) =>
    owner === undefined
      ? 'لا يُدخل الناسَ هنا إلا المالك والمشرفون. اسأل أحدهم.'
      : `لا يُدخل الناسَ هنا إلا المالك والمشرفون. اسأل ${owner}.`,
}

export const linkLifetimeWords: Catalogue['linkLifetimeWords'] = { hour: 'ساعة', day: 'يوم', week: '7 أيام' }

export const usesWords: Catalogue['usesWords'] = (usesLeft) =>
  usesLeft === undefined
    ? 'أي عدد من الناس'
    : counted(usesLeft, {
        zero: 'لم يبق استخدام',
        one: 'بقي استخدام واحد',
        two: 'بقي استخدامان',
        few: 'بقيت # استخدامات',
        many: 'بقي # استخدامًا',
        other: 'بقي # استخدام',
      })

export const endsWords: Catalogue['endsWords'] = {
  ended: 'انتهى',
  ends: (inTime) => `ينتهي ${inTime}`,
}

export const givesWords: Catalogue['givesWords'] = (invite, nowMs) => {
  const ends = `الرابط ${expiryWords(invite.expiresMs, nowMs)}.`
  if (invite.mode === 'approve') {
    return `من يفتح هذا الرابط يطلب الدخول، وأحد هنا يوافق أو يرفض. من يدخل يقرأ من ذلك الحين، لا ما قيل قبله. ${ends}`
  }
  if (invite.usesLeft === 1) {
    return `أول من يفتح هذا الرابط يدخل ويقرأ من ذلك الحين، لا ما قيل قبله. ${ends}`
  }
  return `من لديه هذا الرابط يستطيع الدخول ويقرأ من ذلك الحين، لا ما قيل قبله. ${ends}`
}

export const personWords: Catalogue['personWords'] = {
  remove: (name) => `إزالة ${name} من الغرفة`,
  removeShort: 'إزالة…',
  removeTitle: (name) => `هل يُزال ${name} من هذه الغرفة؟`,
  removeHelp: (name) => [
    `تُصنع مفاتيح جديدة لكل الآخرين: ما يقال من ذلك الحين لا يستطيع ${name} قراءته.`,
    'تنتهي كل الروابط، ويُصنع رابط جديد.',
    `ما قرأه ${name} من قبل يبقى لديه. ولا عودة له إلا إذا سمح له أحد بالدخول.`,
  ],
  removeYes: 'الإزالة وصنع مفاتيح جديدة',
  makeAdmin: (name) => `تعيين ${name} مشرفًا`,
  noAdmin: (name) => `سحب الإشراف من ${name}`,
  handOver: (name) => `تسليم الغرفة إلى ${name}`,
  handOverTitle: (name) => `هل تُسلَّم الغرفة إلى ${name}؟`,
  handOverHelp: (name) => [
    `يصبح ${name} مالكها: يعيّن المشرفين، ويستطيع إنهاء الغرفة وإخراجك منها.`,
    `تبقى مشرفًا. ولا يستطيع إعادتها إليك إلا ${name}.`,
  ],
  handOverYes: 'تسليم',
  cancel: 'إلغاء',
}

export const settingsWords: Catalogue['settingsWords'] = {
  title: 'إعدادات الغرفة',
  lock: 'قفل الغرفة',
  lockHelp: 'لا يدخل أحد جديد، بأي رابط كان، حتى يُفتح القفل. ومن في الداخل يبقون.',
  admit: 'من يُدخل الناس',
  admitHelp: 'يصنع الروابط وينهيها، ويوافق على من يطلبون الدخول.',
  everyone: 'كل من في الغرفة',
  admins: 'المالك والمشرفون',
  name: 'اسم الغرفة',
  nameNote: 'فارغ: بلا اسم',
  nameHelp: 'يراه كل من في الغرفة، ولا يراه الخادم.',
  nameSet: 'تعيين الاسم',
  capacity: 'أقصى عدد من الناس',
  capacityNote: 'فارغ: بلا حد',
  capacityBad: (fewest, most) => `اكتب عددًا صحيحًا من ${wholeNumber(fewest)} إلى ${wholeNumber(most)}، أو لا شيء.`,
  capacitySet: 'تعيين الحد',
  quantum: 'اشتراط المفاتيح الكمّية',
  quantumHelp:
    'لا يُرسل شيء حتى يكون لكل جهاز هنا مفتاح من وصلة كمّية. والجهاز الغائب يوقف الجميع حتى يعود أو يُزال. الفوتونات في هذا الإصدار محاكاة، فلا يزيد هذا الأمان: إنما يبيّن كيف تعمل غرفة كهذه.',
  keep: 'الاحتفاظ بالرسائل المختومة حتى تُسلَّم',
  keepHelp: (days) =>
    `من يغيب أيامًا لا يفوته شيء، حتى لو أُعيد تشغيل الخادم. عندئذ يبقى على قرص الخادم ${daysWords(days)} على الأكثر ما لم يصل بعد إلى جهاز ما: مختومًا، فلا يستطيع أحد هناك قراءته. لكنه يُظهر كم رسالة هي، وما حجمها، ومتى أُرسلت ومن أي جهاز، وقد تبقى في نسخ القرص مدة أطول.`,
  end: 'إنهاء الغرفة للجميع',
  endTitle: 'هل تنتهي هذه الغرفة للجميع؟',
  endHelp: [
    'لن يستطيع أحد الكتابة هنا أو الدخول، ولا يستطيع أحد الرجوع عن ذلك.',
    'ما قيل يبقى مقروءًا على الأجهزة التي لديها، حتى يُمحى هناك.',
  ],
  endSure: 'أريد أن تنتهي هذه الغرفة لكل من فيها.',
  endNotSure: 'ضع علامة على السطر أعلاه أولًا.',
  endYes: 'إنهاء الغرفة',
  cancel: 'إلغاء',
}

export const settingsSentences: Catalogue['settingsSentences'] = (
  { locked, admitBy, capacity, quantum, keepSealed, lifetimeS },
  kind,
) => [
  locked ? 'الغرفة مقفلة: لا يدخل أحد جديد.' : 'الغرفة غير مقفلة.',
  ...(kind === 'closed'
    ? [admitBy === 'everyone' ? 'كل من في الغرفة يُدخلون الناس.' : 'المالك والمشرفون يُدخلون الناس.']
    : []),
  ...(quantum === 'required' ? ['المفاتيح الكمّية (محاكاة) مشترطة: لا يُرسل شيء بدونها.'] : []),
  ...(lifetimeS === undefined ? [] : [lifetimeWords.roomSentence(lifetimeS)]),
  capacity === undefined
    ? 'لا حد لعدد الناس.'
    : counted(capacity, {
        one: 'تتسع لشخص واحد على الأكثر.',
        two: 'تتسع لشخصين على الأكثر.',
        few: 'تتسع لـ# أشخاص على الأكثر.',
        other: 'تتسع لـ# شخصًا على الأكثر.',
      }),
  keepSealed === undefined
    ? 'لا يحتفظ الخادم بأي رسائل على قرصه.'
    : `يحتفظ الخادم برسائل مختومة على قرصه ${daysWords(keepSealed)} على الأكثر، حتى تكون لدى كل جهاز.`,
]

export const leaderWords: Catalogue['leaderWords'] = (owner) =>
  owner === undefined
    ? 'غادر مالكها؛ والمشرفون يديرون هذه الغرفة.'
    : `مالك هذه الغرفة ${owner}. ولا يغيّر ما هنا إلا المالك والمشرفون.`
