/** Arabic: `../door.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const doorWords: Catalogue['doorWords'] = {
  title: 'دخول الغرفة',
  name: 'اسمك',
  nameHint: 'يراه الآخرون في الغرفة. أما الخادم فلا.',
  nameMissing: 'اكتب اسمًا.',
  join: 'دخول',
  notNow: 'ليس الآن',
  preview: (kind, short) =>
    kind === 'open' ? `غرفة مفتوحة «${isolated(short)}»` : `غرفة مغلقة ${isolated(short)}، برابط دعوة`,
  previewHelp: (kind) =>
    kind === 'open'
      ? 'يدخل كل من لديه هذا العنوان، ومن يشغّل الخادم يستطيع الدخول أيضًا.'
      : 'يسمح لك بالدخول أحد من في الداخل. لن ترى ما قيل قبل ذلك.',
  paused: 'لم تدخل هذه الغرفة',
  pausedHelp: 'اختر اسمًا لتدخل.',
  chooseName: 'اختيار اسم',
  home: 'صفحة البداية',
  stored: 'يجري النظر في ما هو محفوظ هنا…',
  looking: 'يجري البحث عن مفاتيحك لهذه الغرفة…',
  entering: 'تُفتح الغرفة…',
  failed: 'تعذّر فتح الغرفة',
  again: 'المحاولة مرة أخرى',
  needsLink: 'تحتاج إلى رابط الدعوة كاملًا',
  needsLinkHelp: 'هذا عنوان غرفة مغلقة. مفتاحها في رابط الدعوة بعد العلامة #، وهذا الجزء ناقص هنا؛ لعله ضاع عند النسخ.',
  needsLinkDo: 'اطلب من أحد في الغرفة أن يضغط «دعوة» ويرسل إليك الرابط كله.',
  nowhere: 'لا شيء في هذا العنوان',
  nowhereHelp: `عنوان الغرفة هو ${isolated('/room/')} ثم من 1 إلى 20 حرفًا لاتينيًا أو رقمًا أو شرطة أو شرطة سفلية، أو رابط دعوة.`,
}

export const phaseWords: Catalogue['phaseWords'] = {
  connecting: 'جارٍ الاتصال…',
  connectingHelp: 'يجري الوصول إلى الخادم.',
  connectingLong: 'يستغرق هذا أطول مما ينبغي. قد يكون الخادم متوقفًا، أو شبكتك.',
  waiting: 'في انتظار أن يسمح لك أحد في الغرفة بالدخول',
  waitingHelp:
    'جهاز في الداخل يتحقق من دعوتك. يستغرق هذا بضع ثوانٍ؛ وأكثر إن كانت الغرفة ممتلئة أو كان على أحد أن يوافق.',
  waitingAlone: 'في انتظار أحد من الغرفة',
  waitingAloneHelp: 'لا أحد ممن يستطيعون إدخالك متصل الآن. يبقى طلبك لدى الخادم 7 أيام؛ وتدخل حالما يفتح أحد الغرفة.',
  rejoining: 'العودة إلى الغرفة',
  rejoiningHelp: 'انقطع هذا الجهاز عن مجرى الحديث ويطلب أن يُضاف من جديد. بعد لحظات تستطيع الكتابة.',
  rejoiningAlone: 'في انتظار العودة إلى الغرفة',
  rejoiningAloneHelp:
    'انقطع هذا الجهاز عن مجرى الحديث، ولا بد أن يضيفه أحد من الداخل من جديد؛ ولا أحد متصل الآن. يحدث ذلك من تلقاء نفسه حين يأتي أحد.',
  stopWaiting: 'التوقف عن الانتظار',
  left: 'غادرت الغرفة',
  leftHelp: 'مُحيت مفاتيحها ورسائلها من هذا المتصفح.',
}

export const tokenWords: Catalogue['tokenWords'] = {
  label: 'رمز الإذن من الخادم',
  make: 'إنشاء الغرفة',
  missing: 'اكتب رمز الإذن أولًا.',
}

type Refusal = ReturnType<Catalogue['refusalWords']>

const refusedDevice: Refusal = {
  title: 'رفض الخادم هذا الجهاز',
  help: 'هذا خلل في الخادم أو في هذه الصفحة، لا منك. حاول مرة أخرى؛ وإن بقي، أخبر من يشغّل الخادم.',
  again: true,
}
const notAccepted: Refusal = {
  title: 'لم يقبل الخادم هذا الجهاز',
  help: 'كثيرًا ما تكون ساعة هذا الحاسوب خاطئة. اضبطها وحاول مرة أخرى.',
  again: true,
}

export const refusalWords: Catalogue['refusalWords'] = (code, kind) => {
  const refusals: Readonly<Record<typeof code, Refusal>> = {
    'room-full': {
      title: 'هذه الغرفة ممتلئة',
      help: 'تتسع لعدد محدد من الناس، وكلهم في الداخل. اطلب منهم رفع العدد، أو حاول مرة أخرى بعد أن يغادر أحد.',
      again: true,
    },
    'no-access': {
      title: 'هذه الغرفة غير مفتوحة لك',
      help:
        kind === 'closed'
          ? 'لم تعد الغرفة موجودة، أو أنها مقفلة، أو انتهى رابط الدعوة. تنتهي الروابط بعد مدتها، وحين تُستنفد، وكلما أُزيل أحد. اطلب رابطًا جديدًا من أحد في الداخل.'
          : 'لا يسمح الخادم لهذا الجهاز بدخول الغرفة. اختر كلمة أخرى، أو اسأل من يشغّل الخادم.',
      again: true,
    },
    'needs-token': {
      title: 'هذا الخادم يسأل عمّن ينشئ الغرف',
      help: 'لدى من يشغّله رمز إذن لذلك. اطلبه منه واكتبه هنا؛ تنساه هذه الصفحة حين تُغلق. من لديه رابط دعوة لا يحتاج إليه.',
      again: false,
    },
    'needs-link': { title: doorWords.needsLink, help: doorWords.needsLinkHelp, again: false },
    'bad-welcome': {
      title: 'لم تُثبت الغرفة أنها الغرفة الصحيحة',
      help: 'ما تسلّمه هذا الجهاز لا يخص العنوان الذي فتحته. لم يُعرض شيء ولم يُرسل شيء. اطلب رابطًا جديدًا عبر وسيلة تثق بها.',
      again: true,
    },
    storage: {
      title: 'لا يسمح هذا المتصفح للصفحة بحفظ شيء',
      help: 'بدون حفظ تضيع مفاتيحك عند إعادة التحميل. اترك التصفح الخاص، أو أفسح بعض المساحة، وحاول مرة أخرى.',
      again: true,
    },
    replaced: {
      title: 'هذا الجهاز مستخدم في مكان آخر',
      help: 'أخذت نسخة من بياناته مكانه في الغرفة؛ لعل ملف هذا المتصفح نُسخ أو استُعيد من نسخة احتياطية. لا يمكن أن يكون في الغرفة إلا أحدهما. إن كنت لا تعلم بنسخة فلعل أحدًا سرقها: اطلب من الآخرين إزالة هذا الجهاز، وادخل من جديد برابط جديد.',
      again: true,
    },
    'client-older': {
      title: 'هذه الصفحة أقدم من الخادم',
      help: 'أعد تحميل الصفحة: عندئذ تتوافق من جديد. تبقى مفاتيحك ورسائلك في مكانها.',
      again: false,
    },
    'relay-older': {
      title: 'الخادم أقدم من هذه الصفحة',
      help: 'على من يشغّله أن يحدّثه. تبقى مفاتيحك ورسائلك في مكانها؛ حاول مرة أخرى بعد ذلك.',
      again: true,
    },
    version: {
      title: 'هذه الصفحة والخادم غير متوافقين',
      help: 'أحدهما أقدم. أعد تحميل الصفحة؛ فإن لم ينفع ذلك وجب تحديث الخادم.',
      again: true,
    },
    'login-failed': notAccepted,
    'not-logged-in': notAccepted,
    'rate-limited': {
      title: 'محاولات كثيرة في وقت قصير',
      help: 'يطلب الخادم التمهل. انتظر دقيقة وحاول مرة أخرى.',
      again: true,
    },
    unavailable: {
      title: 'لا يستطيع الخادم استقبالك الآن',
      help: 'إنه يبدأ أو يتوقف، أو أن قرصه ممتلئ. حاول مرة أخرى بعد دقيقة.',
      again: true,
    },
    exists: {
      title: 'توجد غرفة بهذا الاسم',
      help: 'حاول مرة أخرى لتدخلها.',
      again: true,
    },
    'bad-request': refusedDevice,
    'too-large': refusedDevice,
    'stale-epoch': refusedDevice,
    'out-of-order': refusedDevice,
    internal: refusedDevice,
  }
  return refusals[code]
}

export const roomTitle: Catalogue['roomTitle'] = (kind, short) =>
  kind === 'open' ? isolated(short) : `غرفة ${isolated(short)}`
