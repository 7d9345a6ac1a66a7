/** Arabic: `../private.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const privateWords: Catalogue['privateWords'] = {
  to: 'إلى',
  everyone: 'الجميع',
  only: (name) => `لا يقرأ هذا إلا أنت و${isolated(name)}`,
  writing: (name) => `خاص: لن يقرأ هذا إلا أنت و${isolated(name)}`,
  goneOption: (name) => `${isolated(name)} (لم يعد هنا)`,
  gone: (name) => `لم يعد ${isolated(name)} في الغرفة. ما كتبته محفوظ هنا، ولم يتلقه أحد.`,
  quantum: 'تشترط هذه الغرفة مفاتيح كمّية (محاكاة)، وليس للرسائل الخاصة منها شيء. ما كتبته محفوظ هنا ولم يُرسل.',
  someone: 'شخص ما',
  placeholder: (name) => `رسالة خاصة إلى ${isolated(name)}`,
  noTell: (name) => `لم تُرسل الرسالة الخاصة إلى ${isolated(name)}. لم يتلقها أحد آخر.`,
}
