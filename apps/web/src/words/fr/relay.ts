/** French: `../relay.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const relayWords: Catalogue['relayWords'] = {
  noSetting:
    'Cette page ne sait pas à quel serveur parler : son fichier qsec-relay.json manque ou n’est pas compréhensible. Rechargez la page ; si cela persiste, dites-le à qui fait tourner le serveur de cette page.',
  refused: (relay, page) =>
    `Le serveur ${isolated(relay)} ne laisse pas les pages de ${isolated(page)} se connecter. Qui le fait tourner peut le permettre : ${isolated(`QSEC_ORIGINS=${page}`)}`,
}
