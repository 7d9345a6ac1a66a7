/** Arabic: `../system.ts`. Verbs follow the form for *you* or for a third person; lists stand after a colon. */
import type { EpochLabel, PersonView } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { durationWords } from '../lifetime.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'
import { isYou, listPeople, type Namer } from '../people.ts'
import { percent } from '../quantum.ts'
import { tellBy } from '../sentences.ts'
import { isSamePerson } from '../system.ts'
import { lastMessages } from './earlier.ts'
import { daysWords } from './time.ts'

/** `أنشأت`, `أنشأ بن` */
function did(person: PersonView, nameOf: Namer, you: string, they: string): string {
  return isYou(person) ? you : `${they} ${nameOf(person)}`
}

const noEarlier = 'صُنعت مفاتيح جديدة؛ ولا يقرأ من دخل الرسائل السابقة.'
const refreshed: Readonly<Record<EpochLabel, string>> = {
  'quantum (simulated)': 'جُدّدت المفاتيح بمفتاح من وصلة كمّية (محاكاة)',
  'quantum (hardware)': 'جُدّدت المفاتيح بمفتاح من وصلة كمّية (عتاد)',
  'post-quantum': 'جُدّدت المفاتيح (ما بعد الكمّ)',
}

export const repeatedWords: Catalogue['repeatedWords'] = (sentence, times) =>
  `${sentence} (${counted(times, { two: 'مرتين', few: '# مرات', many: '# مرة', other: '# مرة' })})`

export const systemSentence: Catalogue['systemSentence'] = tellBy({
  created: ({ by }, nameOf) => `${did(by, nameOf, 'أنشأت', 'أنشأ')} هذه الغرفة.`,
  'you-joined': ({ earlierUnreadable }) =>
    earlierUnreadable ? 'دخلت هنا. ما قيل قبل ذلك لا يُقرأ على هذا الجهاز.' : 'دخلت هنا.',
  joined: ({ by, people }, nameOf) =>
    `${did(by, nameOf, 'سمحت', 'سمح')} بدخول: ${listPeople(people, nameOf)}. ${noEarlier}`,
  'let-in': ({ by, people }, nameOf) =>
    `${did(by, nameOf, 'سمحت', 'سمح')} بدخول من طلبه: ${listPeople(people, nameOf)}. ${noEarlier}`,
  left: ({ person }, nameOf) => `${did(person, nameOf, 'غادرت', 'غادر')}.`,
  removed: ({ by, people }, nameOf) =>
    `${did(by, nameOf, 'أزلت', 'أزال')}: ${listPeople(people, nameOf)}. صُنعت مفاتيح جديدة؛ ولا يُقرأ بالقديمة شيء من هنا فصاعدًا.`,
  'device-added': ({ person, by }, nameOf) =>
    isSamePerson(person, by)
      ? `${did(by, nameOf, 'أضفت', 'أضاف')} جهازًا. لا يقرأ الرسائل السابقة.`
      : `${did(by, nameOf, 'سمحت', 'سمح')} بدخول جهاز آخر لـ: ${isYou(person) ? 'أنت' : nameOf(person)}. لا يقرأ الرسائل السابقة.`,
  'device-removed': ({ person, by }, nameOf) => {
    const newKeys = 'صُنعت مفاتيح جديدة؛ ولا يقرأ شيئًا من هنا فصاعدًا.'
    if (person.device === by.device) return `${did(person, nameOf, 'غادرت', 'غادر')} على جهاز وبقي على آخر.`
    if (!isSamePerson(person, by)) {
      return isYou(person)
        ? `${did(by, nameOf, 'أزلت', 'أزال')} جهازًا لك. ${newKeys}`
        : `${did(by, nameOf, 'أزلت', 'أزال')} جهازًا يخص ${nameOf(person)}. ${newKeys}`
    }
    return isYou(by) ? `أزلت أحد أجهزتك. ${newKeys}` : `أزال ${nameOf(by)} أحد أجهزته. ${newKeys}`
  },
  rejoined: ({ people }, nameOf) => {
    const [only] = people
    const missing = people.some(isYou) ? ' قد يكون ما قيل في أثناء ذلك ناقصًا هنا.' : ''
    if (people.length !== 1 || only === undefined) return `عادت أجهزة: ${listPeople(people, nameOf)}.${missing}`
    return `${isYou(only) ? 'عاد جهازك' : `عاد جهاز ${nameOf(only)}`}.${missing}`
  },
  'keys-refreshed': ({ label }) => refreshed[label],
  'eavesdropper-switched': ({ on, by }, nameOf) =>
    on
      ? `${did(by, nameOf, 'شغّلت', 'شغّل')} المتنصت المحاكى. يسري من تبادل المفاتيح التالي.`
      : `${did(by, nameOf, 'أوقفت', 'أوقف')} المتنصت المحاكى. يسري من تبادل المفاتيح التالي.`,
  'eavesdropper-detected': ({ link, qber }, nameOf) =>
    `تُظهر الوصلة الكمّية المحاكاة بين ${listPeople(link, nameOf)} متنصتًا: كانت نسبة البتات الخاطئة ${percent(qber)}. لم يُصنع منها مفتاح؛ وتستمر المحادثة تحت X25519 وML‑KEM‑768.`,
  gap: ({ fromSeq, toSeq }) =>
    fromSeq === toSeq
      ? `ضاع على هذا الجهاز عنصر من الغرفة (رقم ${fromSeq}).`
      : `ضاعت على هذا الجهاز عناصر من الغرفة (من رقم ${fromSeq} إلى ${toSeq}).`,
  'split-view': (event, nameOf) =>
    `تحذير: يعرض الخادم عليك وعلى ${nameOf(event.with)} سجلين مختلفين لهذه الغرفة. قارنا عبر وسيلة أخرى قبل أن تعتمد عليها.`,
  'keys-changed': ({ person, wasVerified }, nameOf) =>
    wasVerified
      ? `تحذير: اسم ${nameOf(person)} يشبه اسم شخص تحققت منه، ومفاتيحه مختلفة.`
      : `لدى ${nameOf(person)} مفاتيح غير مفاتيح شخص بهذا الاسم كان هنا من قبل.`,
  compared: ({ person, matched }, nameOf) =>
    matched
      ? `تحققت من ${nameOf(person)}.`
      : `قارنت الرموز مع ${nameOf(person)} ولم تتطابق. لا تقل هنا سرًا حتى تعرف السبب.`,
  'relay-restarted': () => 'أُعيد تشغيل الخادم. المحادثة مستمرة.',
  'relay-restarting': () => 'يعاد تشغيل الخادم. تنتظر الرسائل حتى يعود.',
  'relay-restored': () =>
    'أُعيد الخادم إلى نسخة احتياطية أقدم منه. ما لدى هذا الجهاز يبقى لديه، وتستمر الغرفة من هناك. قد تكون ضاعت رسائل لم تكن لدى أحد هنا بعد.',
  'log-deleted': ({ by, lines }, nameOf) =>
    `${did(by, nameOf, 'طلبت', 'طلب')} من الخادم حذف سجله عن هذه الغرفة: ${counted(lines, { one: 'سطر واحد', two: 'سطران', few: '# أسطر', many: '# سطرًا', other: '# سطر' })}.`,
  'lifetime-set': ({ by, seconds }, nameOf) =>
    seconds === undefined
      ? `${did(by, nameOf, 'أوقفت', 'أوقف')} اختفاء الرسائل. ما يقال من الآن يبقى.`
      : `${did(by, nameOf, 'شغّلت', 'شغّل')} اختفاء الرسائل: ما يقال من الآن يُحذف بعد رؤيته بهذه المدة: ${durationWords(seconds)}.`,
  'title-set': ({ by, title }, nameOf) =>
    title === undefined
      ? `${did(by, nameOf, 'أزلت', 'أزال')} اسم الغرفة.`
      : `${did(by, nameOf, 'سمّيت', 'سمّى')} الغرفة «${isolated(title)}».`,
  'gone-unseen': ({ from }, nameOf) => `حُذفت رسالة مختفية من ${nameOf(from)} قبل أن تُرى هنا: انتهت مدتها.`,
  'caught-up': ({ from }, nameOf) => `اكتمل الناقص: ما فقده الخادم جاء من: ${listPeople(from, nameOf)}.`,
  'room-locked': ({ on, by }, nameOf) =>
    on
      ? `${did(by, nameOf, 'قفلت', 'قفل')} الغرفة. لا يدخل أحد جديد حتى يُفتح القفل.`
      : `${did(by, nameOf, 'فتحت', 'فتح')} قفل الغرفة. يستطيع الجدد الدخول من جديد.`,
  'admit-by-set': ({ admitBy, by }, nameOf) =>
    admitBy === 'everyone'
      ? `${did(by, nameOf, 'غيّرت', 'غيّر')} من يُدخل الناس: كل من في الغرفة.`
      : `${did(by, nameOf, 'غيّرت', 'غيّر')} من يُدخل الناس: المالك والمشرفون وحدهم.`,
  'capacity-set': ({ capacity, by }, nameOf) =>
    capacity === undefined
      ? `${did(by, nameOf, 'رفعت', 'رفع')} الحد عن عدد الناس.`
      : `${did(by, nameOf, 'حددت', 'حدد')} عدد من في الغرفة بـ${wholeNumber(capacity)} على الأكثر.`,
  'quantum-policy-set': ({ quantum, by }, nameOf) =>
    quantum === 'required'
      ? `${did(by, nameOf, 'جعلت', 'جعل')} المفاتيح الكمّية شرطًا. لا يُرسل شيء حتى يكون لكل جهاز هنا مفتاح (محاكاة في هذا الإصدار).`
      : `${did(by, nameOf, 'جعلت', 'جعل')} المفاتيح الكمّية اختيارية. تُرسل الرسائل تحت X25519 وML‑KEM‑768 وحدهما أيضًا.`,
  'keep-sealed-set': ({ days, by }, nameOf) =>
    days === undefined
      ? `${did(by, nameOf, 'أنهيت', 'أنهى')} الاحتفاظ بالرسائل المختومة. يحذف الخادم ما على قرصه منها.`
      : `${did(by, nameOf, 'غيّرت', 'غيّر')} ما يفعله الخادم: يحتفظ الآن بالرسائل المختومة ${daysWords(days)}، حتى تكون لدى كل جهاز.`,
  'admin-set': ({ person, on, by }, nameOf) => {
    if (isYou(person)) {
      return on ? `${did(by, nameOf, 'جعلت نفسك', 'عيّنك')} مشرفًا.` : `${did(by, nameOf, 'سحبت', 'سحب')} منك الإشراف.`
    }
    return on
      ? `${did(by, nameOf, 'عيّنت', 'عيّن')} مشرفًا جديدًا: ${nameOf(person)}.`
      : `${did(by, nameOf, 'سحبت', 'سحب')} الإشراف من ${nameOf(person)}.`
  },
  'owner-set': ({ person, by }, nameOf) => {
    if (person.device === by.device) return `${did(by, nameOf, 'توليت', 'تولى')} الغرفة بعد أن غادر مالكها.`
    return isYou(person)
      ? `${did(by, nameOf, 'سلّمت', 'سلّم')} الغرفة إليك.`
      : `${did(by, nameOf, 'سلّمت', 'سلّم')} الغرفة إلى ${nameOf(person)}.`
  },
  'room-ended': ({ by }, nameOf) =>
    `${did(by, nameOf, 'أنهيت', 'أنهى')} هذه الغرفة. ما قيل يبقى مقروءًا هنا؛ ولا يمكن قول شيء جديد.`,
  'earlier-given': ({ by, to, count }, nameOf) =>
    isYou(to)
      ? `${did(by, nameOf, 'أعطيت نفسك', 'أعطاك')} ${lastMessages(count)} مما قيل قبل دخولك.`
      : `${did(by, nameOf, 'أعطيت', 'أعطى')} ${lastMessages(count)} مما قيل سابقًا إلى ${nameOf(to)}.`,
  successor: ({ by }, nameOf) =>
    isYou(by) ? 'أغلقت هذه الغرفة وتدعو إلى غرفة خاصة.' : `أغلق ${nameOf(by)} هذه الغرفة ويدعوك إلى غرفة خاصة.`,
})

export const unreadableWords: Catalogue['unreadableWords'] = {
  sentence: (reason) => `تعذّر فتح شيء وصل إلى هنا: ${reason}`,
  from: (name, reason) => `تعذّر فتح شيء من ${name}: ${reason}`,
  fromYou: (reason) => `تعذّر فتح شيء منك: ${reason}`,
  againstRules: 'كان سيغيّر الغرفة خلافًا لقواعدها. لم يتغير شيء.',
  damaged: (code) => `تلف في طريقه أو صُنع على نحو خاطئ (${isolated(code)}). تستمر المحادثة بدونه.`,
}

export const unreadableReasons: Catalogue['unreadableReasons'] = {
  'stale-epoch': 'خُتم بمفاتيح لم تعد مستخدمة. تُرك جانبًا.',
  'own-frame': 'إنه نسخة من شيء أرسله هذا الجهاز نفسه. تُرك جانبًا.',
  'generation-too-far': 'ينقص كثير مما قاله مرسله قبله. يصلحه تبديل المفاتيح التالي.',
  'wrong-frame-type': 'إنه من نوع لا مكان له في غرفة. تُرك جانبًا.',
  'bad-path': 'كان سيغيّر المفاتيح بحيث لا يستطيع الجميع المتابعة. لم يتغير شيء.',
  'not-own-message': 'يغيّر رسالة كتبها شخص آخر، وليس ذلك إلا لكاتبها.',
  'unknown-content': 'لا يعرف هذا الإصدار نوعه. قد تجلب إعادة تحميل الصفحة إصدارًا أحدث.',
  'wrong-epoch': 'خُتم بمفاتيح ليست لدى هذا الجهاز.',
  'unknown-sender': 'من ختمه ليس عضوًا في الغرفة. تُرك جانبًا.',
  'missing-before': 'شيء قيل قبله لم يصل إلى هنا.',
  rewound: 'الخادم متأخر عما قاله من قبل. ما لدى هذا الجهاز يبقى لديه.',
  replayed: 'إنه نسخة من شيء جاء من قبل. تُرك جانبًا.',
  undecryptable: 'غُيّر في طريقه. تُرك جانبًا.',
  'bad-profile': 'يدّعي ملفًا شخصيًا لا تصح توقيعاته. تُرك جانبًا.',
  'successor-not-leader': 'يقول أين تستمر هذه الغرفة، ومرسله لا يقودها. تُرك جانبًا.',
  'earlier-not-asked': 'يسلّم رسائل سابقة لم يطلبها أحد هنا ولم يقبلها. تُركت جانبًا.',
  'earlier-not-offered': 'يقبل رسائل سابقة لم تُعرض. لم يُعطَ شيء.',
  'earlier-changed-keys': 'إنه عن رسائل سابقة، ولمرسله مفاتيح غير التي تحققت منها. تُرك جانبًا.',
  'bad-earlier': 'يسلّم رسائل سابقة على غير ما قال. تُركت جانبًا.',
  'not-owner': 'يقول إن الخادم حذف سجله، ومرسله ليس مالك هذه الغرفة. تُرك جانبًا.',
  'bad-signature': 'توقيعه لا يصح. تُرك جانبًا.',
  'bad-confirmation-tag': 'غُيّر في طريقه. تُرك جانبًا.',
}
