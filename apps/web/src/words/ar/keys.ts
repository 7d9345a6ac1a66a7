/** Arabic: `../keys.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const keyWords: Catalogue['keyWords'] = {
  title: 'لوحة المفاتيح',
  close: 'إغلاق',
  open: 'اختصارات لوحة المفاتيح',
  names: { Ctrl: 'Ctrl', Shift: 'Shift', Enter: 'Enter' },
  keys: [
    [['↑'], 'في رسالة فارغة: تعديل آخر رسالة لك'],
    [['Esc'], 'ترك تعديل، ثم ترك رد؛ وفي الرسائل: كل شيء مقروء'],
    [['@'], 'ذكر أحد؛ ↑ ↓ للاختيار، وTab للأخذ'],
    [['↑', '↓'], 'في الرسائل: من واحدة إلى التالية'],
    [['Enter'], 'عند رسالة: التفاعل والرد والتعديل والمزيد؛ ← → للتنقل بينها'],
    [['Page Up', 'Page Down'], 'في الرسائل: صفحة إلى أعلى أو إلى أسفل'],
  ],
}
