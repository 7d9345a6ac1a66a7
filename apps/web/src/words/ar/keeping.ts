/** Arabic: `../keeping.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { daysWords } from './time.ts'

export const keepsOtherwise: Catalogue['keepsOtherwise'] = (agreed, does) => {
  if (agreed === undefined) {
    return {
      title: 'يحتفظ الخادم برسائل مختومة على قرصه، مع أن هذه الغرفة لا تطلب ذلك.',
      help: 'لا يستطيع قراءتها. وقد طلب منه هذا الجهاز أن يتوقف.',
    }
  }
  if (does === 0) {
    return {
      title: 'لا يحتفظ الخادم بالرسائل المختومة، مع أن هذه الغرفة تطلب ذلك.',
      help: 'من يغيب طويلًا، أو أثناء إعادة تشغيل الخادم، قد تفوته رسائل.',
    }
  }
  return {
    title: `يحتفظ الخادم بالرسائل المختومة ${daysWords(does)}، لا ${daysWords(agreed)}.`,
    help: 'من يغيب أطول قد تفوته رسائل.',
  }
}
