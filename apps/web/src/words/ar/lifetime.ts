/** Arabic: `../lifetime.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { durationWords, leftWords } from '../lifetime.ts'

/** Two of a unit in the genitive, as behind خلال and بعد; other numbers are written alike. */
const genitive = (duration: string): string => duration.replace(/^(أسبوع|يوم|ساعت|دقيقت|ثانيت)ان$/, '$1ين')

export const lifetimeWords: Catalogue['lifetimeWords'] = {
  label: 'تختفي',
  never: 'أبدًا',
  after: (duration) => `بعد ${genitive(duration)}`,
  byRoom: (duration) => `بعد ${genitive(duration)}، كما في هذه الغرفة`,
  waits: (duration) => `تختفي بعد رؤيتها بـ: ${duration}`,
  waitsOwn: (duration) => `تختفي بعد إرسالها بـ: ${duration}`,
  goes: (leftMs) => `تختفي خلال ${genitive(leftWords(leftMs, 'long'))}`,
  goesShort: (leftMs) => leftWords(leftMs, 'narrow'),
  room: 'اختفاء الرسائل',
  roomOff: 'متوقف',
  roomHelp:
    'تُحذف الرسالة بعد رؤيتها بهذه المدة، على كل جهاز وحده، وبعد أسبوع حيث لا يراها أحد. يسري هذا على ما يقال من الآن. لا يستطيع أن يستعيد ما ينسخه أحد أو يصوّره أو يصدّره، ولا يصل إلى جهاز يعمل ببرنامج معدّل.',
  roomSentence: (lifetimeS) => `تختفي الرسائل بعد رؤيتها بـ: ${durationWords(lifetimeS)}.`,
}
