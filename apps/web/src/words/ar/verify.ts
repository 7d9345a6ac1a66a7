/** Arabic: `../verify.ts`. */
import type { VerifiedHow } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { dateOf } from '../time.ts'
import { trustWords } from './trust.ts'

export const verifyWords: Catalogue['verifyWords'] = {
  close: 'إغلاق',
  back: 'رجوع',
  fingerprint: 'بصمة المفاتيح',
  lookalike: 'لشخص آخر هنا اسم يشبه هذا الاسم. ميّز بينهما بالبصمة.',
  whom: 'ممن تريد أن تتحقق؟',
  nobody: 'لا أحد آخر هنا بعد.',
  how: (name) => `قابل ${isolated(name)}، أو اتصل به بحيث تعرف صوته. المقارنة برسائل في هذه الغرفة لا تثبت شيئًا.`,
  roomCode: 'رمز الغرفة',
  roomCodeOf: (epoch) => `رمز الغرفة للحقبة ${epoch}`,
  roomCodeHelp:
    'يرى كل من في الغرفة هذا الرمز الآن. إن اختلف رمز أحدهم فالخادم يعرض عليكم غرفًا مختلفة: لا تقل سرًا، وأنشئ غرفة جديدة.',
  roomCodeNone: 'يظهر رمز حين تكون في الغرفة.',
  roomMoved: (epoch) => `انتقلت الغرفة إلى الحقبة ${epoch}. أغلق هذا وافتحه من جديد لمقارنة الرمز الجديد.`,
  pictures: 'مقارنة ست صور',
  picturesHelp: 'الأسرع في مكالمة. تريان كلاكما ست صور؛ قولا أسماءها لبعضكما.',
  picturesStart: 'مقارنة الصور',
  six: 'ست صور',
  match: 'إنها متطابقة',
  noMatch: 'إنها غير متطابقة',
  stop: 'إيقاف',
  scan: 'مسح رمز',
  scanHelp: 'الأفضل جنبًا إلى جنب. يعرض أحدكما هذا الرمز ويمسحه الآخر؛ ثم بالعكس.',
  scanStart: 'مسح رمز الطرف الآخر',
  scanStop: 'إيقاف الكاميرا',
  camera: 'صورة الكاميرا',
  noCamera: 'لا يمكن استخدام الكاميرا (غير موجودة أو مشغولة، أو لا يُسمح بها لهذه الصفحة). قارنا العدد بدلًا من ذلك.',
  number: 'مقارنة عدد',
  numberHelp: 'تريان كلاكما هذه الأرقام الستين. اقرآها لبعضكما، أو ألصق ما أرسله الطرف الآخر بوسيلة أخرى.',
  numberOfBoth: 'عددكما المشترك',
  theirs: 'عدد الطرف الآخر',
  check: 'مقارنة',
  theySaySame: (name) => `يقول ${isolated(name)} إنها متطابقة.`,
  theySayOther: (name) => `يقول ${isolated(name)} إنها غير متطابقة. توقفا، وانظرا معًا من جديد.`,
  verifiedNow: (name) => `تحققت من ${isolated(name)}.`,
  verifiedHelp: 'يُدوَّن هذا على هذا الجهاز وحده: وعلى الطرف الآخر أن يتحقق منك أيضًا. ويبقى هنا ما دامت المفاتيح نفسها.',
  elsewhere: 'لتتعارفا في غرف أخرى أيضًا، يستطيع كل منكما أن يُعلم تلك الغرف بذلك، في تفاصيل الغرفة.',
  mismatch: 'الرموز غير متطابقة.',
  mismatchDo: [
    'تأكدا أن كلًا منكما ينظر إلى اسم الآخر في هذه الغرفة، وحاولا مرة أخرى.',
    'إن أخفقت من جديد فقد يكون بينكما أحد: لا تكتب هنا سرًا.',
    'أرسلا أحدكما إلى الآخر رابط دعوة جديدًا عبر وسيلة أخرى، وتحققا هناك.',
  ],
  unlinked: 'عدم إعلام هذه الغرفة بأنه أنا',
  unlinkedHelp:
    'حين يكون مشغّلًا لا يستطيع أحد أن يربطك بغرفك الأخرى. وحين يكون متوقفًا يعرفك هنا من تحققوا منك في مكان آخر؛ ويحتفظ الأعضاء بما أُعلموا به، ولا يعلمه الخادم أبدًا.',
}

const how: Readonly<Record<VerifiedHow, string>> = {
  scan: 'بمسح رمز',
  number: 'بمقارنة عدد',
  pictures: 'بمقارنة صور',
}

export const standingWords: Catalogue['standingWords'] = ({ name, standing }) => {
  const { trust, verification, sinceMs } = standing
  switch (trust) {
    case 'self':
      return 'هذا أنت.'
    case 'new':
      return name === ''
        ? 'تلتقي هذا الشخص للمرة الأولى. لا شيء بعد يدل على صحة الاسم.'
        : `تلتقي ${isolated(name)} للمرة الأولى. لا شيء بعد يدل على صحة الاسم.`
    case 'seen':
      return `هذه هي المفاتيح التي تعرفها منذ ${dateOf(sinceMs ?? Date.now())}. لم تتحقق من صاحبها.`
    case 'verified':
      return verification
        ? `تحققت من هذه المفاتيح في ${dateOf(verification.atMs)} ${how[verification.how]}.`
        : 'هذا متصفحك أنت، في لسان آخر.'
    case 'changed':
      return standing.wasVerified === true
        ? 'تحققت من شخص باسم يشبه هذا. وهذه مفاتيح أخرى: متصفح جديد للشخص نفسه، أو شخص آخر.'
        : 'كان هنا من قبل شخص باسم يشبه هذا، بمفاتيح أخرى: الشخص نفسه بمتصفح جديد، أو شخص آخر.'
  }
}

export const comparisonWords: Catalogue['comparisonWords'] = ({ state, with: { name } }) => {
  switch (state.at) {
    case 'asked':
      return trustWords.asks(name)
    case 'waiting':
      return `في انتظار موافقة ${isolated(name)}…`
    case 'committed':
      return 'كاد يكتمل…'
    case 'showing':
      return `هل يرى ${isolated(name)} الصور الست نفسها، بهذا الترتيب؟`
    case 'answered':
      return state.matched ? verifyWords.verifiedNow(name) : verifyWords.mismatch
    case 'over':
      return {
        cancelled: `أوقفها ${isolated(name)}، أو انتقلت الغرفة. حاولا مرة أخرى.`,
        expired: 'لم يُجب أحد خلال خمس دقائق. حاولا مرة أخرى.',
        broken: 'ما جاء من الطرف الآخر ليس ما وعد به. حاولا مرة أخرى؛ وإن تكرر ذلك فلا تثق بهذه المفاتيح.',
      }[state.reason]
  }
}

export const scanWords: Catalogue['scanWords'] = (result) =>
  result === 'other-room'
    ? 'هذا الرمز لغرفة أخرى. ليفتح الطرف الآخر رمز هذه الغرفة.'
    : 'هذا ليس رمزًا من QSEC. فيه 60 رقمًا، أو هو الصورة في نافذة «تحقق» لدى الطرف الآخر.'
