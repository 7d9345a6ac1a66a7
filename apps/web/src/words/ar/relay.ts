/** Arabic: `../relay.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const relayWords: Catalogue['relayWords'] = {
  noSetting:
    'لا تعرف هذه الصفحة إلى أي خادم تتحدث: ملفها qsec-relay.json ناقص أو غير مفهوم. أعد تحميل الصفحة؛ وإن بقي الأمر كذلك فأخبر من يشغّل خادم هذه الصفحة.',
  refused: (relay, page) =>
    `لا يسمح الخادم ${isolated(relay)} لصفحات ${isolated(page)} بالاتصال. يستطيع من يشغّله أن يسمح بذلك: ${isolated(`QSEC_ORIGINS=${page}`)}`,
}
