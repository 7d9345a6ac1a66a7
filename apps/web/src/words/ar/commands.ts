/** Arabic: `../commands.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated } from '../locale.ts'

export const commandWords: Catalogue['commandWords'] = {
  title: 'الأوامر',
  field: 'أمر',
  list: 'ما يمكن فعله هنا',
  slashes: 'الأوامر في حقل الرسالة',
  count: (count) =>
    counted(count, { zero: 'لا أوامر', one: 'أمر واحد', two: 'أمران', few: '# أوامر', many: '# أمرًا', other: '# أمر' }),
  none: 'لا أمر بهذا الاسم.',
  close: 'إغلاق',
  search: 'البحث في الرسائل',
  day: 'الانتقال إلى يوم',
  latest: 'الانتقال إلى الأحدث',
  invite: 'دعوة الناس',
  editLast: 'تعديل آخر رسالة لي',
  openDetails: 'فتح تفاصيل الغرفة وإعداداتها',
  closeDetails: 'إغلاق تفاصيل الغرفة',
  verify: 'التحقق ممن هنا',
  verifyPerson: (name) => `التحقق من ${name}`,
  person: (name) => `من هو ${name}`,
  keys: 'اختصارات لوحة المفاتيح',
  enterSends: 'جعل Enter يرسل الرسالة',
  enterBreaks: 'جعل Enter يبدأ سطرًا جديدًا',
  clear: 'إفراغ العرض',
  unclear: 'عرض الرسائل المخفية من جديد',
  lock: 'قفل الغرفة',
  unlock: 'فتح قفل الغرفة',
  exchange: 'بدء تبادل المفاتيح',
  eavesdropperOn: 'محاكاة متنصت',
  eavesdropperOff: 'إيقاف محاكاة المتنصت',
  typingOn: 'إعلام الآخرين حين أكتب',
  typingOff: 'عدم إعلام الآخرين حين أكتب',
  readOn: 'إعلام الآخرين بما قرأته',
  readOff: 'عدم إعلام الآخرين بما قرأته',
  profileOn: 'إعلام هذه الغرفة بأنه أنا',
  profileOff: 'عدم إعلام هذه الغرفة بأنه أنا',
  linkDevice: 'ربط جهاز آخر',
  exportRoom: 'تصدير رسائل هذه الغرفة',
  closeRoom: 'إغلاق هذه الغرفة والمتابعة في غرفة مغلقة',
  device: 'هذا الجهاز: التخزين وعبارة المرور والنسخة الاحتياطية',
  leave: 'مغادرة الغرفة',
  failed: 'لم يُنفَّذ.',
  enterSwitch: 'يرسل Enter الرسالة',
  enterHelp:
    'وإلا بدأ Enter سطرًا جديدًا. Ctrl أو Cmd مع Enter يرسل دائمًا، وShift مع Enter لا يرسل أبدًا. يُحفظ هذا في هذا المتصفح.',
}

export const slashWords: Catalogue['slashWords'] = {
  list: 'الأوامر',
  count: (count) =>
    counted(count, {
      zero: 'لا أمر يطابق',
      one: 'أمر واحد يطابق',
      two: 'أمران يطابقان',
      few: '# أوامر تطابق',
      many: '# أمرًا يطابق',
      other: '# أمر يطابق',
    }),
  unknown: (name) => `لا يوجد أمر ${isolated(`/${name}`)}، فلم يُرسل شيء. لإرسال النص كما هو ابدأه بشرطتين مائلتين.`,
  meNothing: 'قل ما تفعله، كما في «⁨/me⁩ يلوّح». لم يُرسل شيء.',
  nick: 'اسمك موقّع بمفاتيحك ويبقى كما هو في هذه الغرفة. ليكون لك غيره غادر الغرفة وادخل من جديد بدعوة.',
  lockNo: 'لا يقفل الغرفة إلا من يستطيع تغيير إعداداتها. لم يُرسل شيء.',
  titleNo: 'لا يسمّي الغرفة إلا من يستطيع تغيير إعداداتها. لم يُرسل شيء.',
  titleNone: 'اكتب الاسم بعده: ‎/title نادي الكتاب. لم يُرسل شيء.',
  locked: 'الغرفة مقفلة بالفعل.',
  unlocked: 'الغرفة غير مقفلة.',
  verifyNobody: (name) => `لا أحد هنا اسمه ${isolated(name)}.`,
  inviteNo: 'لا رابط يمكن إعطاؤه للآخرين الآن.',
  notNow: 'لا يمكن هذا وأنت لست في الغرفة.',
  does: {
    help: 'عرض المفاتيح والأوامر',
    me: 'قول ما تفعله: ⁨/me⁩ يلوّح',
    search: 'البحث في الرسائل: ⁨/search⁩ كلمات',
    clear: 'إفراغ العرض على هذه الشاشة',
    invite: 'عرض رابط الدعوة',
    verify: 'التحقق من شخص: ⁨/verify⁩ الاسم',
    lock: 'قفل الغرفة: لا يدخل أحد جديد',
    unlock: 'فتح قفل الغرفة',
    title: 'تسمية الغرفة: ‎/title نادي الكتاب',
    leave: 'مغادرة الغرفة',
    nick: 'لماذا يبقى اسمك كما هو',
  },
}

export const clearedWords: Catalogue['clearedWords'] = {
  title: 'أفرغت العرض.',
  help: 'لم يُحذف شيء: لا تزال الرسائل على هذا الجهاز وعلى أجهزة الآخرين. وتظهر من جديد بعد إعادة التحميل.',
  show: 'عرضها من جديد',
}

export const shortcutWords: Catalogue['shortcutWords'] = {
  keys: 'عرض هذه القائمة',
  search: 'البحث في الرسائل؛ ومرة أخرى هناك: بحث المتصفح نفسه',
  palette: 'كل الأوامر بأسمائها',
  send: 'إرسال',
  newLine: 'سطر جديد',
  slash: 'في بداية رسالة: أمر؛ وشرطتان مائلتان ترسلانه نصًا',
}
