/** Arabic: `../trust.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const trustWords: Catalogue['trustWords'] = {
  verify: 'تحقق',
  accept: 'المتابعة بدون تحقق',
  asks: (name) => `يريد ${isolated(name)} أن يقارن الصور معك.`,
  asksHelp: 'افعلا ذلك وأنتما تسمعان بعضكما أو تريان بعضكما.',
  agree: 'مقارنة',
  notNow: 'ليس الآن',
  changed: (name) => `لدى ${isolated(name)} مفاتيح غير التي كانت لصاحب هذا الاسم حين التقيته هنا.`,
  changedHelp: 'قد يكون متصفحًا جديدًا، أو شخصًا آخر. تحقق منه قبل أن تقول شيئًا يخصه وحده.',
  blocked: (name) => `اسم ${isolated(name)} يشبه اسم شخص تحققت منه، ومفاتيحه مختلفة.`,
  blockedHelp: 'لا يُرسل شيء مما تكتبه حتى تتحقق منه أو تقرر المتابعة.',
  split: (name) => `يعرض الخادم عليك وعلى ${isolated(name)} سجلين مختلفين لهذه الغرفة.`,
  splitHelp: 'قارنا رمز الغرفة عبر وسيلة أخرى. إن اختلف فغادر، وأنشئ غرفة جديدة على خادم تثق به.',
  splitCompare: 'عرض رمز الغرفة',
  dismiss: 'رأيت هذا',
  alerts: 'يحتاج إلى انتباهك',
}

export const standingTag: Catalogue['standingTag'] = ({ trust }) =>
  ({
    self: undefined,
    new: 'جديد',
    seen: 'معروف من قبل',
    verified: 'متحقَّق منه',
    changed: 'تغيّرت المفاتيح',
  })[trust]
