/** Arabic: `../devices.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { clock } from '../devices.ts'
import { isolated } from '../locale.ts'
import { dateAndTime } from '../time.ts'

export const devicesWords: Catalogue['devicesWords'] = {
  title: 'أجهزتك',
  help: 'كل منها يقرأ ويكتب هنا باسمك، وله مفاتيحه الخاصة.',
  list: 'أجهزتك في هذه الغرفة',
  this: 'هذا الجهاز',
  other: 'جهاز آخر',
  code: 'الرمز',
  facts: (state, when, label) => `${state}، ${when}، ${label}`,
  added: (atMs) => `أُضيف ${dateAndTime(atMs)}`,
  remove: 'إزالة هذا الجهاز',
  removeOf: (code) => `إزالة هذا الجهاز، الرمز ${isolated(code)}`,
  removeTitle: 'هل يُزال هذا الجهاز من الغرفة؟',
  removeHelp: (code) => [
    `يخرج الجهاز ذو الرمز ${isolated(code)} من هذه الغرفة فورًا، ويمحو ما لديه منها حين يعلم بذلك.`,
    'تُصنع مفاتيح جديدة لكل الآخرين، وتنتهي كل روابط الدعوة.',
  ],
  removeYes: 'الإزالة وصنع مفاتيح جديدة',
  cancel: 'إلغاء',
  link: 'ربط جهاز آخر',
}

export const linkDeviceWords: Catalogue['linkDeviceWords'] = {
  title: 'ربط جهاز آخر',
  help: 'افتح هذا الرابط على جهازك الآخر، أو امسح الرمز بكاميرته. يدخل هذه الغرفة باسمك.',
  danger: 'من يفتحه أولًا يصبح أنت في هذه الغرفة. لا تُره أحدًا، ولا ترسله إلى أحد.',
  making: 'يُصنع الرابط…',
  field: 'رابط الجهاز',
  gives: 'يصلح لجهاز واحد، وينتهي حين تغلق هذه النافذة.',
  left: (ms) => `ينتهي بعد ${isolated(clock(ms))}`,
  taken: 'أخذ جهازك الآخر الرابط ويطلب الدخول',
  takenHelp: 'لست أنت؟ اضغط «إلغاء»: عندئذ لا يدخل أحد بهذا الرابط.',
  in: 'لقد دخل',
  inHelp: 'يقرأ جهازك الآخر ويكتب هنا من الآن. ما قيل قبل ذلك يبقى على هذا الجهاز.',
  over: 'انتهى الرابط',
  overHelp: 'يصلح الرابط عشر دقائق ولجهاز واحد.',
  again: 'صنع رابط جديد',
  cancel: 'إلغاء',
  close: 'إغلاق',
}
