/** Arabic: `../wishes.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const wishNames: Catalogue['wishNames'] = {
  invite: 'صنع رابط',
  'end-link': 'إنهاء رابط',
  'let-in': 'إدخال شخص',
  'put-out': 'إخراج شخص',
  'remove-device': 'إزالة أحد أجهزتك',
  settings: 'تغيير الغرفة',
  admin: 'تغيير المشرفين',
  owner: 'تسليم الغرفة',
  end: 'إنهاء الغرفة',
}

export const wishWords: Catalogue['wishWords'] = {
  title: 'ما ينتظر الاتصال',
  waits: (what) => `${what}: ينتظر الاتصال.`,
  help: 'يُرسل هذا من تلقاء نفسه حالما يعود الاتصال، خلال يوم على الأكثر وما دامت هذه الصفحة مفتوحة.',
  cancel: 'إلغاء',
  cancelLabel: (what) => `إلغاء: ${what}`,
  onItsWay: 'قد يكون في طريقه بالفعل ولا يمكن سحبه.',
}
