/** Arabic: `../history.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted, isolated } from '../locale.ts'

export const historyWords: Catalogue['historyWords'] = {
  openRoom: (room) => `غرفة مفتوحة ${isolated(room)}`,
  closedRoom: (room) => `غرفة مغلقة ${isolated(room)}`,
  notice: 'صُدّر من QSEC. هذا الملف غير مشفّر: كل من لديه الملف يستطيع قراءته.',
  writtenBy: (name, date) =>
    `كتبه جهاز ${isolated(name)} في ${isolated(date)}. الأوقات بالتوقيت العالمي UTC، حسب ساعات أصحاب الرسائل.`,
  sharedBy: (sharer) => `(حسب قول ${isolated(sharer)} الذي شاركها؛ لم يُتحقق منها)`,
  deleted: 'حذفها كاتبها.',
  edited: 'معدّلة',
  disappears: (seconds) =>
    counted(seconds, {
      zero: 'تختفي من الغرفة فور رؤيتها.',
      one: 'تختفي من الغرفة بعد ثانية واحدة من رؤيتها.',
      two: 'تختفي من الغرفة بعد ثانيتين من رؤيتها.',
      few: 'تختفي من الغرفة بعد # ثوانٍ من رؤيتها.',
      many: 'تختفي من الغرفة بعد # ثانية من رؤيتها.',
      other: 'تختفي من الغرفة بعد # ثانية من رؤيتها.',
    }),
  privateFrom: (name) => `رسالة خاصة من ${isolated(name)}: لم يكن أحد غيركما في الغرفة يستطيع قراءتها.`,
  privateWith: (name) => `رسالة خاصة مع ${isolated(name)}: لم يكن أحد غيركما في الغرفة يستطيع قراءتها.`,
  notHere: 'رسالة ليست في هذا الملف.',
  reactions: 'التفاعلات',
}
