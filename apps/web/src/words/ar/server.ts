/** Arabic: `../server.ts`. */
import type { ServerTables } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'
import { rawNames, spanWords } from '../server.ts'
import { sizeWords } from '../sizes.ts'

type Keeps = ServerTables['keeps']

export const serverWords: Catalogue['serverWords'] = {
  title: 'ما يعرفه الخادم',
  intro:
    'هذا كل ما يقول الخادم إنه الآن في قاعدة بياناته عن هذه الغرفة، جدولًا جدولًا. لا يستطيع أحد هنا أن يتحقق من أن هذا كل ما هناك.',
  fetching: 'يُسأل الخادم…',
  fetched: (time) => `أجاب الخادم بهذا في الساعة ${isolated(time)}.`,
  refresh: 'تحديث',
  failed: 'لم يقل الخادم ما الذي حفظه.',
  stored: 'في قاعدة بياناته',
  empty: 'لا شيء في الوقت الحاضر.',
  others: (tables) => `لا تحوي هذه الجداول شيئًا عن أي غرفة: ${rawNames(tables)}.`,
  table: (name, rows) =>
    `${name}: ${counted(rows, {
      zero: 'لا صفوف',
      one: 'صف واحد',
      two: 'صفان',
      few: '# صفوف',
      many: '# صفًا',
      other: '# صف',
    })}`,
  unknownTable: 'لا يعرف هذا الإصدار من الصفحة لأي شيء هذا الجدول.',
  withheldOthers: (rows) =>
    counted(rows, {
      one: 'صف واحد يخص جهازًا آخر. وهو معدود ولا يُعرض.',
      two: 'صفان يخصان أجهزة أخرى. وهما معدودان ولا يُعرضان.',
      few: '# صفوف تخص أجهزة أخرى. وهي معدودة ولا تُعرض.',
      many: '# صفًا تخص أجهزة أخرى. وهي معدودة ولا تُعرض.',
      other: '# صف تخص أجهزة أخرى. وهي معدودة ولا تُعرض.',
    }),
  withheld: (rows) =>
    counted(rows, {
      one: 'صف واحد يخص خطًا بين أشخاص آخرين. وهو معدود ولا يُعرض، لأنه يكشف لك من يتحدث مع من.',
      two: 'صفان يخصان خطوطًا بين أشخاص آخرين. وهما معدودان ولا يُعرضان، لأنهما يكشفان لك من يتحدث مع من.',
      few: '# صفوف تخص خطوطًا بين أشخاص آخرين. وهي معدودة ولا تُعرض، لأنها تكشف لك من يتحدث مع من.',
      many: '# صفًا تخص خطوطًا بين أشخاص آخرين. وهي معدودة ولا تُعرض، لأنها تكشف لك من يتحدث مع من.',
      other: '# صف تخص خطوطًا بين أشخاص آخرين. وهي معدودة ولا تُعرض، لأنها تكشف لك من يتحدث مع من.',
    }),
  sealed: (bytes) => `المختوم في هذه الصفوف: ${isolated(sizeWords(bytes))}. لا يستطيع الخادم فتحه.`,
  noRows: 'تعذّر جلب الصفوف.',
  moreRows: 'عرض صفوف أكثر',
  cut: (start, length) => `${isolated(start)}… (عدد الأحرف: ${wholeNumber(length)})`,
  bytes: (count) => `${isolated(sizeWords(count))}، مختوم`,
  nothing: 'لا شيء',
  memory: 'في ذاكرته',
  memoryHelp: 'يزول هذا حين يتوقف الخادم.',
  sees: 'ما يراه غير ذلك',
  seen: [
    'عنوان الإنترنت الذي يتصل منه كل جهاز، ومتى يأتي ومتى يذهب.',
    'حجم كل ما يمر ووقته، ومن أي جهاز يأتي.',
    'بين أي الأجهزة تُصنع مفاتيح كمّية.',
    'أن خطًا خاصًا ينقل شيئًا، ولأي الأجهزة.',
  ],
  seenHelp:
    'يحتاج إلى هذا لينقل ما يُرسل، ومن يشغّل الخادم يستطيع أن يدوّنه في مكان آخر. ولا يرى الأسماء ولا النصوص ولا عنوان الغرفة ولا أي مفتاح.',
  deleteLog: 'حذف سجل الخادم',
  deleteHelp: 'أنت مالك هذه الغرفة، فلك أن تجعل الخادم يحذف سجله عنها.',
  deleteTitle: 'هل يُحذف سجل الخادم عن هذه الغرفة؟',
  deleteWhat: [
    'يحذف الخادم كل سطر دوّنه حتى الآن عن هذه الغرفة. وتبقى الرسائل في مكانها.',
    'يُخبَر كل من في الغرفة أنك فعلت ذلك. وما قرأه أحد أو نسخه من قبل لا يُسترد، وتُكتب سطور جديدة من الآن.',
  ],
  deleteYes: 'حذف السجل',
  deleteNo: 'الإبقاء عليه',
  deleteFailed: 'لم يُحذف السجل.',
}

const whileRoom = 'يبقى ما بقيت الغرفة.'
const whileSealed = ({ sealedMs }: Keeps): string =>
  sealedMs === undefined
    ? 'لا تحفظ هذه الغرفة رسائل مختومة لدى الخادم.'
    : `يُحذف حالما يكون لدى كل جهاز، ويبقى على الأكثر ${spanWords(sealedMs)}.`

export const tableWords: Catalogue['tableWords'] = {
  rooms: {
    name: 'الغرفة',
    holds: 'عنوانها، ووقت إنشائها، وجهاز مالكها، وعدد الناس المتوقع، والمفاتيح العلنية لروابطها.',
    kept: () => whileRoom,
  },
  members: {
    name: 'الأجهزة في الغرفة',
    holds: 'بصمة كل جهاز، ومفاتيحه العلنية، وهل غادر. لا اسم.',
    kept: () => 'يبقى ما بقيت الغرفة، وللأجهزة التي غادرت أيضًا: يحتاج إليه الآخرون للتحقق من مفاتيح قديمة.',
  },
  join_requests: {
    name: 'طلبات الدخول',
    holds: 'أجهزة طلبت الدخول وتنتظر، مع مفاتيحها العلنية.',
    kept: ({ requestMs }) => `يزول الطلب حين يُجاب، ويبقى على الأكثر ${spanWords(requestMs)}.`,
  },
  key_packages: {
    name: 'مفاتيح علنية للخطوط الخاصة',
    holds: 'مفاتيح تركتها الأجهزة ليستطيع الآخرون فتح خط خاص إليها في غيابها.',
    kept: () => 'يُعطى كل منها مرة واحدة ويُحذف بذلك؛ وتُحذف مفاتيح الجهاز كلها حين يغادر.',
  },
  streams: {
    name: 'مواضع التدفقات',
    holds: 'إلى أين وصلت الغرفة وكل خط خاص: أرقام، وأي جهاز غيّر المفاتيح آخر مرة.',
    kept: () => whileRoom,
  },
  kept_streams: {
    name: 'تدفقات فيها رسائل محفوظة',
    holds: 'من أين إلى أين تُحفظ الرسائل المختومة.',
    kept: whileSealed,
  },
  kept_frames: {
    name: 'الرسائل المختومة المحفوظة',
    holds: 'رسائل وتغييرات مفاتيح، مختومة بحيث لا يستطيع الخادم فتحها، مع مرسلها وحجمها ووقتها.',
    kept: whileSealed,
  },
  kept_devices: {
    name: 'إلى أين وصل كل جهاز',
    holds: 'آخر رسالة مختومة تلقاها كل جهاز.',
    kept: whileSealed,
  },
  kept_welcomes: {
    name: 'رسائل الترحيب المختومة المحفوظة',
    holds: 'ما يحتاج إليه القادمون الجدد ليقرؤوا، مختومًا لهم وحدهم.',
    kept: whileSealed,
  },
  kept_invited: {
    name: 'من له ترحيب لم يأخذه',
    holds: 'لأي الأجهزة رسائل الترحيب هذه، ومن غيّر المفاتيح فأدخلها.',
    kept: whileSealed,
  },
  push_subscriptions: {
    name: 'إلى أين يكون النداء',
    holds: 'عناوين الإشعارات للأجهزة التي تريد أن تُنادى وهي غائبة، ومتى ذُكرت آخر مرة.',
    kept: () => 'تُحذف عند إيقاف ذلك، أو مغادرة الجهاز، أو بطلان العنوان، وبعد 90 يومًا بلا تأكيد.',
  },
  room_logs: {
    name: 'سجل الغرفة',
    holds: 'ما حدث في الغرفة، سطرًا سطرًا: بصمات وأوقات وأحجام. لا اسم ولا نص.',
    kept: ({ logMs, trafficLogMs, endedLogMs }) => {
      if (logMs === undefined || trafficLogMs === undefined) return 'تبقى السطور حتى يحذفها أحد.'
      const [line, traffic] = [spanWords(logMs), spanWords(trafficLogMs)]
      return endedLogMs === undefined
        ? `يبقى السطر ${line}، والذي يخص رسالة واحدة ${traffic}.`
        : `يبقى السطر ${line}، والذي يخص رسالة واحدة ${traffic}؛ وبعد انتهاء الغرفة تبقى السطور كلها ${spanWords(endedLogMs)}.`
    },
  },
}

export const memoryWords: Catalogue['memoryWords'] = (memory) => {
  const { frames, frameBytes, pairs, pairFrames, pairFrameBytes, framesMs, connected, welcomes, links } = memory
  return [
    `الأجهزة المتصلة الآن: ${wholeNumber(connected)}.`,
    `رسائل الغرفة المختومة، لتلحق بها الأجهزة: ${wholeNumber(frames)}، حجمها ${isolated(sizeWords(frameBytes))}. تبقى كل منها ${spanWords(framesMs)}.`,
    `الخطوط الخاصة بين الأجهزة: ${wholeNumber(pairs)}. وما فيها من مختوم: ${wholeNumber(pairFrames)}، حجمه ${isolated(sizeWords(pairFrameBytes))}.`,
    `رسائل ترحيب مختومة لم يأخذها أحد: ${wholeNumber(welcomes)}. روابط أجهزة مختومة لم يأخذها أحد: ${wholeNumber(links)}.`,
    `موضع الغرفة: الرقم ${memory.seq} من الدورة ${isolated(memory.inc.slice(0, 6))}، الحقبة ${memory.epoch}.`,
  ]
}
