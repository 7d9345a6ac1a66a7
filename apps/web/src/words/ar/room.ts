/** Arabic: `../room.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'

export const roomWords: Catalogue['roomWords'] = {
  invite: 'دعوة',
  details: 'تفاصيل الغرفة',
  side: 'عن هذه الغرفة',
  backToMessages: 'العودة إلى الرسائل',
  messages: 'الرسائل',
  message: 'رسالة',
  send: 'إرسال',
  earlier: 'عرض الأقدم',
  latest: 'الانتقال إلى الأحدث',
  toUnread: 'الانتقال إلى غير المقروء',
  unread: 'رسائل جديدة',
  newMessages: (count) =>
    counted(count, {
      one: 'رسالة جديدة',
      two: 'رسالتان جديدتان',
      few: '# رسائل جديدة',
      many: '# رسالة جديدة',
      other: '# رسالة جديدة',
    }),
  retry: 'إعادة المحاولة',
  delete: 'حذف',
  delivered: (to, of) => `لدى ${wholeNumber(to)} من ${wholeNumber(of)} من الأجهزة`,
  oddTime: 'وقت الخادم',
  oddTimeHelp: 'تقول ساعة المرسل وقتًا غير ممكن، فهذا هو الوقت الذي أخذ فيه الخادم الرسالة.',
  kind: (kind, locked = false) => {
    if (kind === 'open') return locked ? 'غرفة مفتوحة، مقفلة' : 'غرفة مفتوحة'
    return locked ? 'غرفة مغلقة، مقفلة' : 'غرفة مغلقة'
  },
  search: 'بحث',
  commands: 'الأوامر',
  fullscreen: 'ملء الشاشة',
  endFullscreen: 'الخروج من ملء الشاشة',
  noFullscreen: 'لا يعطي المتصفح الشاشة كلها.',
  toDay: 'الانتقال إلى يوم آخر',
  removed: 'أُزلت',
  ended: 'انتهت',
  kindHelp: (kind) =>
    kind === 'open'
      ? 'غرفة مفتوحة: يدخل كل من لديه العنوان، ومن يشغّل الخادم يستطيع الدخول أيضًا.'
      : 'غرفة مغلقة: لا يفتحها إلا رابط الدعوة.',
  epochTitle: (epoch) => `الحقبة ${epoch}: المفاتيح التي تحمي الغرفة الآن`,
  roomLog: 'سجل الغرفة',
  roomLogHelp: 'ما دوّنه الخادم عن هذه الغرفة، بالإنجليزية: بصمات وأوقات وأحجام. لا اسم ولا نص.',
  roomLogEmpty: 'لم يُدوَّن شيء بعد.',
  leave: 'مغادرة الغرفة',
  leaveTitle: 'هل تغادر هذه الغرفة؟',
  leaveHelp: 'تُمحى مفاتيحها ورسائلها من هذا المتصفح. ولا تعود إليها إلا بدعوة، عضوًا جديدًا.',
  leaveAlone: 'لا أحد آخر في الداخل: تنتهي الغرفة بمغادرتك.',
  leaveOthers: 'تبقى أجهزتك الأخرى في الغرفة.',
  leaveYes: 'مغادرة ومحو',
  stay: 'البقاء',
}

export const connectionWords: Catalogue['connectionWords'] = (connection) =>
  ({ connected: 'متصل', reconnecting: 'يعاد الاتصال…', offline: 'غير متصل' })[connection]

export const connectionHelp: Catalogue['connectionHelp'] = (connection) =>
  ({
    connected: undefined,
    reconnecting: 'انقطع الاتصال وتعاد محاولته. ما تكتبه محفوظ ويُرسل من تلقاء نفسه.',
    offline: 'لا شبكة. ما تكتبه محفوظ على هذا الجهاز ويُرسل حالما تعود.',
  })[connection]

export const catchUpWords: Catalogue['catchUpWords'] = {
  making: 'أُعيد تشغيل الخادم. يُسأل الآخرون إن كان هنا شيء ناقص؛ وتستمر الرسائل بعد لحظات.',
  asking: 'فقد الخادم شيئًا مما قيل. يجري جلبه ممن لديه هنا.',
  waiting: 'شيء مما قيل ناقص، وليس لدى أحد هنا. يأتي حالما يأتي من لديه.',
  skip: 'المتابعة بدونه',
}

export const notSent: Catalogue['notSent'] = {
  'too-large': 'إنها أطول مما يقبله الخادم. أرسلها أجزاءً.',
  'rate-limited': 'تلقّى الخادم أكثر مما ينبغي في وقت قصير. حاول مرة أخرى بعد دقيقة.',
  'no-access': 'لم يعد الخادم يسمح لهذا الجهاز بالكتابة هنا.',
  unavailable: 'لا يستطيع الخادم قبول الرسائل الآن. حاول مرة أخرى بعد دقيقة.',
  'bad-request': 'لم يفهمها الخادم. أعد تحميل الصفحة وحاول مرة أخرى.',
  internal: 'حدث خلل في الخادم. حاول مرة أخرى؛ وإن بقي فأخبر من يشغّله.',
  'person-gone': 'لم يعد هذا الشخص في الغرفة. لم يتلقها أحد.',
  'not-delivered': 'لم تصل إلى هذا الشخص. لم يتلقها أحد آخر.',
  lost: 'ضاعت في طريق خروجها. لم يرها أحد.',
}

export const stateWords: Catalogue['stateWords'] = (state) =>
  ({
    held: 'تنتظر المفاتيح الكمّية',
    sending: 'تُرسل',
    sent: 'أُرسلت',
    delivered: 'سُلّمت',
    'not-sent': 'لم تُرسل',
    received: undefined,
  })[state]
