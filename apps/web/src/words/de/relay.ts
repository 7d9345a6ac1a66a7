/** German: `../relay.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const relayWords: Catalogue['relayWords'] = {
  noSetting:
    'Diese Seite weiß nicht, mit welchem Server sie sprechen soll: Ihre Datei qsec-relay.json fehlt oder ist nicht zu verstehen. Lade die Seite neu; wenn es so bleibt, sag es denen, die den Server dieser Seite betreiben.',
  refused: (relay, page) =>
    `Der Server ${isolated(relay)} lässt Seiten von ${isolated(page)} keine Verbindung aufnehmen. Wer ihn betreibt, kann es erlauben: ${isolated(`QSEC_ORIGINS=${page}`)}`,
}
