/** Arabic: `../quantum.ts`. */
import type { EpochLabel } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'
import { percent, shortPercent } from '../quantum.ts'

export const quantumWords: Catalogue['quantumWords'] = {
  title: 'الوصلة الكمّية',
  intro: 'BB84 بفوتونات محاكاة. تقف مفاتيحها إلى جانب X25519 وML‑KEM‑768، ولا تحل محلهما أبدًا.',
  honest: 'الفوتونات المحاكاة لا تمنح أمانًا كمّيًا.',
  qber: 'QBER',
  qberHelp: 'البتات الخاطئة بين ما قورن منها؛ والعبرة بأسوأ وصلة.',
  notMeasured: 'لم يُقَس',
  threshold: (threshold) => `الحد ${shortPercent(threshold)}`,
  eve: 'محاكاة متنصت',
  eveHelp: 'يقيس كل فوتون محاكى في طريقه. يسري من التبادل التالي، على كل من في الغرفة.',
  eveBy: (on, name) => {
    if (name === undefined) return on ? 'مشغّل.' : 'متوقف.'
    return on ? `شغّله: ${name}.` : `أوقفه: ${name}.`
  },
  run: 'بدء تبادل المفاتيح',
  running: 'يجري تبادل مفاتيح (فوتونات محاكاة)…',
  completed: 'اكتمل تبادل المفاتيح',
  eavesdropper: 'اكتُشف متنصت، لم يُصنع مفتاح',
  eavesdropperHelp: 'تستمر المحادثة تحت X25519 وML‑KEM‑768 بكامل قوتها.',
  failed: 'لم يعطِ آخر تبادل مفاتيح أي مفتاح',
  failedHelp: 'تبيّن الوصلات أدناه السبب. تستمر المحادثة تحت X25519 وML‑KEM‑768 بكامل قوتها.',
  alone: 'يحتاج تبادل المفاتيح إلى شخص ثانٍ في الغرفة.',
  you: 'أنت',
  byYou: 'أنت',
  ends: (a, b) => `${a} ↔ ${b}`,
  links: 'الوصلات',
  noLinks: 'لا وصلات بعد. تأتي مع الشخص الثاني.',
  progressOf: (link) => `تقدّم ${link}`,
  stagesTitle: 'البتات في كل مرحلة',
  stagesOf: (link) => `بتات آخر تبادل بين ${link} (محاكاة)، على مقياس لوغاريتمي`,
  stage: 'المرحلة',
  bits: 'البتات',
  noStages: 'لا تبادل بعد.',
  linkShown: 'الوصلة المعروضة',
  keyBits: (bits) =>
    counted(bits, {
      zero: 'لم يبق أي بت من المفاتيح المحاكاة',
      one: 'بقي بت واحد من المفاتيح المحاكاة',
      two: 'بقي بتان من المفاتيح المحاكاة',
      few: 'بقيت # بتات من المفاتيح المحاكاة',
      many: 'بقي # بتًا من المفاتيح المحاكاة',
      other: 'بقي # بت من المفاتيح المحاكاة',
    }),
  interval: (low, high) => `مجال الثقة 95 %: من ${percent(low)} إلى ${percent(high)}`,
  epochTitle: 'مفاتيح الغرفة الآن',
}

export const labelNames: Catalogue['labelNames'] = {
  'post-quantum': 'ما بعد الكمّ',
  'quantum (simulated)': 'كمّي (محاكاة)',
  'quantum (hardware)': 'كمّي (عتاد)',
}

export const stageNames: Catalogue['stageNames'] = {
  proposal: 'الاقتراح',
  photons: 'الفوتونات',
  sifting: 'النخل',
  estimation: 'التقدير',
  reconciliation: 'التصحيح',
  amplification: 'تضخيم الخصوصية',
  detected: 'المكتشفة',
  sifted: 'المنخولة',
  sampled: 'بعد العيّنة',
  reconciled: 'المصحّحة',
  verified: 'المتحقَّق منها',
  amplified: 'بعد تضخيم الخصوصية',
  confirmed: 'المؤكّدة',
  authenticated: 'الموثّقة',
}

const labelHelp: Readonly<Record<EpochLabel, string>> = {
  'post-quantum':
    'X25519 وML‑KEM‑768 معًا: على من يريد التنصت أن يكسرهما كليهما. لا تصل مفاتيح الوصلات الكمّية الآن إلى كل عضو.',
  'quantum (simulated)':
    'X25519 وML‑KEM‑768 معًا، وتسلّم كل عضو سر المجموعة تحت مفتاح من فوتونات محاكاة. هذا يبيّن الآلية؛ ولا يضيف أمانًا كمّيًا.',
  'quantum (hardware)': 'X25519 وML‑KEM‑768 معًا، وتسلّم كل عضو سر المجموعة تحت مفتاح من عتاد QKD، كما أكّد كل جهاز.',
}

export const labelWords: Catalogue['labelWords'] = ({ label, linksCovered, linksInAll }) => {
  if (linksInAll === 0) return labelHelp[label]
  const source = label === 'quantum (hardware)' ? 'عتاد' : 'محاكاة'
  return `${labelHelp[label]} الوصلات الكمّية (${source}) المستخدمة: ${wholeNumber(linksCovered)} من ${wholeNumber(linksInAll)}.`
}

export const linkStateWords: Catalogue['linkStateWords'] = (state) =>
  ({
    none: 'لا تبادل بعد',
    waiting: 'في انتظار الطرف الآخر',
    running: 'جارٍ',
    completed: 'صُنع المفتاح',
    aborted: 'لا مفتاح',
  })[state]

export const placeWords: Catalogue['placeWords'] = ({ thread, amplifier }) => {
  const what = `تضخيم الخصوصية: ${isolated(amplifier === 'wasm' ? 'wasm' : 'TypeScript')}.`
  return {
    worker: `حُسب في عامل (worker) إلى جانب هذه الصفحة. ${what}`,
    page: `حُسب في هذه الصفحة نفسها، قطعًا صغيرة، لأن هذا المتصفح ليس فيه عمّال (workers). ${what}`,
    process: `حُسب في هذا البرنامج. ${what}`,
  }[thread]
}

export const unknownAbort: Catalogue['unknownAbort'] = (code) => `قُطع التبادل (${isolated(code)}).`

export const aborts: Catalogue['aborts'] = {
  'qber-above-threshold': 'بتات خاطئة أكثر مما يفسّره الضجيج: كان أحد يتنصت. أُهملت البتات.',
  'too-few-detections': 'وصلت فوتونات أقل من أن تصنع مفتاحًا آمنًا.',
  'no-secret-key-left': 'بعد التصحيح لم يبق شيء لا يمكن أن يعرفه متنصت.',
  'reconciliation-failed': 'تعذّر تصحيح الأخطاء. أُهملت البتات.',
  'verification-failed': 'لم ينتهِ الطرفان إلى البتات نفسها. فأُهملت.',
  'confirmation-failed': 'لم ينتهِ الطرفان إلى المفتاح نفسه. فأُهمل.',
  'authentication-failed': 'إحدى رسائل التبادل لم تكن من الطرف الآخر. قُطع التبادل.',
  'commitment-broken': 'غيّر الطرف الآخر ما كان قد التزم به. قُطع التبادل.',
  'parameters-refused': 'لم يتفق الطرفان على كيفية التبادل. قد ينفع إعادة تحميل الصفحتين.',
  'unknown-version': 'لدى الطرف الآخر إصدار آخر. أعيدا تحميل الصفحتين.',
  'internal-error': 'تعطّل الحساب لدى أحد الطرفين. يبدأ التبادل التالي من جديد.',
  'engine-failed':
    'العامل الذي يحسب التبادلات تعذّر بدؤه أو تعطّل لدى أحد الطرفين. يبدؤه التبادل التالي من جديد؛ فإن لم ينفع فأعد تحميل الصفحة.',
  cancelled: 'قُطع التبادل قبل نهايته، من أحد الطرفين أو لتغيّر الأعضاء.',
}

export const holdWords: Catalogue['holdWords'] = (hold, nameOf) => {
  const required = 'تشترط هذه الغرفة مفاتيح كمّية (محاكاة).'
  switch (hold.for) {
    case 'others':
      return `${required} ما تكتبه محفوظ هنا، في انتظار من يُصنع معه مفتاح.`
    case 'away': {
      const [only] = hold.people
      return hold.people.length === 1 && only
        ? `${required} ما تكتبه محفوظ هنا، في انتظار جهاز ${nameOf(only)} الغائب. إلى أن يعود أو يُزال لا يستطيع أحد الإرسال.`
        : `${required} ما تكتبه محفوظ هنا، في انتظار أجهزة غائبة لدى: ${listPeople(hold.people, nameOf)}. إلى أن تعود أو تُزال لا يستطيع أحد الإرسال.`
    }
    case 'fewer':
      return `${required} ما تكتبه محفوظ هنا حتى لا يزيد عدد الأجهزة هنا على ${wholeNumber(hold.atMost)}: لا تصل الوصلات الكمّية إلى أكثر.`
    case 'exchange':
      return `${required} ما تكتبه محفوظ هنا، في انتظار تبادل المفاتيح. إن بقي الأمر كذلك فابدأه من جديد في «تفاصيل الغرفة»، أو أن الخادم يحجزه.`
  }
}
