/** Arabic: `../details.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const detailsWords: Catalogue['detailsWords'] = {
  open: 'التفاصيل',
  title: 'عن هذه الرسالة',
  written: 'كُتبت',
  edited: 'عُدّلت',
  delivery: 'إلى أين وصلت',
  close: 'إغلاق',
}

export const removeWords: Catalogue['removeWords'] = {
  title: 'هل تُحذف هذه الرسالة؟',
  help: 'تُزال من أجهزة كل من في الغرفة حين يتصلون المرة القادمة. من قرأها فقد قرأها، ومن نسخها يحتفظ بنسخته.',
  yes: 'حذف للجميع',
  no: 'الإبقاء عليها',
  privateHelp:
    'تُحذف من أجهزتك وأجهزة الشخص الآخر عند اتصالها في المرة القادمة. من قرأها فقد قرأها، ومن نسخها تبقى النسخة عنده.',
  privateYes: 'حذف عند الاثنين',
  failed: 'لم تُحذف الرسالة.',
}
