/** Arabic: `../language.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const languageWords: Catalogue['languageWords'] = {
  label: 'اللغة',
  notLoaded: 'تعذّر تحميل كلمات تلك اللغة. تحقق من الاتصال وحاول مرة أخرى.',
}
