/** Arabic: `../faults.ts`. */
import type { RoomRefusalCode } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { wordsFor } from '../translatable.ts'

const onlyLeaders = 'لا يُدخل الناسَ هنا إلا المالك والمشرفون.'
const refused: Readonly<Record<RoomRefusalCode, string>> = {
  'may-not-remove': 'لا يُخرج الناسَ إلا المالك والمشرفون، ولا يُخرج مشرفًا إلا المالك.',
  'may-not-invite': 'لا يصنع الروابط هنا ولا ينهيها إلا المالك والمشرفون.',
  'may-not-change-room': 'لا يغيّر هذا إلا المالك والمشرفون، وبعضه المالك وحده.',
  'not-invited': onlyLeaders,
  'needs-approval': onlyLeaders,
  'room-locked': 'الغرفة مقفلة. افتح قفلها لتُدخل أحدًا.',
  'room-full': 'الغرفة ممتلئة. ارفع عدد الناس، أو أخرج أحدًا أولًا.',
  'not-a-member': 'لم يعد هذا الشخص في الغرفة.',
  'not-own-device': 'لا يستطيع ذلك مع هذا الجهاز إلا صاحبه.',
  'link-rate-limited': 'توجد روابط عدة للأجهزة. انتظر عشر دقائق وحاول مرة أخرى.',
  'link-unavailable': 'لدى الخادم الآن روابط كثيرة من هذا النوع. حاول مرة أخرى بعد عشر دقائق.',
  'room-ended': 'انتهت الغرفة.',
  'not-in-room': 'ليس هذا الجهاز في الغرفة الآن. حاول مرة أخرى حين يكون فيها.',
  'no-answer': 'لم يُجب الخادم في الوقت المحدد. تحقق من الاتصال وحاول مرة أخرى.',
  'wish-expired': 'انتظر هذا يومًا ثم تُرك. اطلبه مرة أخرى إن كنت لا تزال تريده.',
  'wish-cancelled': 'سُحب هذا قبل أن يُرسل.',
  'wish-on-its-way': 'هذا في طريقه بالفعل ولا يمكن سحبه.',
  'request-over': 'انتهى هذا الطلب. على من طلب أن يطلب من جديد.',
  'may-not-close': 'لا يغلق الغرفة المفتوحة إلا من يقودها.',
  'own-person': 'هذا جهاز من أجهزتك أنت.',
  'quantum-required': 'تريد هذه الغرفة مفاتيح كمّية لكل ما يقال، وليس للكلام إلى شخص واحد مفاتيح منها.',
  'bad-successor': 'هذا ليس رابط الغرفة المغلقة التي أُنشئت بدل هذه.',
  'not-reached': 'تعذّر الآن فتح خط خاص إلى هذا الشخص. حاول مرة أخرى.',
  'not-handed': 'لم تصل الدعوة إلى الخادم بعد. حاول مرة أخرى حين يعود الاتصال.',
  'successor-elsewhere': 'الغرفة المغلقة مفتوحة في لسان آخر. أغلق ذلك اللسان ثم حاول مرة أخرى.',
  'keys-changed': 'لدى هذا الشخص مفاتيح غير التي تحققت منها. تحقق منه أو اقبل مفاتيحه أولًا.',
  'nobody-else': 'لا أحد آخر في الغرفة يستطيع إعطاءها.',
  'asked-already': 'طلب واحد في كل مرة: هذا لا يزال جاريًا.',
  'asked-lately': 'طلبت قبل قليل. انتظر دقيقة قبل أن تطلب من جديد.',
  'too-many-blocks': 'على هذا الجهاز من المقتطفات المشتركة ما يسعه. أزل واحدًا أولًا.',
  'ask-over': 'سُحب هذا، أو أعطاها شخص آخر.',
  'offer-over': 'سُحب هذا العرض.',
  'nothing-earlier': 'ليست على هذا الجهاز رسائل مما قيل قبل دخول ذلك الشخص.',
  'earlier-quantum':
    'تشترط هذه الغرفة مفاتيح كمّية، وليس للخط الخاص بين جهازين منها شيء. تبقى الرسائل السابقة في مكانها.',
  'giving-already': 'أنت تعطي هذا الشخص رسائل سابقة بالفعل.',
  'giving-too-many': 'أنت تعطي أشخاصًا عدة بالفعل. انتظر حتى يكتمل ما لدى أحدهم.',
  'no-such-message': 'لم تعد هذه الرسالة هنا.',
  'not-own-message': 'لا يعدّل الرسالة أو يحذفها إلا كاتبها.',
  'too-many-signs': 'تكفي ثمانية تفاعلات على رسالة واحدة: اسحب واحدًا أولًا.',
  'held-back': 'تشترط هذه الغرفة مفاتيح كمّية، وليس لديها منها شيء الآن. حاول مرة أخرى حين تكون لديها.',
  'private-reply': 'هذه الرسالة لشخص واحد. رد عليها إليه وحده.',
  'private-message': 'ما قيل لشخص واحد لا يمكن تعديله بعد ذلك.',
  'not-for-you-at-server': 'رفض الخادم ذلك: هذا الجهاز ليس في الغرفة لديه، أو ليس هذا لهذا الشخص.',
  'server-asked-often': 'طُلب هذا قبل لحظات. انتظر بضع ثوانٍ وحاول مرة أخرى.',
  'server-too-old': 'لا يعرف الخادم هذا. إنه أقدم من هذه الصفحة، أو تغيّر في هذه الأثناء.',
  'server-unavailable': 'لم يستطع الخادم فعل ذلك الآن. حاول مرة أخرى بعد دقيقة.',
  'too-many-links': 'للغرفة من الروابط ما تسعه. أنهِ واحدًا أولًا.',
}

export const refusedWords: Catalogue['refusedWords'] = (code) =>
  wordsFor(refused, code) ?? `لم تقبل الغرفة هذا (${isolated(code)}).`

const storage: Readonly<Record<string, string>> = {
  full: 'لا يعطي المتصفح مساحة أخرى. أفسح بعض المساحة على هذا القرص.',
  closed: 'أُغلق التخزين، لعل لسانًا آخر أغلقه. أعد تحميل الصفحة.',
  damaged: 'ما حفظه المتصفح تالف أو لم يعد يُفتح.',
  locked: 'التخزين مقفل بعبارة مرور.',
}

export const storageFaultWords: Catalogue['storageFaultWords'] = (code, message) =>
  wordsFor(storage, code) ?? `لا يسمح المتصفح للصفحة بالحفظ. ${otherFaultWords(message)}`

export const otherFaultWords: Catalogue['otherFaultWords'] = (message) => `بالإنجليزية: «${isolated(message)}»`

const pictures =
  '🐶 كلب,🐱 قطة,🦁 أسد,🐴 حصان,🦄 وحيد القرن,🐷 خنزير,🐘 فيل,🐰 أرنب,🐼 باندا,🐓 ديك,🐧 بطريق,🐢 سلحفاة,🐟 سمكة,' +
  '🐙 أخطبوط,🦋 فراشة,🐝 نحلة,🌵 صبار,🌲 صنوبر,🍄 فطر,🌻 دوار الشمس,🍁 ورقة,🌍 أرض,🌙 هلال,⭐ نجمة,☁️ سحابة,' +
  '🔥 نار,🌈 قوس قزح,⛄ رجل ثلج,☂️ مظلة,🍎 تفاحة,🍌 موزة,🍓 فراولة,🍋 ليمون,🍇 عنب,🥕 جزر,🌽 ذرة,🍕 بيتزا,' +
  '🎂 كعكة,🧀 جبن,🥨 كعك مملح,❤️ قلب,👓 نظارة,👑 تاج,⌛ ساعة رملية,⏰ منبه,🎁 هدية,💡 مصباح,📕 كتاب,' +
  '✏️ قلم,📎 مشبك,✂️ مقص,🔨 مطرقة,☎️ هاتف,🚂 قطار,🚲 دراجة,✈️ طائرة,🚀 صاروخ,⛵ قارب,🏆 كأس,⚽ كرة,' +
  '🎸 غيتار,🧲 مغناطيس,🎺 بوق,⚓ مرساة'
const pictureNames: Readonly<Record<string, string>> = Object.fromEntries(
  pictures.split(',').map((entry) => {
    const at = entry.indexOf(' ')
    return [entry.slice(0, at), entry.slice(at + 1)]
  }),
)

export const pictureName: Catalogue['pictureName'] = (sign, name) => wordsFor(pictureNames, sign) ?? name
