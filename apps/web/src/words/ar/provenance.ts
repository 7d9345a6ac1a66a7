/** Arabic: `../provenance.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated, wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'

export const provenanceWords: Catalogue['provenanceWords'] = {
  open: 'تاريخ المفاتيح',
  title: 'تاريخ المفاتيح',
  intro:
    'تتغير مفاتيح الغرفة مع كل حقبة. هنا مصدرها، لكل حقبة كان هذا الجهاز فيها ولا يزال يذكرها. هذا محفوظ على هذا الجهاز وحده.',
  honest:
    'تُضاف الوصلات الكمّية إلى X25519 وML‑KEM‑768. ومداها معلومة لا حماية؛ والمفاتيح من فوتونات محاكاة لا تضيف أمانًا.',
  list: 'الحقب',
  empty: 'لم يُدوَّن شيء بعد.',
  reading: 'يُقرأ ما دوّنه هذا الجهاز…',
  failed: 'تعذّرت قراءة تاريخ المفاتيح.',
  epoch: (epoch) => `الحقبة ${epoch}`,
  present: 'الآن',
  more: 'عرض حقب أقدم',
  export: 'الحفظ بصيغة JSON',
  exportFailed: 'تعذّر حفظ تاريخ المفاتيح.',
  close: 'إغلاق',
  x25519: 'X25519',
  mlKem: 'ML‑KEM‑768',
  link: 'رابط الدعوة',
  linkMixed: 'سر رابط دعوة ممزوج بمفاتيح هذه الحقبة.',
  quantum: 'المفتاح الكمّي',
  reach: 'الوصلات',
  reaches: (label, have, of) => `${label}؛ الوصلات الكمّية: ${wholeNumber(have)} من ${wholeNumber(of)}`,
  keyId: (id) => `معرّف المفتاح: ${isolated(id)}`,
  eavesdropper: 'ظهر متنصت على وصلة في هذه الحقبة. ومنذ ذلك لم تعد تُسمى كمّية.',
}

export const epochReasonWords: Catalogue['epochReasonWords'] = {
  created: 'أنشأت الغرفة هنا.',
  entered: 'دخلت هنا. ما كان قبل ذلك لا يعرفه هذا الجهاز.',
  returned: 'عاد هذا الجهاز هنا، بمفاتيح جديدة له.',
  quantum: 'جاء مفتاح من الوصلات الكمّية.',
  settings: 'تغيّرت إعدادات الغرفة.',
  update: 'جُدّدت مفاتيح، ولا شيء غير ذلك.',
  join: (people, nameOf) => `من دخل: ${listPeople(people, nameOf)}.`,
  rejoin: (people, nameOf) => `من عاد: ${listPeople(people, nameOf)}.`,
  leave: (people, nameOf) => `من خرج: ${listPeople(people, nameOf)}.`,
  by: (person, nameOf) => `نفّذ هذا: ${listPeople([person], nameOf)}.`,
}

export const renewalWords: Catalogue['renewalWords'] = {
  before: 'آخر تجديد كان قبل دخول هذا الجهاز.',
  now: (by, nameOf) => `جُدّدت مع هذه الحقبة. جدّدها: ${listPeople([by], nameOf)}.`,
  earlier: (epoch, by, nameOf) => `آخر تجديد كان مع الحقبة ${epoch}. جدّدها: ${listPeople([by], nameOf)}.`,
}

export const groupSecretWords: Catalogue['groupSecretWords'] = {
  none: 'لا شيء في هذه الحقبة.',
  now: (from, nameOf) => `جاء مع هذه الحقبة. ولّده: ${listPeople([from], nameOf)}.`,
  earlier: (since, from, nameOf) => `جاء مع الحقبة ${since}. ولّده: ${listPeople([from], nameOf)}.`,
  pads: {
    none: 'سُلّم في خطوط خاصة مختومة، دون أي مفتاح من وصلة كمّية.',
    hardware: 'سُلّم تحت مفاتيح من عتاد QKD ‏(ETSI GS QKD 014).',
    simulated: 'سُلّم تحت مفاتيح من BB84 بفوتونات محاكاة.',
  },
  to: {
    none: (name) => `${name}: بدون مفتاح من وصلة كمّية`,
    hardware: (name) => `${name}: تحت مفتاح من عتاد`,
    simulated: (name) => `${name}: تحت مفتاح من فوتونات محاكاة`,
  },
}
