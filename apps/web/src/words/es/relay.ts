/** Spanish: `../relay.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const relayWords: Catalogue['relayWords'] = {
  noSetting:
    'Esta página no sabe con qué servidor hablar: su archivo qsec-relay.json falta o no se entiende. Recarga la página; si sigue así, díselo a quien administra el servidor de esta página.',
  refused: (relay, page) =>
    `El servidor ${isolated(relay)} no deja conectarse a páginas de ${isolated(page)}. Quien lo administra puede permitirlo: ${isolated(`QSEC_ORIGINS=${page}`)}`,
}
